/// The shape, stuff and weight of a kind of thing.
struct Form {
  enum Shape {
    case sphere(radius: Double)
    case box(Double, Double, Double)
    case cylinder(radius: Double, height: Double)
    case capsule(radius: Double, height: Double)
    case cone(radius: Double, height: Double)
    case torus(radius: Double, tube: Double)
    case pin(height: Double)
  }

  var shape: Shape
  /// Of the scene language's library.
  var material: String
  /// CSS; nil is the material's own, or one of the palette where `isPainted`.
  var color: String?
  var isPainted = false
  /// kg, at size 1; nil is what the shape weighs filled with its material.
  var mass: Double?
  /// Keys of the material that differ from its library's.
  var more = ""
  /// Name of the body in the scene, by which captions call it.
  var name: String

  /// Half extents along x, y, z, m.
  var half: (x: Double, y: Double, z: Double) {
    switch shape {
    case .sphere(let r): (r, r, r)
    case .box(let x, let y, let z): (x / 2, y / 2, z / 2)
    case .cylinder(let r, let h), .cone(let r, let h): (r, r, h / 2)
    case .capsule(let r, let h): (r, r, h / 2 + r)
    case .torus(let r, let t): (r + t, r + t, t)
    case .pin(let h): (h / 6, h / 6, h / 2)
    }
  }

  /// - Parameter s: times the usual size.
  init(_ kind: ThingKind, size s: Double) {
    func form(
      _ name: String, _ shape: Shape, _ material: String, color: String? = nil, painted: Bool = false, mass: Double? = nil,
      more: String = ""
    ) -> Form {
      Form(
        shape: shape, material: material, color: color, isPainted: painted, mass: mass.map { $0 * s * s * s }, more: more,
        name: name)
    }
    switch kind {
    case .ball: self = form("ball", .sphere(radius: 0.12 * s), "rubber", painted: true, mass: 0.6)
    case .basketball: self = form("basketball", .sphere(radius: 0.12 * s), "basketball", mass: 0.62)
    case .football: self = form("football", .sphere(radius: 0.11 * s), "football", mass: 0.43)
    case .tennisBall: self = form("ball", .sphere(radius: 0.033 * s), "tennis-ball", mass: 0.058)
    case .billiardBall: self = form("billiard", .sphere(radius: 0.0286 * s), "billiard", painted: true, mass: 0.17)
    case .bowlingBall: self = form("ball", .sphere(radius: 0.1085 * s), "plastic", color: "midnightblue", mass: 6.8)
    case .glassMarble: self = form("marble", .sphere(radius: 0.012 * s), "glass", painted: true, more: "transmission: 0.3")
    case .stone: self = form("stone", .sphere(radius: 0.1 * s), "granite")
    case .pin:
      self = form("pin", .pin(height: 0.38 * s), "plastic", color: "ivory", mass: 1.5, more: "restitution: 0.65, sound: wood")
    case .domino:
      self = form(
        "domino", .box(0.0075 * s, 0.024 * s, 0.048 * s), "plastic", painted: true, more: "friction: 0.35, restitution: 0.3")
    case .block, .tower, .pyramid: self = form("block", .box(0.12 * s, 0.12 * s, 0.12 * s), "pine")
    case .brick, .brickWall:
      self = form(
        "brick", .box(0.25 * s, 0.12 * s, 0.1 * s), "brick", more: "pattern: {kind: speckle, color: '#7d3b29', scale: 2 cm}")
    case .box: self = form("box", .box(0.3 * s, 0.3 * s, 0.3 * s), "cardboard")
    case .crate: self = form("crate", .box(0.5 * s, 0.5 * s, 0.5 * s), "pine", mass: 15)
    case .barrel: self = form("barrel", .cylinder(radius: 0.28 * s, height: 0.85 * s), "oak", mass: 45)
    case .can: self = form("can", .cylinder(radius: 0.033 * s, height: 0.115 * s), "aluminium", mass: 0.35)
    case .log: self = form("log", .cylinder(radius: 0.15 * s, height: 1.2 * s), "oak")
    case .disc:
      self = form("disc", .cylinder(radius: 0.15 * s, height: 0.04 * s), "plastic", painted: true, more: "friction: 0.1")
    case .cylinder: self = form("cylinder", .cylinder(radius: 0.1 * s, height: 0.3 * s), "plastic", painted: true)
    case .rod: self = form("rod", .capsule(radius: 0.02 * s, height: 0.56 * s), "oak")
    case .plank: self = form("raft", .box(0.8 * s, 0.25 * s, 0.04 * s), "pine")
    case .cone: self = form("cone", .cone(radius: 0.12 * s, height: 0.3 * s), "plastic", painted: true)
    case .ring: self = form("ring", .torus(radius: 0.15 * s, tube: 0.035 * s), "rubber")
    case .iceCube: self = form("block", .box(0.05 * s, 0.05 * s, 0.05 * s), "ice")
    case .pane: self = form("pane", .box(0.006, 1 * s, 1 * s), "glass", color: "'#cfe6e2'", more: "restitution: 0.2")
    case .wall: self = form("wall", .box(0.15, 2.4 * s, 1.6 * s), "concrete")
    case .ramp: self = form("slope", .box(1.6 * s, 0.6 * s, 0.06), "oak")
    case .pendulum: self = form("bob", .sphere(radius: 0.08 * s), "brass")
    case .wreckingBall: self = form("wreckingball", .sphere(radius: 0.3 * s), "iron", color: "'#3a3d42'")
    case .basin, .hoop, .flag, .sheet: self = form(kind.rawValue, .box(1 * s, 0.7 * s, 0.5 * s), "glass")
    }
  }

  private init(
    shape: Shape, material: String, color: String?, isPainted: Bool, mass: Double?, more: String, name: String
  ) {
    (self.shape, self.material, self.color, self.isPainted) = (shape, material, color, isPainted)
    (self.mass, self.more, self.name) = (mass, more, name)
  }
}

extension Form {
  /// Of a thing as it is described: a stuff that is named fills it evenly.
  init(_ thing: Thing) {
    var size = thing.size
    let usual = Form(thing.kind, size: 1)
    if let extent = thing.extent { size *= extent / (2 * max(usual.half.x, usual.half.z)) }
    self.init(thing.kind, size: size)
    if let material = thing.material {
      (self.material, mass, more, isPainted) = (material, nil, more.contains("friction") ? more : "", false)
    }
    color = thing.color ?? (thing.material == nil ? color : nil)
    if thing.pattern != nil || thing.secondColor != nil {
      // As wide as a quarter of it.
      let width = PlannedBody.text(max(half.x, half.z) / 2)
      let pattern = "pattern: {kind: \(thing.pattern ?? "stripes"), color: \(thing.secondColor ?? "white"), scale: \(width)}"
      more = more.isEmpty || more.contains("pattern") ? pattern : more + ", " + pattern
    }
    // Wood's density where nothing is said of the stuff.
    if thing.weight != 1, thing.material == nil { mass = (mass ?? volume * 700) * thing.weight }
    if let told = thing.mass { mass = told }
  }

  /// kg of so many, by the usual densities of what heaps are made of.
  func weightInAll(_ count: Double) -> Double {
    let densities = [
      "brick": 1900.0, "oak": 720, "pine": 510, "cardboard": 200, "steel": 7850, "granite": 2700, "concrete": 2400,
    ]
    return count * (mass ?? volume * (densities[material] ?? 1000))
  }

  var isCylinder: Bool { if case .cylinder = shape { true } else { false } }
  var isRound: Bool { if case .sphere = shape { true } else { isCylinder } }

  /// m³
  var volume: Double {
    let (x, y, z) = half
    switch shape {
    case .sphere(let r): return 4 / 3 * .pi * r * r * r
    case .box: return 8 * x * y * z
    case .cylinder(let r, let h): return .pi * r * r * h
    case .capsule(let r, let h): return .pi * r * r * (h + 4 / 3 * r)
    case .cone(let r, let h): return .pi * r * r * h / 3
    case .torus(let r, let t): return 2 * .pi * .pi * r * t * t
    case .pin: return 4 * x * y * z
    }
  }
}
