import WorldCore

/// Reads the JSON document of a trajectory, member by member, and checks what it finds where it finds it.
struct TrajectoryParser {
  private var format: String?
  private var scene: Trajectory.SceneIdentity?
  private var times: [Double]?
  private var bodies: [BodyTrack]?
  private var cloths: [ClothTrack] = []
  private var fluids: [FluidTrack] = []
  private var contacts: [ContactEvent] = []
  private var breaks: [Trajectory.Break] = []
  private var energy = Trajectory.Energy()
  private var momentum = Trajectory.Momentum()

  mutating func parse(_ reader: inout JSONReader) throws -> Trajectory {
    try reader.object { reader, key in
      switch key {
      case "format": try parseFormat(&reader)
      case "scene": scene = try Self.parseScene(&reader)
      case "times": times = try Self.parseList(&reader) { try $0.number() }
      case "bodies": bodies = try Self.parseList(&reader) { try Self.parseBody(&$0) }
      case "contacts": contacts = try Self.parseList(&reader) { try Self.parseContact(&$0) }
      case "breaks": breaks = try Self.parseList(&reader) { try Self.parseBreak(&$0) }
      case "energy": try parseEnergy(&reader)
      case "momentum": try parseMomentum(&reader)
      case "cloths": cloths = try Self.parseList(&reader) { try Self.parseCloth(&$0) }
      case "fluids": fluids = try Self.parseList(&reader) { try Self.parseFluid(&$0) }
      case "figures": try Self.refuseContent(&reader, key)
      default: try reader.skipValue()
      }
    }
    try reader.end()
    guard format != nil else {
      throw reader.error("the document has no \"format\"; a trajectory opens with {\"format\": \"\(Trajectory.format)\"")
    }
    guard let scene else { throw reader.error("the document has no \"scene\"") }
    guard let times else { throw reader.error("the document has no \"times\"") }
    guard let bodies else { throw reader.error("the document has no \"bodies\"") }
    var trajectory = Trajectory(
      scene: scene, times: times, bodies: bodies, cloths: cloths, contacts: contacts, energy: energy, momentum: momentum)
    trajectory.breaks = breaks
    trajectory.fluids = fluids
    for k in trajectory.bodies.indices { trajectory.bodies[k].closeSpans(until: times.last ?? 0) }
    if let fault = trajectory.fault {
      var error = reader.error(fault.message)
      (error.path, error.location) = (fault.path, nil)
      throw error
    }
    return trajectory
  }

  private mutating func parseFormat(_ reader: inout JSONReader) throws {
    let place = reader.mark()
    let text = try reader.string()
    guard text == Trajectory.format else {
      let remedy = text.hasPrefix("mondo-trajectory/") ? "; it was written by another version of Mondo" : ""
      throw reader.error("the format is \"\(text)\", not \"\(Trajectory.format)\"\(remedy)", at: place)
    }
    format = text
  }

  private static func parseScene(_ reader: inout JSONReader) throws -> Trajectory.SceneIdentity {
    var scene = Trajectory.SceneIdentity(name: "", seed: 0, duration: 0, digest: "")
    var missing: Set = ["name", "seed", "duration"]
    try reader.object { reader, key in
      missing.remove(key)
      switch key {
      case "name": scene.name = try reader.string()
      case "seed": scene.seed = try reader.unsigned()
      case "duration": scene.duration = try reader.number()
      case "digest": scene.digest = try reader.string()
      default: try reader.skipValue()
      }
    }
    try require(missing, &reader)
    return scene
  }

  private static func parseBody(_ reader: inout JSONReader) throws -> BodyTrack {
    var body = BodyTrack(name: "", motion: .dynamic, mass: 0, inertia: .zero)
    var missing: Set = ["name", "motion", "mass", "inertia", "positions", "orientations", "velocities", "angular_velocities"]
    var orientations: [Quaternion] = []
    var spans: [[Double]]?
    var (velocities, angularVelocities): ([Vector3], [Vector3]) = ([], [])
    try reader.object { reader, key in
      missing.remove(key)
      switch key {
      case "name": body.name = try reader.string()
      case "motion": body.motion = try parseName(&reader)
      case "mass": body.mass = try reader.number()
      case "inertia": body.inertia = try reader.vector()
      case "inertia_axes": body.inertiaAxes = try parseQuaternion(&reader)
      case "center_of_mass": body.centerOfMass = try reader.vector()
      case "piece_of": body.pieceOf = try reader.string()
      case "exists": spans = try parseList(&reader) { try parseList(&$0) { try $0.number() } }
      case "positions": body.states = try parseList(&reader) { BodyState(position: try $0.vector()) }
      case "orientations": orientations = try parseList(&reader) { try parseQuaternion(&$0) }
      case "velocities": velocities = try parseList(&reader) { try $0.vector() }
      case "angular_velocities": angularVelocities = try parseList(&reader) { try $0.vector() }
      default: try reader.skipValue()
      }
    }
    try require(missing, &reader)
    if let spans, !body.readSpans(spans) { throw reader.error(BodyTrack.spansRule) }
    let count = body.states.count
    let others = [
      ("orientations", orientations.count), ("velocities", velocities.count), ("angular_velocities", angularVelocities.count),
    ]
    for (name, otherCount) in others where otherCount != count {
      throw reader.error("\(name) has \(otherCount) entries, positions \(count)")
    }
    for i in body.states.indices {
      body.states[i].orientation = orientations[i]
      body.states[i].velocity = velocities[i]
      body.states[i].angularVelocity = angularVelocities[i]
    }
    return body
  }

  private static func parseBreak(_ reader: inout JSONReader) throws -> Trajectory.Break {
    var gone = Trajectory.Break(time: 0, joint: "", bodies: [], force: 0, point: .zero)
    var missing: Set = ["time", "joint", "bodies", "force", "point"]
    try reader.object { reader, key in
      missing.remove(key)
      switch key {
      case "time": gone.time = try reader.number()
      case "joint": gone.joint = try reader.string()
      case "bodies": gone.bodies = try parseList(&reader) { try $0.string() }
      case "force": gone.force = try reader.number()
      case "point": gone.point = try reader.vector()
      default: try reader.skipValue()
      }
    }
    try require(missing, &reader)
    return gone
  }

  private static func parseCloth(_ reader: inout JSONReader) throws -> ClothTrack {
    var cloth = ClothTrack(name: "", rows: 0, columns: 0, mass: 0)
    var missing: Set = ["name", "rows", "columns"]
    try reader.object { reader, key in
      missing.remove(key)
      switch key {
      case "name": cloth.name = try reader.string()
      case "rows": cloth.rows = Int(clamping: try reader.unsigned())
      case "columns": cloth.columns = Int(clamping: try reader.unsigned())
      case "mass": cloth.mass = try reader.number()
      case "tears": cloth.tears = try parseList(&reader) { try parseTear(&$0) }
      default: try reader.skipValue()
      }
    }
    try require(missing, &reader)
    return cloth
  }

  private static func parseFluid(_ reader: inout JSONReader) throws -> FluidTrack {
    var fluid = FluidTrack(name: "", mass: 0, count: 0, spacing: 0)
    var missing: Set = ["name", "mass", "count", "spacing", "center_of_mass", "level"]
    try reader.object { reader, key in
      missing.remove(key)
      switch key {
      case "name": fluid.name = try reader.string()
      case "mass": fluid.mass = try reader.number()
      case "count": fluid.count = Int(clamping: try reader.unsigned())
      case "spacing": fluid.spacing = try reader.number()
      case "stride": fluid.stride = Int(clamping: try reader.unsigned())
      case "center_of_mass": fluid.centersOfMass = try parseList(&reader) { try $0.vector() }
      case "level": fluid.levels = try parseList(&reader) { try $0.number() }
      case "grid": fluid.grid = try Self.parseGrid(&reader)
      case "present": fluid.presentCounts = try parseList(&reader) { Int(clamping: try $0.unsigned()) }
      default: try reader.skipValue()
      }
    }
    try require(missing, &reader)
    return fluid
  }

  private static func parseGrid(_ reader: inout JSONReader) throws -> FluidTrack.Grid {
    var grid = FluidTrack.Grid(columns: 0, rows: 0, x: 0, y: 0, width: 0, depth: 0, floor: 0)
    var missing: Set = ["columns", "rows", "x", "y", "width", "depth", "floor"]
    try reader.object { reader, key in
      missing.remove(key)
      switch key {
      case "columns": grid.columns = Int(clamping: try reader.unsigned())
      case "rows": grid.rows = Int(clamping: try reader.unsigned())
      case "x": grid.x = try reader.number()
      case "y": grid.y = try reader.number()
      case "width": grid.width = try reader.number()
      case "depth": grid.depth = try reader.number()
      case "floor": grid.floor = try reader.number()
      default: try reader.skipValue()
      }
    }
    try require(missing, &reader)
    return grid
  }

  private static func parseTear(_ reader: inout JSONReader) throws -> ClothTrack.Tear {
    var tear = ClothTrack.Tear(time: 0, row: 0, column: 0, force: 0)
    var missing: Set = ["time", "row", "column", "force"]
    try reader.object { reader, key in
      missing.remove(key)
      switch key {
      case "time": tear.time = try reader.number()
      case "row": tear.row = Int(clamping: try reader.unsigned())
      case "column": tear.column = Int(clamping: try reader.unsigned())
      case "force": tear.force = try reader.number()
      default: try reader.skipValue()
      }
    }
    try require(missing, &reader)
    return tear
  }

  private static func parseContact(_ reader: inout JSONReader) throws -> ContactEvent {
    var contact = ContactEvent(
      time: 0, bodies: [], point: .zero, normal: .zero, impulse: 0, approachSpeed: 0, restitution: 0, friction: 0, kind: .impact
    )
    var missing: Set = [
      "time", "bodies", "point", "normal", "impulse", "approach_speed", "restitution", "friction", "kind",
    ]
    try reader.object { reader, key in
      missing.remove(key)
      switch key {
      case "time": contact.time = try reader.number()
      case "bodies":
        let place = reader.mark()
        contact.bodies = try parseList(&reader) { try $0.string() }
        if contact.bodies.count != 2 { throw reader.error("a contact is between 2 bodies", at: place) }
      case "point": contact.point = try reader.vector()
      case "normal": contact.normal = try reader.vector()
      case "impulse": contact.impulse = try reader.number()
      case "approach_speed": contact.approachSpeed = try reader.number()
      case "restitution": contact.restitution = try reader.number()
      case "friction": contact.friction = try reader.number()
      case "kind": contact.kind = try parseName(&reader)
      default: try reader.skipValue()
      }
    }
    try require(missing, &reader)
    return contact
  }

  private mutating func parseEnergy(_ reader: inout JSONReader) throws {
    try reader.object { reader, key in
      switch key {
      case "kinetic": energy.kinetic = try Self.parseList(&reader) { try $0.number() }
      case "potential": energy.potential = try Self.parseList(&reader) { try $0.number() }
      default: try reader.skipValue()
      }
    }
  }

  private mutating func parseMomentum(_ reader: inout JSONReader) throws {
    try reader.object { reader, key in
      switch key {
      case "linear": momentum.linear = try Self.parseList(&reader) { try $0.vector() }
      case "angular": momentum.angular = try Self.parseList(&reader) { try $0.vector() }
      default: try reader.skipValue()
      }
    }
  }

  // MARK: Parts of values

  private static func parseList<Element>(
    _ reader: inout JSONReader, _ element: (inout JSONReader) throws -> Element
  ) throws -> [Element] {
    var list: [Element] = []
    try reader.array { reader, _ in list.append(try element(&reader)) }
    return list
  }

  private static func parseQuaternion(_ reader: inout JSONReader) throws -> Quaternion {
    let place = reader.mark()
    let q = try reader.numbers(exactly: 4)
    let quaternion = Quaternion(w: q[0], x: q[1], y: q[2], z: q[3])
    guard abs(quaternion.norm - 1) < 1e-6 else {
      throw reader.error("a rotation is a unit quaternion [w, x, y, z]; this one has length \(quaternion.norm)", at: place)
    }
    return quaternion
  }

  private static func parseName<Name: RawRepresentable<String> & CaseIterable>(_ reader: inout JSONReader) throws -> Name {
    let place = reader.mark()
    let text = try reader.string()
    guard let name = Name(rawValue: text) else {
      let known = Name.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
      throw reader.error("\"\(text)\" is none of \(known)", at: place)
    }
    return name
  }

  private static func require(_ missing: Set<String>, _ reader: inout JSONReader) throws {
    if let first = missing.min() { throw reader.error("\"\(first)\" is missing") }
  }

  private static func refuseContent(_ reader: inout JSONReader, _ key: String) throws {
    let place = reader.mark()
    try reader.array { reader, _ in throw reader.error("\(key) are not read yet", at: place) }
  }
}
