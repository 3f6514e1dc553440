import Foundation

/// A unit by its symbol: how many SI units it is, and of what.
struct MeasurementUnit {
  var factor: Double
  var dimension: Dimension

  /// Looks up `symbol`, with a metric prefix where the unit takes one; nil when there is none of that name.
  static func named(_ symbol: String) -> MeasurementUnit? {
    if let unit = plain[symbol] ?? prefixable[symbol] { return unit }
    for (prefix, factor) in prefixes where symbol.hasPrefix(prefix) {
      if let unit = prefixable[String(symbol.dropFirst(prefix.count))] {
        return MeasurementUnit(factor: unit.factor * factor, dimension: unit.dimension)
      }
    }
    return nil
  }

  /// Symbols to suggest from.
  static let commonSymbols: [String] =
    plain.keys.sorted() + prefixable.keys.sorted() + [
      "mm", "cm", "km", "kg", "mg", "ms", "kN", "kPa", "mPa", "MPa", "GPa", "kJ",
    ]

  private static let prefixes: [(String, Double)] = [
    ("n", 1e-9), ("µ", 1e-6), ("μ", 1e-6), ("u", 1e-6), ("m", 1e-3), ("c", 1e-2), ("d", 1e-1), ("h", 1e2), ("k", 1e3),
    ("M", 1e6), ("G", 1e9),
  ]

  private static let prefixable: [String: MeasurementUnit] = [
    "m": .init(factor: 1, dimension: .length),
    "g": .init(factor: 1e-3, dimension: .mass),
    "s": .init(factor: 1, dimension: .time),
    "rad": .init(factor: 1, dimension: .angle),
    "N": .init(factor: 1, dimension: .force),
    "Pa": .init(factor: 1, dimension: .pressure),
    "J": .init(factor: 1, dimension: .torque),
    "W": .init(factor: 1, dimension: .power),
    "Hz": .init(factor: 1, dimension: .frequency),
    "L": .init(factor: 1e-3, dimension: .volume),
    "l": .init(factor: 1e-3, dimension: .volume),
  ]

  private static let plain: [String: MeasurementUnit] = [
    "1": .init(factor: 1, dimension: .none),
    "%": .init(factor: 0.01, dimension: .none),
    "min": .init(factor: 60, dimension: .time),
    "h": .init(factor: 3600, dimension: .time),
    "deg": .init(factor: .pi / 180, dimension: .angle),
    "°": .init(factor: .pi / 180, dimension: .angle),
    "turn": .init(factor: 2 * .pi, dimension: .angle),
    "rev": .init(factor: 2 * .pi, dimension: .angle),
    "rpm": .init(factor: 2 * .pi / 60, dimension: .angularVelocity),
    "t": .init(factor: 1000, dimension: .mass),
    "g0": .init(factor: 9.806_65, dimension: .acceleration),
    "in": .init(factor: 0.0254, dimension: .length),
    "ft": .init(factor: 0.3048, dimension: .length),
    "yd": .init(factor: 0.9144, dimension: .length),
    "mi": .init(factor: 1609.344, dimension: .length),
    "mph": .init(factor: 0.447_04, dimension: .speed),
    "lb": .init(factor: 0.453_592_37, dimension: .mass),
    "oz": .init(factor: 0.028_349_523_125, dimension: .mass),
    "lbf": .init(factor: 4.448_221_615_260_5, dimension: .force),
    "bar": .init(factor: 1e5, dimension: .pressure),
    "atm": .init(factor: 101_325, dimension: .pressure),
  ]
}
