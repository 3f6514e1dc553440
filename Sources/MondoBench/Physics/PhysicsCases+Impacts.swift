import Foundation
import Mondo

extension PhysicsCase {
  static let steps = [1.0 / 60, 1.0 / 240, 1.0 / 1000]

  /// A ball dropped on a floor rises to e²h, whatever the step and wherever the grid of time falls.
  static let bounce = PhysicsCase(name: "bounce") { settings in
    var random = RandomStream(seed: 1, "bounce")
    var variants: [PhysicsVariant] = []
    for step in settings.steps(steps) {
      let restitutions = settings.choices("materials.bouncy.restitution", [0.1, 0.3, 0.5, 0.8, 1.0]) {
        $0.bodies[0].material.restitution
      }
      for e in restitutions {
        for _ in 0..<settings.phases {
          let radius = random.uniform(in: 0.02...0.2)
          let height = 1 + random.uniform() * 9.81 * step * step
          variants.append(
            PhysicsVariant(
              step,
              [
                "materials.bouncy.restitution": "\(e)", "bodies.ball.shape.sphere.radius": "\(radius)",
                "bodies.ball.mass": "\(random.uniform(in: 0.01...10))", "bodies.ball.position[2]": "\(height + radius)",
                "duration": "\(0.46 + 0.92 * e)",
              ]))
        }
      }
    }
    // As the scene stands: all its bounces.
    return variants + settings.steps(steps).map { PhysicsVariant($0) }
  } measure: { run in
    let (e, g, radius) = (run.pair("floor", "ball").restitution, run.gravity, run.radius("ball"))
    let states = run.track("ball").states
    let height = states[0].position.z - radius - run.body("floor").worldFromShape.translation.z
    let fall = (2 * height / g).squareRoot()
    let impacts = run.impacts
    let isWhole = run.scene.duration > fall * (1 + e) / max(1 - e, 1e-9) + 0.1 && e < 1
    let label = "e \(e) \(run.stepName)"

    // Between the first two impacts height and speed of any sample give the apex exactly.
    var apex = Double.nan
    let (from, to) = (impacts.first?.time ?? .infinity, impacts.dropFirst().first?.time ?? .infinity)
    for (time, state) in zip(run.trajectory.times, states) where time > from && time < to {
      apex =
        state.position.z - radius - run.body("floor").worldFromShape.translation.z + state.velocity.z * state.velocity.z
        / (2 * g)
    }
    var lines = [run.relative("apex, \(label) (m)", apex, expected: e * e * height, within: 0.005)]
    if isWhole {
      var expected = fall
      var hop = 2 * e * fall
      for index in 0..<5 {
        let measured = index < impacts.count ? impacts[index].time : .nan
        lines.append(run.absolute("impact \(index + 1), \(label) (s)", measured, expected: expected, within: 1e-6))
        expected += hop
        hop *= e
      }
      let rest = run.trajectory.contacts.first { $0.kind == .begin }?.time ?? .nan
      lines.append(run.relative("at rest, \(label) (s)", rest, expected: fall * (1 + e) / (1 - e), within: 0.005))
      let end = states[states.count - 1]
      lines.append(run.absolute("speed at rest, \(label) (m/s)", end.velocity.length, expected: 0, within: 1e-9))
      let floor = run.body("floor").worldFromShape.translation.z
      lines.append(run.absolute("height at rest, \(label) (m)", end.position.z - radius - floor, expected: 0, within: 1e-6))
    }
    return lines
  }

  /// Spheres in a row, 1 µm apart: the last leaves with the speed of the first.
  static let cradle = PhysicsCase(name: "cradle") { settings in
    var variants: [PhysicsVariant] = []
    for step in settings.steps(steps) {
      for (radius, gap) in [(0.05, 1e-6), (0.02, 1e-6), (0.1, 1e-6), (0.05, 0)] {
        let spacing = 2 * radius + gap
        variants.append(
          PhysicsVariant(
            step,
            [
              "bodies.first.shape.sphere.radius": "\(radius)", "bodies.ball.shape.sphere.radius": "\(radius)",
              "bodies.first.position[0]": "\(-0.3 - spacing)", "bodies.ball.repeat.line.step[0]": "\(spacing)",
            ]))
      }
    }
    return variants
  } measure: { run in
    let tracks = run.trajectory.bodies
    let last = tracks[0].states.count - 1
    let start = tracks[0].states[0].velocity.x
    let e = run.pair(tracks[0].name, tracks[1].name).restitution
    // One after the other: v′ = v (1 + e) m / (m + m′).
    var expected = start
    for (a, b) in zip(tracks, tracks.dropFirst()) { expected *= (1 + e) * a.mass / (a.mass + b.mass) }
    let speeds = tracks.map { $0.states[last].velocity.x }
    let name = "r \(run.radius("first")) \(run.stepName)"
    var lines = [run.absolute("last speed, \(name) (m/s)", speeds[speeds.count - 1], expected: expected, within: 0.001 * start)]
    let isEven = tracks.allSatisfy { $0.mass == tracks[0].mass }
    if isEven && e == 1 {
      lines.append(
        run.absolute(
          "other speeds, \(name) (m/s)", speeds.dropLast().map(abs).max() ?? .nan, expected: 0, within: 0.001 * start))
    }
    if e == 1 {
      let ratio = run.kineticEnergy(at: last) / run.kineticEnergy(at: 0)
      lines.append(run.absolute("energy ratio, \(name)", ratio, expected: 1, within: 0.001))
    }
    return lines
  }

  /// Two spinning spheres meet off centre: momentum is what it was, as read off the states.
  static let collision = PhysicsCase(name: "collision") { settings in
    var random = RandomStream(seed: 2, "collision")
    func vector(_ size: Double) -> Vector3 {
      Vector3(random.uniform(in: -size...size), random.uniform(in: -size...size), random.uniform(in: -size...size))
    }
    return (0..<2 * settings.phases).map { k in
      let step = settings.steps(steps)
      return PhysicsVariant(
        step[k % step.count],
        [
          "materials.rough.restitution": "\(random.uniform())", "materials.rough.friction": "\(random.uniform())",
          "bodies.a.mass": "\(random.uniform(in: 0.1...3))", "bodies.b.mass": "\(random.uniform(in: 0.1...3))",
          "bodies.a.position": (Vector3(-1, 0, 0) + vector(0.05)).text, "bodies.a.spin": vector(50).text,
          "bodies.b.position": (Vector3(1, 0, 0) + vector(0.05)).text, "bodies.b.spin": vector(50).text,
        ])
    }
  } measure: { run in
    let last = run.trajectory.times.count - 1
    let (before, after) = (run.momentum(at: 0), run.momentum(at: last))
    let recorded = run.trajectory.momentum.angular[last]
    let gain = max(0, run.energy(at: last) / run.energy(at: 0) - 1)
    return [
      run.absolute(
        "linear momentum, relative", (after.linear - before.linear).length / before.linear.length, expected: 0, within: 1e-9),
      run.absolute(
        "angular momentum, relative", (after.angular - before.angular).length / before.angular.length, expected: 0, within: 1e-9
      ),
      run.absolute(
        "recorded angular momentum against that of the states, relative",
        (recorded - after.angular).length / after.angular.length,
        expected: 0, within: 1e-9),
      run.absolute("energy gained, relative", gain, expected: 0, within: 1e-9),
      run.absolute("runs without an impact", run.impacts.isEmpty ? 1 : 0, expected: 0, within: 0),
    ]
  }

  /// A small fast ball doesn't pass a thin plate.
  static let bullet = PhysicsCase(name: "bullet") { settings in
    var random = RandomStream(seed: 4, "bullet")
    var variants: [PhysicsVariant] = []
    for step in settings.steps(steps) {
      for _ in 0..<max(1, settings.phases / 2) {
        variants.append(
          PhysicsVariant(
            step,
            [
              "bodies.ball.position[0]": "\(-random.uniform(in: 0.5...3))",
              "bodies.ball.velocity[1]": "\(random.uniform(in: -20...20))",
            ]))
      }
    }
    return variants
  } measure: { run in
    let positions = run.track("ball").states.map(\.position.x)
    let plate = run.body("plate").worldFromShape.translation.x
    let isBeyond = (positions.max() ?? 0) > plate
    let speed = run.body("ball").velocity.length
    return [
      run.absolute("runs beyond the plate", isBeyond ? 1 : 0, expected: 0, within: 0),
      run.relative(
        "speed off the plate along its normal / before",
        -run.track("ball").states[positions.count - 1].velocity.x
          / run.body("ball").velocity.x, expected: run.pair("plate", "ball").restitution, within: speed > 0 ? 0.005 : 1),
    ]
  }
}
