import WorldCore

extension SceneBuilder {
  /// The declared materials in document order, each extended from what it is like.
  mutating func buildMaterials() -> [Material] {
    let declared = root.named("materials")
    let objects = Dictionary(declared.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var visiting: Set<String> = []
    var resolved: [String: Material] = [:]

    func resolve(_ entry: NamedObject) -> Material {
      if let material = resolved[entry.name] { return material }
      let builtIn = Material.library[entry.name] ?? Material.library["default"]!
      guard let object = entry.object else { return builtIn }
      var base = builtIn
      if let like = object["like"], let name = like.text {
        visiting.insert(entry.name)
        defer { visiting.remove(entry.name) }
        if name == entry.name, let own = Material.library[name] {
          base = own
        } else if visiting.contains(name) {
          log.error(
            like.place, "the material '\(entry.name)' is like itself\(name == entry.name ? "" : ", by way of '\(name)'")", nil)
        } else if let other = objects[name] {
          base = resolve(other)
        } else if let other = Material.library[name] {
          base = other
        } else {
          unknown("material", name, at: like.place, among: Array(objects.keys) + Material.libraryNames)
        }
      }
      let material = extend(base, by: object, name: entry.name)
      resolved[entry.name] = material
      return material
    }

    let list = declared.map(resolve)
    materials = resolved
    for entry in declared where materials[entry.name] == nil { materials[entry.name] = Material.library["default"]! }
    return list
  }

  /// A material by name or written in place; nil where nothing is said, or what is said is wrong.
  func material(_ value: CheckedValue?, name: String) -> Material? {
    guard let value else { return nil }
    if let object = value.object {
      var base = Material.library["default"]!
      if let like = object["like"] { base = material(like, name: name) ?? base }
      return extend(base, by: object, name: name)
    }
    guard let name = value.text else { return nil }
    if let material = materials[name] ?? Material.library[name] { return material }
    unknown("material", name, at: value.place, among: Array(materials.keys) + Material.libraryNames)
    return nil
  }

  private func extend(_ base: Material, by object: CheckedObject, name: String) -> Material {
    var material = base
    material.name = name
    material.location = object.place.location
    func set<Value>(_ path: WritableKeyPath<Material, Value>, _ value: Value?) {
      if let value { material[keyPath: path] = value }
    }
    set(\.restitution, object.number("restitution"))
    set(\.friction, object.number("friction"))
    set(\.rollingFriction, object.number("rolling_friction"))
    set(\.spinningFriction, object.number("spinning_friction"))
    set(\.density, object.number("density"))
    set(\.sound, object.choice("sound"))
    set(\.surface.color, object.color("color"))
    set(\.surface.roughness, object.number("roughness").map(Float.init))
    set(\.surface.metallic, object.number("metallic").map(Float.init))
    set(\.surface.transmission, object.number("transmission").map(Float.init))
    set(\.surface.refractiveIndex, object.number("refractive_index").map(Float.init))
    // A colour of one's own takes the place of the texture that came with the base.
    if object.gives("color") { material.surface.pattern = nil }
    if let pattern = object.object("pattern") { material.surface.pattern = self.pattern(pattern) }
    if let emission = object.object("emission") {
      let color = emission.color("color") ?? SIMD3(repeating: 1)
      material.surface.emission = color * Float(emission.number("strength") ?? 1)
    }
    return material
  }

  func pattern(_ object: CheckedObject) -> Surface.Pattern? {
    guard let kind: Surface.Pattern.Kind = object.choice("kind") else { return nil }
    return Surface.Pattern(
      kind: kind, color: object.color("color") ?? SIMD3(repeating: 1), scale: Float(object.number("scale") ?? 0.1),
      number: object.integer("number") ?? 0)
  }
}
