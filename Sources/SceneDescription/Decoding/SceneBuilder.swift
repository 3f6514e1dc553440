import WorldCore

/// Makes a `Scene` of a checked document, checking on the way what the schema can't: that names exist and things fit together.
///
/// Wrong things are logged and left out, and everything that refers to them is still known by name, so that one mistake is told
/// once and all others too.
struct SceneBuilder {
  let log: DiagnosticLog
  /// Where mesh files are sought; nil where the scene has no folder.
  let directory: String?
  let root: CheckedObject

  /// Names of all bodies, instances of repeated ones included; whatever is wrong with them.
  var bodyNames: [String: Int] = [:]
  /// How often a repeated body is there, by the name written in the document.
  var repeatCounts: [String: Int] = [:]
  var materials: [String: Material] = [:]
  var meshes: [String: TriangleMesh] = [:]
  /// Into how many pieces a body breaks where it says so, by the name written in the document.
  var pieceCounts: [String: Int] = [:]
  /// Where each sound body and joint is written, for what is found wrong with it later.
  var bodyPlaces: [String: YAMLNode.Place] = [:]

  init(root: CheckedObject, directory: String?, log: DiagnosticLog) {
    self.root = root
    self.directory = directory
    self.log = log
  }

  /// The scene, as far as it could be made; whether it may be used the log knows.
  mutating func build(defaultName: String) -> Scene {
    var scene = Scene(name: root.text("name") ?? defaultName, duration: root.number("duration") ?? 5)
    // The schema allows one version only, so there is nothing to tell apart yet.
    _ = root.integer("mondo")
    scene.about = root.text("about") ?? ""
    scene.seed = UInt64(root.integer("seed") ?? 0)
    scene.gravity = root.vector("gravity") ?? scene.gravity
    if let air = root.object("air") {
      scene.air = Scene.Air(
        density: air.number("density") ?? 1.204, drag: air.boolean("drag") ?? true, wind: air.vector("wind") ?? .zero,
        gustiness: air.number("gustiness") ?? 0, gustLength: air.number("gust_length") ?? 2)
    }
    if let contact = root.object("contact") {
      scene.contact = Scene.ContactRules(
        restitution: contact.choice("restitution") ?? .geometric, friction: contact.choice("friction") ?? .geometric)
    }
    scene.materials = buildMaterials()
    declareBodies()
    scene.bodies = buildBodies(duration: scene.duration, seed: scene.seed)
    scene.joints = buildJoints(bodies: scene.bodies)
    scene.fluids = buildFluids(scene)
    scene.cloths = buildCloths()
    scene.figures = buildFigures(duration: scene.duration)
    scene.events = buildEvents(scene)
    scene.sound = buildSound(duration: scene.duration)
    scene.light = buildLight()
    scene.picture = buildPicture()
    scene.shots = buildShots(scene)
    scene.variations = buildVariations()
    if root.isSound, ["bodies", "fluids", "cloths", "figures"].allSatisfy({ root.named($0).isEmpty }) {
      log.warning(root.place, "the scene is empty: it has no bodies, fluids, cloths or figures")
    }
    return scene
  }

  // MARK: What several kinds of things share

  /// A rotation; identity, with what is wrong logged, where it is none.
  func rotation(_ value: CheckedValue?) -> Quaternion? {
    guard let value else { return nil }
    if let turn = value.object {
      guard let axis = direction(turn, "axis"), let angle = turn.number("angle") else { return .identity }
      return Quaternion(axis: axis, angle: angle)
    }
    let c = value.list?.compactMap(\.number) ?? []
    guard c.count == 4 else { return nil }
    let quaternion = Quaternion(w: c[0], x: c[1], y: c[2], z: c[3])
    guard abs(quaternion.norm - 1) <= 1e-3 else {
      log.error(
        value.place, "a rotation is a unit quaternion [w, x, y, z]; this one's length is \(short(quaternion.norm))",
        quaternion.norm > 0 ? "divide by its length, or write {axis: [x, y, z], angle: 30 deg}" : nil)
      return .identity
    }
    return quaternion.normalized
  }

  /// A unit vector; nil, with what is wrong logged, where the vector is zero.
  func direction(_ object: CheckedObject, _ key: String) -> Vector3? {
    guard let vector = object.vector(key) else { return nil }
    guard vector.length > 1e-9 else {
      log.error(object.valuePlace(of: key), "'\(key)' is a direction, but the zero vector has none", "such as [0, 0, 1]")
      return nil
    }
    return vector.normalized
  }

  /// The name of a body that exists, else nil and an error.
  func body(_ value: CheckedValue?) -> String? {
    guard let value, let name = value.text else { return nil }
    if bodyNames[name] != nil { return name }
    if let count = repeatCounts[name] {
      log.error(
        value.place, "'\(name)' is repeated, so there is no single body of that name",
        "name one of '\(name)-1' to '\(name)-\(count)'")
    } else {
      unknown("body", name, at: value.place, among: Array(bodyNames.keys))
    }
    return nil
  }

  func unknown(_ kind: String, _ name: String, at place: YAMLNode.Place, among names: [String]) {
    log.error(place, "there is no \(kind) '\(name)'", Suggestion.sentence(for: name, among: names.sorted()))
  }

  /// A number as a message shows it.
  func short(_ x: Double) -> String {
    let rounded = (x * 1000).rounded() / 1000
    return abs(x) < 1e6 && (abs(x) >= 0.001 || x == 0)
      ? (rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)") : "\(x)"
  }
}
