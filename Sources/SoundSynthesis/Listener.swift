import Foundation
import WorldCore

/// Who hears: the camera of the current shot.
struct Listener {
  let stage: Stage
  let trajectory: Trajectory

  /// m/s in air at 20 °C.
  static let speedOfSound = 343.0
  /// Nearer than this, m, nothing grows louder.
  private static let nearestDistance = 0.5

  /// How a sound made at a place and time arrives.
  struct Arrival {
    /// Seconds after it was made.
    var delay: Double
    /// Amplitude at the left and the right, relative to that at 1 m in front.
    var gain: SIMD2<Double>
  }

  func arrival(from source: Vector3, at time: Double) -> Arrival {
    let (position, right) = pose(at: time)
    let offset = source - position
    let distance = offset.length
    // Equal-power panning by the sine of the azimuth, never all the way to one side.
    let side = distance > 1e-9 ? 0.85 * offset.dot(right) / distance : 0
    let angle = (side + 1) * Double.pi / 4
    let level = 1 / max(distance, Self.nearestDistance)
    return Arrival(delay: distance / Self.speedOfSound, gain: SIMD2(cos(angle), sin(angle)) * level)
  }

  /// Where the camera stands, and which way is right in its picture.
  private func pose(at time: Double) -> (position: Vector3, right: Vector3) {
    let viewpoint = stage.viewpoint(at: time, of: trajectory)
    return (viewpoint.position, viewpoint.right)
  }
}
