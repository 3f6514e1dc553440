import Foundation
import WorldCore

/// Something hangs and swings, and swings as nothing that hangs can.
struct PendulumChange: ViolationFamily {
  enum Kind { case gains, stretches }

  let name: String
  let law: String
  let evidence = Evidence.tracks
  private let kind: Kind

  /// It swings wider and wider: by 10 %, 30 %, 100 % in a second.
  static let gains = PendulumChange(name: "pendulum-gains", law: "pendulum", kind: .gains)
  /// Its arm grows longer: by 5 %, 15 %, 50 % in a second.
  static let stretches = PendulumChange(name: "limb-stretch", law: "rigidity", kind: .stretches)

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    guard let (body, pivot) = world.swing() else { return nil }
    let track = world.trajectory.body(body)!
    let start = Int(stream.uniform(in: 0.25...0.45) * Double(track.states.count))
    let onset = world.trajectory.times[start]
    let down = world.gravity.normalized
    let rate = kind == .gains ? severity.of(0.1, 0.3, 1.0) : severity.of(0.05, 0.15, 0.5)
    let path = (start..<track.states.count).map { k -> BodyState in
      var state = track.states[k]
      let factor = 1 + rate * (world.trajectory.times[k] - onset)
      var arm = state.position - pivot
      if kind == .gains {
        // The angle from the vertical grows; the arm keeps its length.
        let angle = atan2(arm.cross(down).length, arm.dot(down))
        let axis = down.cross(arm)
        if axis.length > 1e-9 { arm = Quaternion(axis: axis, angle: angle * (factor - 1)).rotate(arm) }
      } else {
        arm = arm * factor
      }
      state.position = pivot + arm
      return state
    }
    return BrokenWorld(world, trajectory: world.replacing(body, from: start, with: path), onset: onset, body: body)
  }
}

extension ValidWorld {
  /// A body that keeps its distance from a point while it swings about it, and that point; nil where nothing does.
  func swing() -> (body: String, pivot: Vector3)? {
    guard gravity.length > 0 else { return nil }
    for track in trajectory.bodies where track.motion == .dynamic && item(of: track.name) != nil {
      let states = stride(from: 0, to: track.states.count, by: max(1, track.states.count / 60)).map {
        track.states[$0].position
      }
      // Least squares for 2 c·x + d = x·x over the plane of motion: the circle through the places.
      guard states.count > 10, let circle = Circle(through: states, up: gravity.normalized * -1) else { continue }
      let deviations = states.map { abs(($0 - circle.center).length - circle.radius) }
      let span = states.map { ($0 - states[0]).length }.max() ?? 0
      if (deviations.max() ?? 1) < 0.01 * circle.radius, span > 0.3 * circle.radius, span < 2 * circle.radius,
        (circle.center - states[0]).dot(gravity) < 0
      {
        return (track.name, circle.center)
      }
    }
    return nil
  }
}

/// The circle that fits points of an upright plane (Kåsa's method).
private struct Circle {
  var center: Vector3
  var radius: Double

  init?(through points: [Vector3], up: Vector3) {
    let mean = points.reduce(Vector3.zero, +) / Double(points.count)
    guard let far = points.max(by: { ($0 - mean).length < ($1 - mean).length }) else { return nil }
    var across = far - mean
    across -= up * across.dot(up)
    guard across.length > 1e-6 else { return nil }
    across = across.normalized
    // Normal equations of z = 2a·u + 2b·v + c with z = u² + v².
    var (suu, suv, svv, su, sv, suz, svz, sz) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    for p in points {
      let (u, v) = ((p - mean).dot(across), (p - mean).dot(up))
      let z = u * u + v * v
      (suu, suv, svv) = (suu + u * u, suv + u * v, svv + v * v)
      (su, sv, sz) = (su + u, sv + v, sz + z)
      (suz, svz) = (suz + u * z, svz + v * z)
    }
    let n = Double(points.count)
    (suu, suv, svv) = (suu - su * su / n, suv - su * sv / n, svv - sv * sv / n)
    (suz, svz) = (suz - su * sz / n, svz - sv * sz / n)
    let determinant = suu * svv - suv * suv
    guard abs(determinant) > 1e-12 else { return nil }
    let (a, b) = ((suz * svv - svz * suv) / determinant / 2, (svz * suu - suz * suv) / determinant / 2)
    center = mean + across * a + up * b
    radius = points.reduce(0) { [center] in $0 + ($1 - center).length } / n
  }
}
