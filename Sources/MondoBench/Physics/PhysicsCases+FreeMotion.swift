import RigidBodies
import WorldCore

extension PhysicsCase {
  /// A body that spins about its middle axis and flips: Euler's equations without torque.
  static let tumbling = PhysicsCase(name: "tumbling") {
    // Zeros of ω₂ from Jacobi's elliptic functions for I = (1, 2, 3), ω₀ = (0.01, 5, 0.01).
    let flips = [2.74107, 7.76700, 12.79293, 17.81886]
    var lines: [PhysicsMeasurement] = []
    for step in [1.0 / 240, 1.0 / 60, 1.0 / 1000] {
      let body = RigidBodyDefinition(
        name: "top", shape: .box(size: Vector3(0.3, 0.2, 0.1)), mass: 1, inertia: Vector3(1, 2, 3),
        initialState: BodyState(position: .zero, angularVelocity: Vector3(0.01, 5, 0.01)))
      var world = try RigidWorld(RigidWorldDefinition(gravity: .zero, bodies: [body], timeStep: step))
      let (energy, momentum) = (world.energy.kinetic, world.momentum.angular)
      var (energyError, momentumError) = (0.0, 0.0)
      var zeros: [Double] = []
      var before = 5.0
      let count = Int((20 / step).rounded())
      for k in 1...count {
        try world.advance(to: Double(k) * step)
        let state = world.state(of: 0)
        let middle = state.orientation.unrotate(state.angularVelocity).y
        if middle * before < 0 { zeros.append(Double(k) * step - step * middle / (middle - before)) }
        before = middle
        energyError = max(energyError, abs(world.energy.kinetic / energy - 1))
        momentumError = max(momentumError, (world.momentum.angular - momentum).length / momentum.length)
      }
      lines.append(.absolute("tumbling", "energy, relative, dt \(step)", energyError, expected: 0, within: 1e-6))
      lines.append(.absolute("tumbling", "angular momentum, relative, dt \(step)", momentumError, expected: 0, within: 1e-9))
      for (index, expected) in flips.enumerated() {
        let measured = index < zeros.count ? zeros[index] : .nan
        lines.append(.absolute("tumbling", "flip \(index + 1) dt \(step) (s)", measured, expected: expected, within: 1e-3))
      }
    }
    return lines
  }

  /// A sphere falling in still air, and the curve of one that spins, against the same equations integrated here.
  static let air = PhysicsCase(name: "air") {
    var lines: [PhysicsMeasurement] = []
    let (radius, mass, density) = (0.12, 0.62, 1.204)
    let area = Double.pi * radius * radius
    var world = try RigidWorld(
      RigidWorldDefinition(
        air: Air(density: density), bodies: [Props.solid("ball", .sphere(radius: radius), mass: mass, at: .zero)]))
    try world.advance(to: 15)
    let terminal = (2 * mass * Props.g / (density * 0.47 * area)).squareRoot()
    lines.append(.relative("air", "terminal speed (m/s)", -world.state(of: 0).velocity.z, expected: terminal, within: 0.005))

    // Heun's method in very small steps for the spinning ball.
    for (r, m, speed, spin) in [(0.12, 0.62, 12.0, 20.0), (0.033, 0.057, 30.0, -250.0), (0.02, 0.0027, 12.0, 300.0)] {
      let a = Double.pi * r * r
      func acceleration(_ v: Vector3) -> Vector3 {
        let s = v.length
        let lift = Vector3(0, -spin, 0).cross(v)
        let parameter = r * lift.length / (s * s)
        let coefficient = parameter / (2.022 * parameter + 0.981)
        var force = v * (-0.5 * density * 0.47 * a * s)
        force += lift * (0.5 * density * a * coefficient * s * s / lift.length)
        return force / m + Vector3(0, 0, -Props.g)
      }
      var (x, v) = (Vector3.zero, Vector3(speed, 0, speed / 4))
      let h = 1e-5
      for _ in 0..<100_000 {
        let k1 = acceleration(v)
        let k2 = acceleration(v + k1 * h)
        x += v * h + k1 * (h * h / 2)
        v += (k1 + k2) * (h / 2)
      }
      var world = try RigidWorld(
        RigidWorldDefinition(
          air: Air(density: density),
          bodies: [
            Props.solid(
              "ball", .sphere(radius: r), mass: m, at: .zero, velocity: Vector3(speed, 0, speed / 4), spin: Vector3(0, -spin, 0)
            )
          ]))
      try world.advance(to: 1)
      let end = world.state(of: 0).position
      lines.append(
        .absolute("air", "Magnus curve r \(r), end point / path", (end - x).length / x.length, expected: 0, within: 0.005))
    }
    return lines
  }
}
