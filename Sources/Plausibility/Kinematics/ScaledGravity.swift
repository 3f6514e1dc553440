import Foundation
import WorldCore

/// Gravity in m/s² from flights in the picture and the scale at each of them.
///
/// Each flight's acceleration is read where its depth is that of its middle, and divided by the scale there; the mean is
/// weighted by the flights' own errors. What the scale leaves open is the same for all of them, and part of the interval.
struct ScaledGravity {
  let estimate: LawFinding.Estimate

  /// nil where no scale is known.
  init?(motion: TrackMotion, index: Int, fall: SharedGravity.Fall, scene: SceneMotion) {
    let view = scene.view(of: index)
    guard view != nil || scene.options.pixelsPerMetre != nil else { return nil }
    var (sum, weight, systematic) = (0.0, 0.0, 0.0)
    for arc in fall.arcs.map({ motion.arcs[$0] }) {
      let scale = view?.pixelsPerMetre(at: arc.origin) ?? scene.options.pixelsPerMetre!
      let (a, covariance) = arc.meanAcceleration
      let value = a.dot(fall.acceleration.unit) / scale
      let approach = arc.perspective == nil ? view?.approach ?? 0 : 0
      let variance =
        covariance.variance(along: fall.acceleration.unit) / (scale * scale) + pow(approach * scene.options.gravity, 2)
      sum += value / variance
      weight += 1 / variance
      systematic = max(systematic, view?.uncertainty ?? scene.options.scaleUncertainty)
    }
    let value = sum / weight
    let deviation = (1 / weight + pow(systematic * value, 2)).squareRoot()
    estimate = .init(value: value, unit: "m/s^2", ci95: [value - 1.96 * deviation, value + 1.96 * deviation])
  }
}
