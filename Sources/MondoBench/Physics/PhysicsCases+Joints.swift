import Foundation
import RigidBodies
import WorldCore

extension PhysicsCase {
  /// Two point-like masses on rods of length 1: chaotic, without friction, so that only the integrator can lose energy.
  static let doublePendulum = PhysicsCase(name: "double-pendulum") {
    var lines: [PhysicsMeasurement] = []
    for (step, mass) in [(1.0 / 240, 1.0), (1.0 / 1000, 0.3), (1.0 / 240, 20.0)] {
      var world = try RigidWorld(pendulum(angles: [2.0, 0.5], mass: mass, step: step))
      let total = world.energy.kinetic + world.energy.potential
      var drift = 0.0
      for k in 1...2000 {
        try world.advance(to: Double(k) * 0.01)
        drift = max(drift, abs(world.energy.kinetic + world.energy.potential - total))
      }
      lines.append(
        .absolute(
          "double-pendulum", "energy drift / 4mgl, dt \(step) m \(mass)", drift / (4 * mass * Props.g), expected: 0,
          within: 1e-4))
    }
    return lines
  }

  /// A small swing of a point mass on a rod: T = 2π √(l/g) (1 + θ²/16 + 11 θ⁴/3072).
  static let pendulum = PhysicsCase(name: "pendulum") {
    var world = try RigidWorld(pendulum(angles: [0.3], mass: 1, step: 1.0 / 240))
    var crossings: [Double] = []
    var before = world.state(of: 0)
    for k in 1...2400 {
      try world.advance(to: Double(k) / 240)
      let now = world.state(of: 0)
      if before.position.x > 0 && now.position.x <= 0 {
        crossings.append((Double(k) - now.position.x / (now.position.x - before.position.x)) / 240)
      }
      before = now
    }
    let period = (crossings[crossings.count - 1] - crossings[0]) / Double(crossings.count - 1)
    // The bob's own moment, 2/5 r² with r = 1 mm, is 4e-7 of l².
    let expected = 2 * Double.pi / Props.g.squareRoot() * (1 + 0.09 / 16 + 11 * 0.0081 / 3072)
    return [.relative("pendulum", "period (s)", period, expected: expected, within: 1e-4)]
  }

  private static func pendulum(angles: [Double], mass: Double, step: Double) -> RigidWorldDefinition {
    var bodies: [RigidBodyDefinition] = []
    var joints: [JointDefinition] = []
    var anchor = Vector3.zero
    for (index, angle) in angles.enumerated() {
      let bob = anchor + Vector3(sin(angle), 0, -cos(angle))
      bodies.append(Props.solid("\(index)", .sphere(radius: 0.001), mass: mass, at: bob))
      joints.append(
        JointDefinition(
          name: "\(index)", .hinge(.init()), between: "\(index)", and: index == 0 ? nil : "\(index - 1)", anchor: anchor,
          axis: .unitY))
      anchor = bob
    }
    return RigidWorldDefinition(bodies: bodies, joints: joints, timeStep: step)
  }
}
