import Foundation
import WorldCore

/// Numbers for people: few digits, the unit beside them.
enum Numbers {
  /// `digits` significant digits, plain where that is readable, without zeros that say nothing.
  static func short(_ value: Double, digits: Int = 4) -> String {
    guard value.isFinite else { return value.isNaN ? "–" : value < 0 ? "−∞" : "∞" }
    if value == 0 { return "0" }
    let magnitude = abs(value)
    var text: String
    if magnitude < 1e-4 || magnitude >= 1e6 {
      text = String(format: "%.\(digits - 1)e", value)
    } else {
      let decimals = max(0, digits - 1 - Int(floor(log10(magnitude))))
      text = String(format: "%.\(decimals)f", value)
      if text.contains(".") {
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
      }
    }
    return text.replacingOccurrences(of: "-", with: "−")
  }

  static func with(_ unit: String, _ value: Double, digits: Int = 4) -> String {
    let text = short(value, digits: digits)
    return unit == "1" ? text : "\(text) \(pretty(unit))"
  }

  /// With a fixed number of decimals, so that columns line up.
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    let text = String(format: "%.\(decimals)f", value)
    // No minus before a zero.
    let isZero = !text.contains { "123456789".contains($0) }
    return (isZero ? text.replacingOccurrences(of: "-", with: "") : text).replacingOccurrences(of: "-", with: "−")
  }

  static func vector(_ v: Vector3, decimals: Int = 3) -> String {
    "(\(fixed(v.x, decimals)), \(fixed(v.y, decimals)), \(fixed(v.z, decimals)))"
  }

  static func vector(_ v: [Double], decimals: Int = 3) -> String {
    "(" + v.map { fixed($0, decimals) }.joined(separator: ", ") + ")"
  }

  static func mass(_ kilograms: Double) -> String {
    kilograms == 0 ? "–" : kilograms < 1 ? "\(short(kilograms * 1000)) g" : "\(short(kilograms)) kg"
  }

  static func bytes(_ count: Int) -> String {
    count < 1000
      ? "\(count) B"
      : count < 1_000_000 ? "\(short(Double(count) / 1e3, digits: 3)) kB" : "\(short(Double(count) / 1e6, digits: 3)) MB"
  }

  static func count(_ count: Int, _ singular: String, _ plural: String? = nil) -> String {
    "\(count) \(count == 1 ? singular : plural ?? singular + "s")"
  }

  private static func pretty(_ unit: String) -> String {
    unit.replacingOccurrences(of: "*", with: "·").replacingOccurrences(of: "^2", with: "²").replacingOccurrences(
      of: "^3", with: "³")
  }
}
