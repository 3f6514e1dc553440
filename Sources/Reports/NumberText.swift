import Foundation

/// A number with a fixed count of decimals.
func fixed(_ value: Double, _ decimals: Int) -> String { String(format: "%.\(decimals)f", value) }

/// A number with so many significant digits, without trailing zeros.
func significant(_ value: Double, _ digits: Int = 4) -> String {
  guard value.isFinite else { return value.isNaN ? "–" : value > 0 ? "∞" : "−∞" }
  return String(format: "%.\(digits)g", value)
}

/// `m/s^2` as it is printed: m/s²; the unit of a ratio is nothing.
func unitText(_ unit: String) -> String {
  unit == "1" ? "" : unit.replacingOccurrences(of: "^2", with: "²").replacingOccurrences(of: "^3", with: "³")
}

extension String {
  /// With a capital and a full stop.
  var sentence: String { isEmpty ? self : prefix(1).uppercased() + dropFirst() + (hasSuffix(".") ? "" : ".") }
}
