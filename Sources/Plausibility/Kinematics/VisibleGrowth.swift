import Foundation
import WorldCore

/// How what is seen of a liquid or a cloth grows against what its scene shows of it: not at all until some time, evenly from
/// then on, in the logarithm of the ratio of areas.
///
/// Least squares for each time at which it may begin; the best of them is one of so many tries. The residuals' own scatter and
/// their correlation from frame to frame are the error, so that a cloth that flutters in its own way, or water that splashes
/// otherwise than the scene's, has to grow by more.
struct VisibleGrowth {
  /// s, when it begins, and the last time seen.
  let onset: Double
  let end: Double
  /// Of the logarithm of the ratio, from the onset to the end.
  let change: Double
  let deviation: Double

  /// Standard deviations from no change.
  var sigma: Double { change / deviation }
  /// That what is lawful grows, or changes, by so much.
  var pValueOfGrowth: Double { ScoreCalibration.smallest(Tails.normal(above: sigma), of: Self.tries) }
  var pValueOfChange: Double { ScoreCalibration.smallest(Tails.normal(beyond: sigma), of: Self.tries) }

  /// Fewer frames give no line with an error.
  static let fewest = 10
  /// Onsets in a row are hardly different tries: four of them span what a level and a bent line can be.
  private static let tries = 4
  /// Least share by which areas of the same thing differ: edges, light that changes.
  private static let least = 0.03
  /// Frames before an onset, and after it.
  private static let (before, after) = (3, 3)

  /// - Returns: nil of too few frames.
  init?(_ sights: [MatterEvidence.Sight]) {
    let seen = sights.filter { $0.area > 0 && $0.expected > 0 }
    guard seen.count >= Self.fewest else { return nil }
    let times = seen.map(\.time)
    let ratios = seen.map { log($0.area / $0.expected) }

    var best: (squares: Double, onset: Int, slope: Double, leverage: Double, residuals: [Double])?
    for onset in Self.before..<(seen.count - Self.after) {
      let ramps = times.map { max(0, $0 - times[onset]) }
      let (meanRamp, meanRatio) = (Self.mean(ramps), Self.mean(ratios))
      let spread = ramps.reduce(0) { $0 + ($1 - meanRamp) * ($1 - meanRamp) }
      let slope = zip(ramps, ratios).reduce(0) { $0 + ($1.0 - meanRamp) * ($1.1 - meanRatio) } / spread
      let residuals = zip(ramps, ratios).map { $1 - meanRatio - slope * ($0 - meanRamp) }
      let squares = residuals.reduce(0) { $0 + $1 * $1 }
      if squares < best?.squares ?? .infinity { best = (squares, onset, slope, 1 / spread, residuals) }
    }
    guard let best else { return nil }

    let variance = best.squares / Double(seen.count - Self.before)
    let products = zip(best.residuals, best.residuals.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    let correlation = best.squares > 0 ? min(0.8, max(0, products / best.squares)) : 0
    let span = times[times.count - 1] - times[best.onset]
    (onset, end) = (times[best.onset], times[times.count - 1])
    change = best.slope * span
    let fit = variance * best.leverage * span * span * (1 + correlation) / (1 - correlation)
    deviation = (fit + max(variance, Self.least * Self.least)).squareRoot()
  }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}

extension MatterEvidence {
  /// Colours that tell less than this of its edge can't tell where it is.
  private static let leastContrast = 0.3

  /// Its colours stand out from what is beside it.
  var standsOut: Bool { contrast >= Self.leastContrast }
}
