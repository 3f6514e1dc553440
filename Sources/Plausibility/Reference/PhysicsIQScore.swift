/// Physics-IQ's two scores of a clip, from its measures against a take and those of a second take against the first.
///
/// On simulated scenes the second take has restitution and friction perturbed. The numbers are "Physics-IQ-style": results on
/// Physics-IQ's own footage they are not.
public struct PhysicsIQScore: Sendable, Equatable, Codable {
  /// The original: 100 · clip(⅓ Σ IoU/IoU(takes) − (MSE − MSE(takes)), 0, 1).
  public var original: Double
  /// Verified: 100 · the mean of four ratios, each clipped to 0…1 by itself; that of the errors is the takes' over the clip's.
  public var verified: Double

  /// The published script's guard of its ratios.
  private static let least = 1e-8

  public init(of clip: MotionMaskOverlap, takes: MotionMaskOverlap) {
    let pairs = [
      (clip.spatiotemporal, takes.spatiotemporal), (clip.spatial, takes.spatial), (clip.weightedSpatial, takes.weightedSpatial),
    ]
    func clipped(_ value: Double) -> Double { min(max(value, 0), 1) }
    let sum = pairs.reduce(0) { $0 + ($1.1 > 0 ? $1.0 / $1.1 : $1.0 > 0 ? .infinity : 1) }
    original = 100 * clipped(sum / 3 - (clip.meanSquaredError - takes.meanSquaredError))
    let error = clip.meanSquaredError > 0 ? (takes.meanSquaredError + Self.least) / clip.meanSquaredError : 1
    verified = 100 * (pairs.map { clipped($0.0 / ($0.1 + Self.least)) } + [clipped(error)]).mean!
  }
}
