import Foundation
import Mondo

extension PhysicsCase {
  /// A body that spins about its middle axis and flips: Euler's equations without torque.
  static let tumbling = PhysicsCase(name: "tumbling") { settings in
    settings.steps(steps).map { PhysicsVariant($0) }
  } measure: { run in
    let track = run.track("top")
    let last = track.states.count - 1
    let (energy, momentum) = (run.kineticEnergy(at: 0), run.momentum(at: 0).angular)
    var (energyError, momentumError) = (0.0, 0.0)
    var flips: [Double] = []
    func middle(_ k: Int) -> Double { track.states[k].orientation.unrotate(track.states[k].angularVelocity).y }
    for k in 1...last {
      let (before, now) = (middle(k - 1), middle(k))
      if before * now < 0 { flips.append(run.trajectory.times[k] - run.step * now / (now - before)) }
      energyError = max(energyError, abs(run.kineticEnergy(at: k) / energy - 1))
      momentumError = max(momentumError, (run.momentum(at: k).angular - momentum).length / momentum.length)
    }
    let expected = eulerFlips(inertia: track.inertia, spin: track.states[0].angularVelocity, until: run.scene.duration)
    var worst = flips.count == expected.count ? 0 : Double.nan
    for (a, b) in zip(flips, expected) where abs(a - b) > worst { worst = abs(a - b) }
    return [
      run.absolute("energy, relative, \(run.stepName)", energyError, expected: 0, within: 1e-6),
      run.absolute("angular momentum, relative, \(run.stepName)", momentumError, expected: 0, within: 1e-9),
      run.absolute("flips, \(run.stepName)", Double(flips.count), expected: Double(expected.count), within: 0),
      run.absolute("worst time of a flip, \(run.stepName) (s)", worst, expected: 0, within: 1e-3),
    ]
  }

  /// When the spin about the middle axis changes sign: Euler's equations I ω̇ = Iω × ω in the body's frame by the classical
  /// Runge-Kutta method at 0.1 ms. For I = (1, 2, 3) and ω₀ = (0.01, 5, 0.01): 2.74107, 7.76700, 12.79293, 17.81886 s, as
  /// Jacobi's functions say.
  private static func eulerFlips(inertia i: Vector3, spin: Vector3, until end: Double) -> [Double] {
    func slope(_ w: Vector3) -> Vector3 { (i * w).cross(w) / i }
    var (w, flips) = (spin, [Double]())
    let h = 1e-4
    for k in 0..<Int(end / h) {
      let k1 = slope(w)
      let k2 = slope(w + k1 * (h / 2))
      let k3 = slope(w + k2 * (h / 2))
      let k4 = slope(w + k3 * h)
      let sum = k1 + (k2 + k3) * 2 + k4
      let next = w + sum * (h / 6)
      if w.y * next.y < 0 { flips.append((Double(k) + w.y / (w.y - next.y)) * h) }
      w = next
    }
    return flips
  }

  /// Balls in air: one falls at its terminal speed, others curve; against the same equations integrated here.
  static let air = PhysicsCase(name: "air") { settings in
    settings.steps(steps).flatMap { step in
      ["[0, 0, 0]", "[4, 3, 0]"].map { PhysicsVariant(step, ["air.wind": $0]) }
    }
  } measure: { run in
    guard let air = run.scene.air else { return [] }
    let isCalm = air.wind == .zero
    return run.scene.bodies.flatMap { body -> [PhysicsMeasurement] in
      guard case .sphere(let radius) = body.shape else { return [] }
      let track = run.track(body.name)
      let end = track.states[track.states.count - 1]
      let (position, velocity) = flight(track.states[0], radius, track.mass, air, run.scene.gravity, until: run.scene.duration)
      let travel = (position - track.states[0].position).length
      let label = "\(body.name)\(isCalm ? "" : " in wind"), \(run.stepName)"
      var lines = [
        run.absolute("end point / path, \(label)", (end.position - position).length / travel, expected: 0, within: 0.005)
      ]
      if body.name == "falling" && isCalm {
        let terminal = (2 * track.mass * run.gravity / (air.density * 0.47 * Double.pi * radius * radius)).squareRoot()
        lines.append(run.relative("terminal speed, \(label) (m/s)", -end.velocity.z, expected: terminal, within: 0.005))
      }
      lines.append(
        run.absolute(
          "end velocity, \(label), relative", (end.velocity - velocity).length / velocity.length, expected: 0, within: 0.005))
      return lines
    }
  }

  /// Drag with C_d 0.47 and Magnus lift with C_l = S / (2.022 S + 0.981), S = r |ω⊥| / |v|, by Heun's method at 50 µs.
  private static func flight(
    _ start: BodyState, _ radius: Double, _ mass: Double, _ air: Scene.Air, _ gravity: Vector3, until end: Double
  ) -> (Vector3, Vector3) {
    let area = Double.pi * radius * radius
    func acceleration(_ v: Vector3) -> Vector3 {
      let flow = v - air.wind
      let speed = flow.length
      if speed == 0 { return gravity }
      var force = flow * (-0.5 * air.density * 0.47 * area * speed)
      let lift = start.angularVelocity.cross(flow)
      if lift.length > 0 {
        let parameter = radius * lift.length / (speed * speed)
        let size = 0.5 * air.density * area * speed * speed * parameter / (2.022 * parameter + 0.981)
        force += lift * (size / lift.length)
      }
      return force / mass + gravity
    }
    var (x, v) = (start.position, start.velocity)
    let count = Int((end / 5e-5).rounded(.up))
    let h = end / Double(count)
    for _ in 0..<count {
      let k1 = acceleration(v)
      let k2 = acceleration(v + k1 * h)
      x += v * h + k1 * (h * h / 2)
      v += (k1 + k2) * (h / 2)
    }
    return (x, v)
  }
}
