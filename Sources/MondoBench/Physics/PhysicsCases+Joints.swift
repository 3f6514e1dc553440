import Foundation
import Mondo

extension PhysicsCase {
  /// Two point-like masses on rods: chaotic, without friction, so that only the integrator can lose energy.
  static let doublePendulum = PhysicsCase(name: "double-pendulum") { settings in
    settings.steps([1.0 / 240, 1.0 / 1000]).flatMap { step in
      ["1", "0.3", "20"].map { PhysicsVariant(step, ["bodies.upper.mass": $0, "bodies.lower.mass": $0]) }
    }
  } measure: { run in
    let start = run.energy(at: 0)
    let drift = run.trajectory.times.indices.reduce(0.0) { max($0, abs(run.energy(at: $1) - start)) }
    let masses = run.trajectory.bodies.reduce(0) { $0 + $1.mass }
    // 4 m g l of two equal masses is twice the weight times the rods' length.
    return [
      run.absolute("energy drift / 4mgl, \(run.stepName)", drift / (2 * masses * run.gravity * 1), expected: 0, within: 1e-4)
    ]
  }

  /// A swing of a point mass on a rod: T = 2π √(l/g) (1 + θ²/16 + 11 θ⁴/3072 + 173 θ⁶/737280).
  static let pendulum = PhysicsCase(name: "pendulum") { settings in
    settings.steps([1.0 / 60, 1.0 / 240]).map { PhysicsVariant($0) }
  } measure: { run in
    let track = run.track("bob")
    var crossings: [Double] = []
    for k in 1..<track.states.count {
      let (before, now) = (track.states[k - 1].position.x, track.states[k].position.x)
      // Half-way through a swing x is as good as linear in time over a step: its curvature vanishes there.
      if before > 0 && now <= 0 { crossings.append(run.trajectory.times[k] - run.step * now / (now - before)) }
    }
    let period = (crossings[crossings.count - 1] - crossings[0]) / Double(crossings.count - 1)
    let arm = track.states[0].position - run.scene.joints[0].anchors.first
    let length = arm.length
    let angle = abs(atan2(arm.x, -arm.z))
    let inertia = track.mass * length * length + track.inertia.y
    let series = 1 + angle * angle / 16 + 11 * pow(angle, 4) / 3072 + 173 * pow(angle, 6) / 737_280
    let expected = 2 * Double.pi * (inertia / (track.mass * run.gravity * length)).squareRoot() * series
    return [run.relative("period, \(run.stepName) (s)", period, expected: expected, within: 1e-4)]
  }

  /// A pendulum with dry friction in its pivot: half-swings shrink by m g l (cos θ′ − cos θ) = −τ (θ + θ′), then it hangs
  /// still.
  static let dryPendulum = PhysicsCase(name: "dry-pendulum") { settings in
    settings.steps([1.0 / 60, 1.0 / 240]).map { PhysicsVariant($0) }
  } measure: { run in
    let track = run.track("bob")
    guard case .hinge(let hinge) = run.scene.joints[0].kind else { return [] }
    let anchor = run.scene.joints[0].anchors.first
    func angle(_ k: Int) -> Double {
      let arm = track.states[k].position - anchor
      return atan2(arm.x, -arm.z)
    }
    let moment = track.mass * run.gravity * (track.states[0].position - anchor).length

    // Turning points of the record, by a parabola through the three samples about each.
    var turns: [Double] = []
    for k in 1..<track.states.count - 1 {
      let (a, b, c) = (angle(k - 1), angle(k), angle(k + 1))
      if (b - a) * (c - b) < 0 {
        let (slope, bend) = ((c - a) / 2, c - 2 * b + a)
        turns.append(abs(b - slope * slope / (2 * bend)))
      }
    }
    var expected: [Double] = []
    var now = abs(angle(0))
    while moment * sin(now) > hinge.friction, expected.count < turns.count {
      // U(θ′) + τ θ′ = U(θ) − τ θ: by bisection.
      var (low, high) = (0.0, now)
      let budget = -moment * cos(now) - hinge.friction * now
      if -moment > budget { break }
      for _ in 0..<100 {
        let middle = 0.5 * (low + high)
        if -moment * cos(middle) + hinge.friction * middle < budget { low = middle } else { high = middle }
      }
      now = low
      expected.append(now)
    }
    let worst = zip(turns, expected).reduce(0.0) { max($0, abs($1.0 - $1.1)) }
    let gain = (1..<track.states.count).reduce(0.0) { max($0, run.energy(at: $1) - run.energy(at: $1 - 1)) }
    let end = track.states[track.states.count - 1]
    return [
      run.absolute("worst turning point of \(expected.count), \(run.stepName) (rad)", worst, expected: 0, within: 1e-4),
      run.absolute("largest gain of energy in a sample / m g l, \(run.stepName)", gain / moment, expected: 0, within: 1e-7),
      run.absolute("speed at the end, \(run.stepName) (m/s)", end.velocity.length, expected: 0, within: 1e-6),
    ]
  }

  /// A heavy ball on a chain of light links that swings: no visible pull-apart.
  static let chain = PhysicsCase(name: "chain") { settings in
    settings.steps([1.0 / 60, 1.0 / 240]).flatMap { step in
      ["1", "10", "100"].map { PhysicsVariant(step, ["bodies.ball.mass": $0]) }
    }
  } measure: { run in
    var worst = 0.0
    for joint in run.scene.joints {
      let (first, second) = (run.track(joint.first), joint.second.map { run.track($0) })
      func anchor(_ track: BodyTrack, _ at: Vector3, _ k: Int) -> Vector3 {
        let start = track.states[0]
        return track.states[k].worldFromBody.point(start.orientation.unrotate(at - start.position))
      }
      for k in first.states.indices {
        let other = second.map { anchor($0, joint.anchors.second, k) } ?? joint.anchors.second
        worst = max(worst, (anchor(first, joint.anchors.first, k) - other).length)
      }
    }
    let energies = run.trajectory.times.indices.map { run.energy(at: $0) }
    let drift = energies.reduce(0.0) { max($0, abs($1 - energies[0])) }
    let masses = run.trajectory.bodies.reduce(0) { $0 + $1.mass }
    let ratio = run.track("ball").mass / run.scene.bodies[0].massProperties!.mass
    return [
      run.absolute(
        "pull-apart, ball \(Int(ratio.rounded())) times a link, \(run.stepName) (m)", worst, expected: 0, within: 1e-6),
      run.absolute("energy drift / m g · 1 m, \(run.stepName)", drift / (masses * run.gravity), expected: 0, within: 1e-3),
    ]
  }
}
