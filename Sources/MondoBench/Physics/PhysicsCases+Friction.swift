import Foundation
import RigidBodies
import WorldCore

extension PhysicsCase {
  /// A box slides to a stop after v²/(2µg), along the line it was pushed.
  static let sliding = PhysicsCase(name: "sliding") {
    var distances: [PhysicsMeasurement] = []
    var directions: [PhysicsMeasurement] = []
    var random = RandomStream(seed: 3, "sliding")
    for step in steps {
      for degrees in stride(from: 0.0, through: 90, by: 7.5) {
        for speed in [3.0, random.uniform(in: 1...5)] {
          let angle = degrees * .pi / 180
          let direction = Vector3(cos(angle), sin(angle), 0)
          var world = try RigidWorld(
            RigidWorldDefinition(
              bodies: [
                Props.floor(restitution: 0, friction: 0.3),
                Props.solid(
                  "box", .box(size: Vector3(0.3, 0.3, 0.1)), mass: random.uniform(in: 0.1...20), at: Vector3(0, 0, 0.05),
                  velocity: direction * speed, restitution: 0, friction: 0.3),
              ], timeStep: step))
          try world.advance(to: 3)
          let end = world.state(of: 1).position
          let travel = Vector3(end.x, end.y, 0)
          distances.append(
            .relative(
              "sliding", "distance dt \(step), \(degrees)° (m)", travel.length, expected: speed * speed / (0.6 * Props.g),
              within: 0.002))
          let turn = atan2(travel.cross(direction).length, travel.dot(direction)) * 180 / .pi
          directions.append(.absolute("sliding", "direction dt \(step), \(degrees)° (degrees)", turn, expected: 0, within: 0.1))
        }
      }
    }
    return [PhysicsMeasurement.worst(distances), .worst(directions)].compactMap { $0 }
  }

  /// A box on a slope holds half a degree below atan µ and slides half a degree above with g (sin θ − µ cos θ).
  static let ramp = PhysicsCase(name: "ramp") {
    var lines: [PhysicsMeasurement] = []
    for step in [1.0 / 240, 1.0 / 60] {
      var (holds, slides, creeps) = ([PhysicsMeasurement](), [PhysicsMeasurement](), [PhysicsMeasurement]())
      for tenth in 1...10 {
        let mu = Double(tenth) / 10
        func slide(_ angle: Double, _ time: Double) throws -> (distance: Double, speed: Double) {
          let rotation = Quaternion(axis: .unitY, angle: -angle)
          let normal = Vector3(-sin(angle), 0, cos(angle))
          var world = try RigidWorld(
            RigidWorldDefinition(
              bodies: [
                Props.floor(restitution: 0, friction: mu, slope: angle),
                Props.solid(
                  "box", .box(size: Vector3(0.4, 0.3, 0.1)), at: normal * 0.05, rotation: rotation, restitution: 0, friction: mu
                ),
              ], timeStep: step))
          try world.advance(to: time)
          let state = world.state(of: 1)
          return ((state.position - normal * 0.05).length, state.velocity.length)
        }
        let limit = atan(mu)
        let half = 0.5 * Double.pi / 180
        holds.append(
          .absolute("ramp", "slip below µ \(mu) dt \(step) (m)", try slide(limit - half, 2).distance, expected: 0, within: 1e-4)
        )
        let above = limit + half
        let acceleration = Props.g * (sin(above) - mu * cos(above))
        slides.append(
          .relative(
            "ramp", "acceleration above µ \(mu) dt \(step) (m/s²)", try slide(above, 2).speed / 2, expected: acceleration,
            within: 0.01))
        creeps.append(
          .absolute(
            "ramp", "creep in 5 s at 0.9 µ \(mu) dt \(step) (m)", try slide(atan(0.9 * mu), 5).distance, expected: 0,
            within: 1e-4))
      }
      lines += [PhysicsMeasurement.worst(holds), .worst(slides), .worst(creeps)].compactMap { $0 }
    }
    return lines
  }

  /// A ball rolls down with 5/7 g sin θ and slips only if µ < 2/7 tan θ.
  static let rolling = PhysicsCase(name: "rolling") {
    var lines: [PhysicsMeasurement] = []
    for step in steps {
      for degrees in [10.0, 20, 35] {
        let angle = degrees * .pi / 180
        let critical = 2.0 / 7 * tan(angle)
        func roll(_ mu: Double) throws -> (acceleration: Double, slip: Double) {
          let normal = Vector3(-sin(angle), 0, cos(angle))
          let r = 0.1
          var world = try RigidWorld(
            RigidWorldDefinition(
              bodies: [
                Props.floor(restitution: 0, friction: mu, slope: angle),
                Props.solid("ball", .sphere(radius: r), mass: 2, at: normal * r, restitution: 0, friction: mu),
              ], timeStep: step))
          try world.advance(to: 2)
          let state = world.state(of: 1)
          let slip = state.velocity + state.angularVelocity.cross(normal * -r)
          return ((state.position - normal * r).length / 2, slip.length)
        }
        let held = try roll(critical * 1.02)
        let name = "\(degrees)° dt \(step)"
        lines.append(
          .relative(
            "rolling", "acceleration \(name) (m/s²)", held.acceleration, expected: 5.0 / 7 * Props.g * sin(angle), within: 0.002
          ))
        lines.append(.absolute("rolling", "slip just above critical µ \(name) (m/s)", held.slip, expected: 0, within: 1e-6))
        let mu = critical * 0.9
        let slipping = try roll(mu)
        lines.append(
          .relative(
            "rolling", "acceleration slipping \(name) (m/s²)", slipping.acceleration,
            expected: Props.g * (sin(angle) - mu * cos(angle)), within: 0.002))
      }
    }
    return lines
  }
}
