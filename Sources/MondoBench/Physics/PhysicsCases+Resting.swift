import Mondo

extension PhysicsCase {
  /// Ten boxes stand for a minute.
  static let stack = PhysicsCase(name: "stack") { settings in
    settings.steps([1.0 / 240]).map { PhysicsVariant($0) }
  } measure: { run in
    let boxes = run.trajectory.bodies.filter { $0.motion == .dynamic }
    let last = run.trajectory.times.count - 1
    let drift = boxes.reduce(0.0) { max($0, ($1.states[last].position - $1.states[0].position).length) }
    // From a second on, when the first load has been taken up.
    let settled = Int(1 / run.step)
    var kinetic = 0.0
    for k in min(settled, last)...last { kinetic = max(kinetic, run.kineticEnergy(at: k)) }
    let floor = run.body("floor").worldFromShape.translation.z
    let height = boxes.reduce(0.0) { $0 + $1.mass * run.gravity * ($1.states[0].position.z - floor) }
    let label = "\(run.scene.duration) s, \(run.stepName)"
    return [
      run.absolute("drift in \(label) (m)", drift, expected: 0, within: 1e-3),
      run.absolute("kinetic energy / mgh, \(label)", kinetic / height, expected: 0, within: 1e-6),
    ]
  }

  /// A basketball that misses: each rebound from board and rim obeys e and µ of its pair.
  static let missedShot = PhysicsCase(name: "missed-shot") { settings in
    var random = RandomStream(seed: 5, "missed-shot")
    return (0..<max(1, settings.phases / 5)).flatMap { _ in
      let velocity = Vector3(random.uniform(in: 5.6...6.6), 0, random.uniform(in: 6.2...6.8))
      let aside = random.uniform(in: -0.15...0.15)
      return settings.steps([1.0 / 240]).map { step in
        PhysicsVariant(step, ["bodies.ball.velocity": velocity.text, "bodies.ball.position[1]": "\(aside)"])
      }
    }
  } measure: { run in
    let (states, times) = (run.track("ball").states, run.trajectory.times)
    let (mass, radius) = (run.track("ball").mass, run.radius("ball"))
    var lines: [PhysicsMeasurement] = []
    var depth = 0.0
    for k in 1..<states.count {
      depth = max(depth, depthInGoal(states[k].position, radius))
      let hits = run.impacts.filter { $0.time > times[k - 1] && $0.time <= times[k] }
      guard hits.count == 1, let hit = hits.first else { continue }
      // Undo gravity to get the velocities just before and after the impact.
      let before = states[k - 1].velocity + run.scene.gravity * (hit.time - times[k - 1])
      let after = states[k].velocity - run.scene.gravity * (times[k] - hit.time)
      let n = hit.normal
      let closing = abs(before.dot(n))
      if closing < 0.2 { continue }
      let pair = run.pair(hit.bodies[0], hit.bodies[1])
      lines.append(
        run.relative(
          "restitution at the \(hit.bodies[0])", abs(after.dot(n)) / closing, expected: pair.restitution, within: 0.005))
      let jump = (after - before) * mass
      let along = abs(jump.dot(n))
      // Sliding gives µ exactly; gripping gives less.
      let excess = max(0, (jump - n * jump.dot(n)).length / along - pair.friction)
      lines.append(run.absolute("friction beyond µ of the pair", excess, expected: 0, within: 1e-3))
      lines.append(run.relative("recorded impulse (N·s)", hit.impulse, expected: along, within: 0.005))
    }
    return lines + [run.absolute("depth in board or rim (m)", depth, expected: 0, within: 1e-3)]
  }

  private static func depthInGoal(_ p: Vector3, _ radius: Double) -> Double {
    let board = p - Vector3(4.6, 0, 3.45)
    let beyond = pointwiseMax(Vector3(abs(board.x), abs(board.y), abs(board.z)) - Vector3(0.015, 0.9, 0.525), .zero)
    let rim = p - Vector3(4.2, 0, 3.05)
    let across = (rim.x * rim.x + rim.y * rim.y).squareRoot() - 0.225
    let tube = (across * across + rim.z * rim.z).squareRoot() - 0.01
    return max(0, radius - beyond.length, radius - tube)
  }
}
