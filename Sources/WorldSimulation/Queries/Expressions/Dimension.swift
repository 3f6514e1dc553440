/// The dimension of a quantity: powers of metre, kilogram, second and radian.
///
/// Angles count for the printed unit alone; whether two quantities may be added or compared is up to the other three.
struct Dimension: Equatable {
  var metre = 0
  var kilogram = 0
  var second = 0
  var radian = 0

  static let one = Dimension()
  static let length = Dimension(metre: 1)
  static let time = Dimension(second: 1)
  static let mass = Dimension(kilogram: 1)
  static let angle = Dimension(radian: 1)
  static let speed = Dimension(metre: 1, second: -1)
  static let angularSpeed = Dimension(second: -1, radian: 1)
  static let energy = Dimension(metre: 2, kilogram: 1, second: -2)
  static let momentum = Dimension(metre: 1, kilogram: 1, second: -1)
  static let angularMomentum = Dimension(metre: 2, kilogram: 1, second: -1)

  static func * (a: Dimension, b: Dimension) -> Dimension {
    Dimension(
      metre: a.metre + b.metre, kilogram: a.kilogram + b.kilogram, second: a.second + b.second, radian: a.radian + b.radian)
  }

  var inverse: Dimension { Dimension(metre: -metre, kilogram: -kilogram, second: -second, radian: -radian) }

  /// The root, where the powers are even.
  var squareRoot: Dimension? {
    guard metre % 2 == 0, kilogram % 2 == 0, second % 2 == 0, radian % 2 == 0 else { return nil }
    return Dimension(metre: metre / 2, kilogram: kilogram / 2, second: second / 2, radian: radian / 2)
  }

  func isCompatible(with other: Dimension) -> Bool {
    (metre, kilogram, second) == (other.metre, other.kilogram, other.second)
  }

  /// As Mondo writes units: `m/s^2`, `kg*m/s`, `J`; `1` for a pure number.
  var unit: String {
    if self == .energy { return "J" }
    if self == Dimension(metre: 1, kilogram: 1, second: -2) { return "N" }
    let powers = [("kg", kilogram), ("m", metre), ("rad", radian), ("s", second)]
    func product(_ factors: [(String, Int)]) -> String {
      factors.map { $1 == 1 ? $0 : "\($0)^\($1)" }.joined(separator: "*")
    }
    let above = product(powers.filter { $0.1 > 0 })
    let below = product(powers.filter { $0.1 < 0 }.map { ($0.0, -$0.1) })
    if below.isEmpty { return above.isEmpty ? "1" : above }
    return (above.isEmpty ? "1" : above) + "/" + (below.contains("*") ? "(\(below))" : below)
  }
}
