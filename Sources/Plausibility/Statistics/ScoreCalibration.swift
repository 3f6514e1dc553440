import Foundation

/// From p-values to the probability that motion is valid.
///
/// Valid clips give uniform p-values; implausible ones crowd near 0 as a Beta(ξ, 1) (the beta–uniform mixture of Pounds &
/// Morris, Bioinformatics 2003). With even prior odds the probability of valid is `1 / (1 + ξ p^(ξ−1))`.
package enum ScoreCalibration {
  /// Shape of the implausible p-values: half of them below 1e-6.
  static let shape = 0.05

  static func probability(pValue: Double) -> Double {
    1 / (1 + shape * pow(max(pValue, 1e-300), shape - 1))
  }

  /// The p-value of the smallest of `count` independent p-values (Šidák 1967), exact where 1 − p would round to 1.
  package static func smallest(_ p: Double, of count: Int) -> Double {
    guard count > 1 else { return p }
    return p < 1e-8 ? min(1, p * Double(count)) : -expm1(Double(count) * log1p(-min(p, 1 - 1e-16)))
  }
}
