/// What kind of thing a quantity measures: the powers of length, mass, time and angle in it.
///
/// Angle counts as a dimension of its own, so that 30 deg is no length; `accepts` lets it be left out as SI does.
struct Dimension: Hashable, Sendable {
  var length = 0
  var mass = 0
  var time = 0
  var angle = 0

  static func * (a: Dimension, b: Dimension) -> Dimension {
    Dimension(length: a.length + b.length, mass: a.mass + b.mass, time: a.time + b.time, angle: a.angle + b.angle)
  }

  func power(_ n: Int) -> Dimension {
    Dimension(length: length * n, mass: mass * n, time: time * n, angle: angle * n)
  }

  /// Whether a quantity of `other` may stand where this is expected: the same, or the same but for radians left out.
  func accepts(_ other: Dimension) -> Bool {
    self == other || (angle != 0 && other.angle == 0 && Dimension(length: length, mass: mass, time: time) == other)
  }

  static let none = Dimension()
  static let length = Dimension(length: 1)
  static let mass = Dimension(mass: 1)
  static let time = Dimension(time: 1)
  static let angle = Dimension(angle: 1)
  static let speed = Dimension(length: 1, time: -1)
  static let acceleration = Dimension(length: 1, time: -2)
  static let angularVelocity = Dimension(time: -1, angle: 1)
  static let frequency = Dimension(time: -1)
  static let force = Dimension(length: 1, mass: 1, time: -2)
  static let torque = Dimension(length: 2, mass: 1, time: -2)
  static let impulse = Dimension(length: 1, mass: 1, time: -1)
  static let angularImpulse = Dimension(length: 2, mass: 1, time: -1)
  static let density = Dimension(length: -3, mass: 1)
  static let arealDensity = Dimension(length: -2, mass: 1)
  static let inertia = Dimension(length: 2, mass: 1)
  /// Also surface tension and stretch stiffness: N/m.
  static let stiffness = Dimension(mass: 1, time: -2)
  static let damping = Dimension(mass: 1, time: -1)
  static let angularStiffness = Dimension(length: 2, mass: 1, time: -2, angle: -1)
  static let angularDamping = Dimension(length: 2, mass: 1, time: -1, angle: -1)
  static let viscosity = Dimension(length: -1, mass: 1, time: -1)
  static let pressure = Dimension(length: -1, mass: 1, time: -2)
  static let area = Dimension(length: 2)
  static let volume = Dimension(length: 3)
  static let power = Dimension(length: 2, mass: 1, time: -3)

  /// Name with its article, SI unit, other units that are at home there.
  private static let table: [(dimension: Dimension, name: String, unit: String, examples: [String])] = [
    (.none, "a number", "", []),
    (.length, "a length", "m", ["m", "cm"]),
    (.mass, "a mass", "kg", ["kg", "g"]),
    (.time, "a time", "s", ["s", "ms"]),
    (.angle, "an angle", "rad", ["deg", "rad"]),
    (.speed, "a speed", "m/s", ["m/s", "km/h"]),
    (.acceleration, "an acceleration", "m/s^2", ["m/s^2"]),
    (.angularVelocity, "an angular velocity", "rad/s", ["rad/s", "rpm", "deg/s"]),
    (.frequency, "a frequency", "1/s", ["Hz"]),
    (.force, "a force", "N", ["N", "kN"]),
    (.torque, "a torque", "N*m", ["N*m"]),
    (.impulse, "an impulse", "N*s", ["N*s", "kg*m/s"]),
    (.angularImpulse, "an angular impulse", "N*m*s", ["N*m*s"]),
    (.density, "a density", "kg/m^3", ["kg/m^3", "g/cm^3"]),
    (.arealDensity, "a mass per area", "kg/m^2", ["kg/m^2", "g/m^2"]),
    (.inertia, "a moment of inertia", "kg*m^2", ["kg*m^2"]),
    (.stiffness, "a stiffness", "N/m", ["N/m"]),
    (.damping, "a damping", "N*s/m", ["N*s/m"]),
    (.angularStiffness, "an angular stiffness", "N*m/rad", ["N*m/rad"]),
    (.angularDamping, "an angular damping", "N*m*s/rad", ["N*m*s/rad"]),
    (.viscosity, "a viscosity", "Pa*s", ["Pa*s", "mPa*s"]),
    (.pressure, "a pressure", "Pa", ["Pa", "kPa"]),
    (.area, "an area", "m^2", ["m^2", "cm^2"]),
    (.volume, "a volume", "m^3", ["m^3", "L"]),
    (.power, "a power", "W", ["W"]),
  ]

  private var row: (dimension: Dimension, name: String, unit: String, examples: [String])? {
    Self.table.first { $0.dimension == self }
  }

  /// With its article: `a length`; a formula where the combination has no name of its own.
  var name: String { row?.name ?? "a quantity in \(unit)" }

  /// The SI unit, empty for a number.
  var unit: String {
    if let row { return row.unit }
    let powers = [("kg", mass), ("m", length), ("s", time), ("rad", angle)].filter { $0.1 != 0 }
    return powers.map { $0.1 == 1 ? $0.0 : "\($0.0)^\($0.1)" }.joined(separator: "*")
  }

  /// Units to write it in, the SI one among them.
  var examples: [String] { row?.examples ?? [unit] }
}
