import Foundation

/// Trigonometry under names that don't collide with local ones.
enum Math {
  static func sine(_ x: Double) -> Double { sin(x) }
  static func cosine(_ x: Double) -> Double { cos(x) }
  static func tangent(_ x: Double) -> Double { tan(x) }
  static func arctangent(_ x: Double) -> Double { atan(x) }
}
