import Foundation

/// The few numbers that are fitted to labelled clips: a logistic map from score to probability (Platt 1999), and the bound
/// below which a share α of valid clips falls.
public struct ScoreRecalibration: Sendable, Equatable, Codable {
  /// P(valid) = 1 / (1 + exp(−(slope · logit(score) + offset))).
  public var slope: Double
  public var offset: Double
  /// Scores below it are called implausible at the false-alarm rate α.
  public var bound: Double

  /// Scores of 0 and 1 have no logit; nothing is surer than this.
  private static let surest = 1e-6

  /// Fits on a training split; both lists hold something.
  ///
  /// The bound is the α-quantile of the valid scores. Slope and offset are those of greatest likelihood under Platt's targets,
  /// which keep them finite, by Newton's method. Valid and broken weigh the same, as if a clip were either with even odds.
  public init(valid: [Double], broken: [Double], alpha: Double) {
    precondition(!valid.isEmpty && !broken.isEmpty, "a calibration takes valid and broken clips")
    bound = RankStatistics.quantile(alpha, of: valid)!
    let targets = (good: (Double(valid.count) + 1) / (Double(valid.count) + 2), bad: 1 / (Double(broken.count) + 2))
    let samples =
      valid.map { (Self.logit($0), targets.good, 0.5 / Double(valid.count)) }
      + broken.map { (Self.logit($0), targets.bad, 0.5 / Double(broken.count)) }
    var (a, b) = (1.0, 0.0)
    for _ in 0..<60 {
      // A little ridge keeps the two apart where the lists are.
      var (ga, gb, haa, hab, hbb) = (1e-6 * a, 0.0, 1e-6, 0.0, 1e-6)
      for (x, t, w) in samples {
        let p = 1 / (1 + exp(-(a * x + b)))
        let (g, h) = (w * (p - t), w * p * (1 - p))
        (ga, gb) = (ga + g * x, gb + g)
        (haa, hab, hbb) = (haa + h * x * x, hab + h * x, hbb + h)
      }
      let determinant = haa * hbb - hab * hab
      guard determinant > 1e-15 else { break }
      let step = ((hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant)
      let length = max(1, max(abs(step.0), abs(step.1)))
      (a, b) = (a - step.0 / length, b - step.1 / length)
      if abs(step.0) + abs(step.1) < 1e-10 { break }
    }
    (slope, offset) = (a, b)
  }

  public func probability(_ score: Double) -> Double { 1 / (1 + exp(-(slope * Self.logit(score) + offset))) }

  private static func logit(_ score: Double) -> Double {
    let s = min(max(score, surest), 1 - surest)
    return log(s / (1 - s))
  }

  /// Expected calibration error of probabilities over ten even bins, valid and broken weighed the same: 0 is perfect.
  public static func calibrationError(valid: [Double], broken: [Double]) -> Double? {
    guard !valid.isEmpty, !broken.isEmpty else { return nil }
    var bins = [(weight: Double, probability: Double, valid: Double)](repeating: (0, 0, 0), count: 10)
    for (list, isValid) in [(valid, true), (broken, false)] {
      let weight = 0.5 / Double(list.count)
      for p in list {
        let bin = min(9, max(0, Int(10 * p)))
        bins[bin].weight += weight
        bins[bin].probability += weight * p
        bins[bin].valid += isValid ? weight : 0
      }
    }
    return bins.reduce(0) { $0 + abs($1.probability - $1.valid) }
  }
}
