import WorldCore

extension SceneBuilder {
  /// A shape; nil where something in it is wrong.
  mutating func shape(_ object: CheckedObject?) -> Shape? {
    guard let object, let (kind, value) = object.variant() else { return nil }
    switch kind {
    case "sphere":
      return value.number("radius").map { .sphere(radius: $0) }
    case "box":
      return value.vector("size").map { .box(size: $0) }
    case "cylinder", "capsule", "cone":
      guard let radius = value.number("radius"), let height = value.number("height") else { return nil }
      switch kind {
      case "cylinder": return .cylinder(radius: radius, height: height)
      case "capsule": return .capsule(radius: radius, height: height)
      default: return .cone(radius: radius, height: height)
      }
    case "torus":
      guard let radius = value.number("radius"), let tube = value.number("tube") else { return nil }
      guard tube < radius else {
        log.error(
          value.valuePlace(of: "tube"), "the tube's radius \(short(tube)) m must be less than the ring's, \(short(radius)) m",
          nil)
        return nil
      }
      return .torus(radius: radius, tube: tube)
    case "plane":
      return direction(value, "normal").map { .plane(normal: $0) }
    case "tank":
      guard let size = value.vector("size"), let wall = value.number("wall") else { return nil }
      return .tank(size: size, wall: wall)
    case "mesh":
      return mesh(value).map { .mesh($0) }
    default:
      return compound(value)
    }
  }

  private mutating func compound(_ object: CheckedObject) -> Shape? {
    guard let list = object.list("parts") else { return nil }
    var parts: [Shape.Part] = []
    for item in list {
      guard let object = item.object else { continue }
      let material = material(object["material"], name: "part")
      let rotation = rotation(object["rotation"]) ?? .identity
      guard let shape = shape(object.object("shape")) else { continue }
      if case .plane = shape {
        log.error(object.valuePlace(of: "shape"), "a plane can't be part of a compound: it has no end", "use a box")
        continue
      }
      parts.append(
        Shape.Part(
          shape: shape,
          compoundFromPart: RigidTransform(rotation: rotation, translation: object.vector("position") ?? .zero),
          surface: material?.surface, density: material?.density))
    }
    return parts.count == list.count && !parts.isEmpty ? .compound(parts) : nil
  }

  private mutating func mesh(_ object: CheckedObject) -> TriangleMesh? {
    guard let value = object["file"], let file = value.text, let scale = object.number("scale") else { return nil }
    guard file.hasPrefix("/") || directory != nil else {
      log.error(
        value.place, "the mesh '\(file)' is relative to the scene's folder, but this scene has none", "write the whole path")
      return nil
    }
    let path = file.hasPrefix("/") ? file : directory! + "/" + file
    if meshes[path] == nil { meshes[path] = OBJReader.read(path: path, label: value, log: log) }
    guard var mesh = meshes[path] else { return nil }
    if scale != 1 { mesh.vertices = mesh.vertices.map { $0 * scale } }
    return mesh
  }
}
