import Foundation
import WorldCore

/// What two round bodies exchange in a collision against what they look like: masses go as ρd³, and densities differ only so
/// much.
///
/// A body that is struck at rest and flies on, while what struck it hardly slows down, has next to no mass by its momentum,
/// whatever energy says. `ln(m₁/m₂) = ln(ρ₁/ρ₂) + 3 ln(d₁/d₂)`. Everyday solids go from .1 g/cm³ (foam, hollow balls) to 8 (steel),
/// so that of two unlike ones a factor of ten tells nothing; those that look the same and are as large are the same thing nearly
/// always.
enum BodyDensities {
  /// The logarithm of the ratio of densities: within so much of nothing of any two, and its standard deviation of two that look
  /// the same.
  private static let (range, spread) = (2.3, 0.35)
  /// How often two are further from one density than that says: hollow and solid ones. Of unlike ones it is doubt, no verdict.
  private static let unlike = (any: 0.05, same: 1e-3)
  /// The same look: by the logarithm of the diameters' ratio and encoded levels of colour.
  private static let likeness = (size: 0.12, color: 30.0)
  /// A silhouette's edge is known to this, px.
  private static let edge = 0.5

  /// nil with a scene, which knows the masses, and of what isn't round.
  static func test(
    of ratio: (value: Double, deviation: Double), _ pair: [Int], at gap: ClosedRange<Double>, in scene: SceneMotion
  ) -> (p: Double, violation: LawFinding.Violation)? {
    let (a, b) = (scene.motions[pair[0]], scene.motions[pair[1]])
    guard pair.allSatisfy({ scene.setting(of: $0) == nil }), isRound(a), isRound(b) else { return nil }
    let size = log(a.diameter / b.diameter)
    let sizeDeviation = edge * (pow(a.diameter, -2) + pow(b.diameter, -2)).squareRoot()
    let isSame = abs(size) < likeness.size && tint(a, b) < likeness.color
    let off = abs(ratio.value - 3 * size)
    let variance =
      pow(ratio.deviation, 2) + 9 * sizeDeviation * sizeDeviation + pow(MomentumLaw.ratioSlack, 2)
      + (isSame ? spread * spread : 0)
    let z = (isSame ? off : max(0, off - range)) / variance.squareRoot()
    let ids = (a.track.id, b.track.id)
    return (
      max(Tails.normal(beyond: z), isSame ? unlike.same : unlike.any),
      .init(
        from: gap.lowerBound, to: gap.upperBound,
        what:
          "what tracks \(ids.0) and \(ids.1) exchange makes a mass ratio of \(Sentence.number(exp(ratio.value))), where their sizes make \(Sentence.number(exp(3 * size))): momentum would have to come from elsewhere",
        sigma: z)
    )
  }

  private static func isRound(_ motion: TrackMotion) -> Bool {
    let elongations = motion.sightings.map { $0.axes.x / $0.axes.y }.sorted()
    return !elongations.isEmpty && elongations[elongations.count / 2] < SolidityLaw.round
  }

  /// Encoded levels between the mean colours.
  private static func tint(_ a: TrackMotion, _ b: TrackMotion) -> Double {
    func mean(_ motion: TrackMotion) -> SIMD3<Double> {
      motion.sightings.reduce(.zero) { $0 + $1.color } / Double(max(1, motion.sightings.count))
    }
    let apart = mean(a) - mean(b)
    return (apart * apart).sum().squareRoot()
  }
}
