import RigidBodies
import WorldCore

extension PhysicsCase {
  static let steps = [1.0 / 60, 1.0 / 240, 1.0 / 1000]

  /// A ball dropped on a floor rises to e²h, whatever the step and wherever the grid of time falls.
  static let bounce = PhysicsCase(name: "bounce") {
    var lines: [PhysicsMeasurement] = []
    var random = RandomStream(seed: 1, "bounce")
    for e in [0.1, 0.3, 0.5, 0.8, 1.0] {
      for step in steps {
        var all: [PhysicsMeasurement] = []
        for _ in 0..<100 {
          let radius = random.uniform(in: 0.02...0.2)
          let height = 1 + random.uniform() * Props.g * step * step
          var world = try RigidWorld(
            RigidWorldDefinition(
              bodies: [
                Props.floor(restitution: e),
                Props.solid(
                  "ball", .sphere(radius: radius), mass: random.uniform(in: 0.01...10), at: Vector3(0, 0, height + radius),
                  restitution: e),
              ], timeStep: step))
          // The apex is between samples: v² / 2g above a sample on the way up gives it exactly.
          let fall = (2 * height / Props.g).squareRoot()
          var apex = 0.0
          var k = 0
          while world.time < fall * (1 + 2 * e) {
            k += 1
            try world.advance(to: Double(k) * step)
            let state = world.state(of: 1)
            if world.time > fall && world.time < fall * (1 + 2 * e) && (apex == 0) {
              let rise = max(state.velocity.z, 0)
              if state.velocity.z > 0 || world.time < fall * (1 + e) + step {
                apex = state.position.z - radius + rise * state.velocity.z / (2 * Props.g)
                if state.velocity.z < 0 { apex += state.velocity.z * state.velocity.z / (2 * Props.g) }
              }
            }
          }
          all.append(.relative("bounce", "apex e \(e) dt \(step) (m)", apex, expected: e * e * height, within: 0.005))
        }
        if let worst = PhysicsMeasurement.worst(all) { lines.append(worst) }
      }
    }
    // Times of the impacts and the end of bouncing.
    for step in steps {
      var world = try RigidWorld(
        RigidWorldDefinition(
          bodies: [
            Props.floor(restitution: 0.8), Props.solid("ball", .sphere(radius: 0.1), at: Vector3(0, 0, 1.1), restitution: 0.8),
          ], timeStep: step))
      try world.advance(to: 5)
      let contacts = world.drainContacts()
      let impacts = contacts.filter { $0.kind == .impact }
      let fall = (2 / Props.g).squareRoot()
      var expected = fall
      var hop = 2 * 0.8 * fall
      for index in 0..<5 {
        let measured = index < impacts.count ? impacts[index].time : .nan
        lines.append(.absolute("bounce", "impact \(index + 1) dt \(step) (s)", measured, expected: expected, within: 1e-6))
        expected += hop
        hop *= 0.8
      }
      let rest = contacts.first { $0.kind == .begin }?.time ?? .nan
      lines.append(.relative("bounce", "at rest dt \(step) (s)", rest, expected: fall * 1.8 / 0.2, within: 0.005))
      let state = world.state(of: 1)
      lines.append(.absolute("bounce", "speed at rest dt \(step) (m/s)", state.velocity.length, expected: 0, within: 1e-9))
      lines.append(.absolute("bounce", "height at rest dt \(step) (m)", state.position.z, expected: 0.1, within: 1e-6))
    }
    return lines
  }

  /// Five spheres in a row, 1 µm apart: the last leaves with the speed of the first.
  static let cradle = PhysicsCase(name: "cradle") {
    var lines: [PhysicsMeasurement] = []
    for (step, radius, gap) in [(1.0 / 240, 0.05, 1e-6), (1.0 / 60, 0.02, 1e-6), (1.0 / 1000, 0.1, 1e-6), (1.0 / 240, 0.05, 0)]
    {
      let spacing = 2 * radius + gap
      var bodies = [
        Props.solid("0", .sphere(radius: radius), at: Vector3(-0.3 - spacing, 0, 0), velocity: Vector3(1, 0, 0), friction: 0)
      ]
      for k in 0..<4 {
        bodies.append(Props.solid("\(k + 1)", .sphere(radius: radius), at: Vector3(Double(k) * spacing, 0, 0), friction: 0))
      }
      var world = try RigidWorld(RigidWorldDefinition(gravity: .zero, bodies: bodies, timeStep: step))
      try world.advance(to: 1)
      let speeds = world.states.map(\.velocity.x)
      let name = "dt \(step) r \(radius) gap \(gap)"
      lines.append(.absolute("cradle", "last speed \(name) (m/s)", speeds[4], expected: 1, within: 0.001))
      lines.append(
        .absolute("cradle", "other speeds \(name) (m/s)", speeds[..<4].map(abs).max() ?? .nan, expected: 0, within: 0.001))
      lines.append(.absolute("cradle", "energy ratio \(name)", world.energy.kinetic / 0.5, expected: 1, within: 0.001))
    }
    return lines
  }

  /// Two spinning spheres meet off centre: momentum is what it was.
  static let collision = PhysicsCase(name: "collision") {
    var random = RandomStream(seed: 2, "collision")
    var linear: [PhysicsMeasurement] = []
    var angular: [PhysicsMeasurement] = []
    var hits = 0
    for _ in 0..<200 {
      func vector(_ size: Double) -> Vector3 {
        Vector3(random.uniform(in: -size...size), random.uniform(in: -size...size), random.uniform(in: -size...size))
      }
      let (e, mu) = (random.uniform(), random.uniform())
      let a = Props.solid(
        "a", .sphere(radius: 0.1), mass: random.uniform(in: 0.1...3), at: Vector3(-1, 0, 0) + vector(0.05),
        velocity: Vector3(3, 0, 0), spin: vector(50), restitution: e, friction: mu)
      let b = Props.solid(
        "b", .sphere(radius: 0.15), mass: random.uniform(in: 0.1...3), at: Vector3(1, 0, 0) + vector(0.05),
        velocity: Vector3(-2, 0, 0), spin: vector(50), restitution: e, friction: mu)
      var world = try RigidWorld(RigidWorldDefinition(gravity: .zero, bodies: [a, b]))
      let before = world.momentum
      try world.advance(to: 1)
      let after = world.momentum
      hits += world.drainContacts().isEmpty ? 0 : 1
      linear.append(
        .absolute(
          "collision", "linear momentum, relative", (after.linear - before.linear).length / before.linear.length, expected: 0,
          within: 1e-9))
      angular.append(
        .absolute(
          "collision", "angular momentum, relative", (after.angular - before.angular).length / before.angular.length,
          expected: 0,
          within: 1e-9))
    }
    return [PhysicsMeasurement.worst(linear), .worst(angular)].compactMap { $0 } + [
      .absolute("collision", "pairs that met, of 200", Double(hits), expected: 200, within: 0)
    ]
  }
}
