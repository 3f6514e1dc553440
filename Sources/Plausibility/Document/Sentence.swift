import Foundation

/// Numbers as sentences want them: three significant digits, no exponent for everyday sizes.
enum Sentence {
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "unbounded" }
    let magnitude = abs(value)
    if magnitude != 0 && (magnitude < 0.001 || magnitude >= 100_000) { return String(format: "%.2e", value) }
    let digits = magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : magnitude >= 1 ? 2 : 3
    return String(format: "%.\(digits)f", value)
  }

  static func time(_ seconds: Double) -> String { String(format: "%.2f s", seconds) }
}
