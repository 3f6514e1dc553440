import Foundation
import Mondo

extension PhysicsCase {
  /// A box slides to a stop after v²/(2µg), along the line it was pushed.
  static let sliding = PhysicsCase(name: "sliding") { settings in
    var random = RandomStream(seed: 3, "sliding")
    var variants: [PhysicsVariant] = []
    for step in settings.steps(steps) {
      for degrees in stride(from: 0.0, through: 90, by: 7.5) {
        for speed in [3.0, random.uniform(in: 1...5)] {
          let angle = degrees * .pi / 180
          let velocity = Vector3(cos(angle), sin(angle), 0) * speed
          variants.append(
            PhysicsVariant(
              step,
              ["bodies.box.velocity": velocity.text, "bodies.box.mass": "\(random.uniform(in: 0.1...20))", "duration": "3"]))
        }
      }
    }
    return variants
  } measure: { run in
    let states = run.track("box").states
    var travel = states[states.count - 1].position - states[0].position
    travel.z = 0
    let start = states[0].velocity
    let expected = start.lengthSquared / (2 * run.pair("floor", "box").friction * run.gravity)
    let turn = atan2(travel.cross(start).length, travel.dot(start)) * 180 / .pi
    return [
      run.relative("distance, \(run.stepName) (m)", travel.length, expected: expected, within: 0.002),
      run.absolute("direction, \(run.stepName) (degrees)", turn, expected: 0, within: 0.1),
    ]
  }

  /// A box on a slope holds half a degree below atan µ and slides half a degree above with g (sin θ − µ cos θ).
  static let ramp = PhysicsCase(name: "ramp") { settings in
    var variants: [PhysicsVariant] = []
    let frictions = settings.choices("materials.rough.friction", (1...10).map { Double($0) / 10 }) {
      $0.bodies[0].material.friction
    }
    for step in settings.steps([1.0 / 60, 1.0 / 240]) {
      for mu in frictions {
        let half = 0.5 * Double.pi / 180
        for (angle, duration) in [(atan(mu) - half, 2.0), (atan(mu) + half, 2), (atan(0.9 * mu), 5)] {
          variants.append(
            PhysicsVariant(
              step,
              [
                "materials.rough.friction": "\(mu)", "duration": "\(duration)",
                "bodies.slope.shape.plane.normal": Vector3(-sin(angle), 0, cos(angle)).text,
                "bodies.box.position": (Vector3(-sin(angle), 0, cos(angle)) * 0.05).text,
                "bodies.box.rotation": "{axis: [0, 1, 0], angle: \(-angle)}",
              ]))
        }
      }
    }
    return variants
  } measure: { run in
    let states = run.track("box").states
    let mu = run.pair("slope", "box").friction
    let slope = run.slope("slope")
    let travel = (states[states.count - 1].position - states[0].position).length
    if tan(slope) < mu {
      let quantity = run.scene.duration >= 5 ? "creep in \(run.scene.duration) s at 0.9 µ" : "slip half a degree below atan µ"
      return [run.absolute("\(quantity), \(run.stepName) (m)", travel, expected: 0, within: 1e-4)]
    }
    let acceleration = run.gravity * (sin(slope) - mu * cos(slope))
    return [
      run.relative(
        "acceleration half a degree above atan µ, \(run.stepName) (m/s²)",
        2 * travel / (run.scene.duration * run.scene.duration),
        expected: acceleration, within: 0.01)
    ]
  }

  /// A ball rolls down with g sin θ / (1 + k), k = I / m r², 5/7 g sin θ when it is solid; it slips only if µ < k / (1 + k) tan
  /// θ.
  static let rolling = PhysicsCase(name: "rolling") { settings in
    var variants: [PhysicsVariant] = []
    for step in settings.steps(steps) {
      for degrees in [10.0, 20, 35] {
        let angle = degrees * .pi / 180
        let normal = Vector3(-sin(angle), 0, cos(angle))
        for share in [1.02, 0.9] {
          variants.append(
            PhysicsVariant(
              step,
              [
                "materials.grippy.friction": "\(share * 2 / 7 * tan(angle))", "bodies.slope.shape.plane.normal": normal.text,
                "bodies.ball.position": (normal * 0.1).text,
              ]))
        }
      }
    }
    return variants
  } measure: { run in
    let track = run.track("ball")
    let (mu, slope, radius) = (run.pair("slope", "ball").friction, run.slope("slope"), run.radius("ball"))
    let ratio = track.inertia.x / (track.mass * radius * radius)
    let end = track.states[track.states.count - 1]
    let time = run.scene.duration
    let acceleration = 2 * (end.position - track.states[0].position).length / (time * time)
    let label = "\(Int((slope * 180 / .pi).rounded()))°, \(run.stepName)"
    guard mu >= ratio / (1 + ratio) * tan(slope) else {
      let expected = run.gravity * (sin(slope) - mu * cos(slope))
      return [run.relative("acceleration slipping, \(label) (m/s²)", acceleration, expected: expected, within: 0.002)]
    }
    let normal = Vector3(-sin(slope), 0, cos(slope))
    let slip = end.velocity + end.angularVelocity.cross(normal * -radius)
    return [
      run.relative(
        "acceleration, \(label) (m/s²)", acceleration, expected: run.gravity * sin(slope) / (1 + ratio), within: 0.002),
      run.absolute("slip just above critical µ, \(label) (m/s)", slip.length, expected: 0, within: 1e-6),
    ]
  }
}

extension PhysicsRun {
  /// Angle of a plane that falls towards −x, rad.
  fileprivate func slope(_ name: String) -> Double {
    guard case .plane(let normal) = body(name).shape else { return .nan }
    return atan2(-normal.x, normal.z)
  }
}
