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
    let shot = stage.shots.last { $0.start <= time } ?? stage.shots[0]
    let position: Vector3
    switch shot.camera.position {
    case .fixed(let point): position = point
    case .path(let keys): position = Self.point(on: keys, at: time)
    }
    let target: Vector3
    switch shot.camera.target {
    case .point(let point): target = point
    case .path(let keys): target = Self.point(on: keys, at: time)
    case .body(let name, _, let offset):
      target = trajectory.body(name).map { trajectory.state(of: $0, at: time).position + offset } ?? .zero
    }
    let right = (target - position).cross(.unitZ).normalized
    return (position, right == .zero ? .unitX : right)
  }

  /// A Catmull–Rom curve through the keys, at rest before the first and after the last.
  static func point(on keys: [Camera.Key], at time: Double) -> Vector3 {
    guard let first = keys.first, let last = keys.last else { return .zero }
    if time <= first.time { return first.value }
    if time >= last.time { return last.value }
    let i = keys.lastIndex { $0.time <= time } ?? 0
    let (a, b) = (keys[i], keys[i + 1])
    let h = b.time - a.time
    guard h > 0 else { return b.value }
    func tangent(_ k: Int) -> Vector3 {
      let (before, after) = (keys[max(k - 1, 0)], keys[min(k + 1, keys.count - 1)])
      return (after.value - before.value) / max(after.time - before.time, 1e-9)
    }
    let t = (time - a.time) / h
    let (t2, t3) = (t * t, t * t * t)
    var point = a.value * (2 * t3 - 3 * t2 + 1)
    point += b.value * (3 * t2 - 2 * t3)
    point += tangent(i) * (h * (t3 - 2 * t2 + t))
    point += tangent(i + 1) * (h * (t3 - t2))
    return point
  }
}
