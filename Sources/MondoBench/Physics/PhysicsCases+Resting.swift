import RigidBodies
import WorldCore

extension PhysicsCase {
  /// Ten boxes stand for a minute.
  static let stack = PhysicsCase(name: "stack") {
    var bodies = [Props.floor(restitution: 0.2, friction: 0.6)]
    for k in 0..<10 {
      bodies.append(
        Props.solid(
          "\(k)", .box(size: Vector3(0.2, 0.2, 0.2)), at: Vector3(0, 0, 0.1 + 0.2 * Double(k)), restitution: 0.2, friction: 0.6)
      )
    }
    var world = try RigidWorld(RigidWorldDefinition(bodies: bodies))
    let start = world.states
    try world.advance(to: 1)
    var kinetic = 0.0
    for k in 1...590 {
      try world.advance(to: 1 + Double(k) * 0.1)
      kinetic = max(kinetic, world.energy.kinetic)
    }
    let drift = zip(start, world.states).map { ($0.position - $1.position).length }.max() ?? .nan
    return [
      .absolute("stack", "drift in 60 s (m)", drift, expected: 0, within: 1e-3),
      .absolute("stack", "kinetic energy / potential", kinetic / world.energy.potential, expected: 0, within: 1e-6),
    ]
  }

  /// A small ball at 300 m/s doesn't pass a plate of 1 mm.
  static let bullet = PhysicsCase(name: "bullet") {
    var random = RandomStream(seed: 4, "bullet")
    var farthest = -Double.infinity
    for step in steps {
      for _ in 0..<50 {
        let plate = Props.fixed("plate", .box(size: Vector3(0.001, 1, 1)), at: .zero, restitution: 0.5)
        let ball = Props.solid(
          "ball", .sphere(radius: 0.0025), mass: 0.0005, at: Vector3(-random.uniform(in: 0.5...3), 0, 0),
          velocity: Vector3(300, random.uniform(in: -20...20), 0), restitution: 0.5)
        var world = try RigidWorld(RigidWorldDefinition(bodies: [plate, ball], timeStep: step))
        try world.advance(to: 0.05)
        farthest = max(farthest, world.state(of: 1).position.x)
      }
    }
    return [.absolute("bullet", "balls beyond the plate", farthest < 0 ? 0 : 1, expected: 0, within: 0)]
  }

  /// A basketball that misses: each rebound from board and rim obeys e and µ of its pair.
  static let missedShot = PhysicsCase(name: "missed-shot") {
    var random = RandomStream(seed: 5, "missed-shot")
    var (restitutions, frictions, depths) = ([PhysicsMeasurement](), [PhysicsMeasurement](), [PhysicsMeasurement]())
    var (boards, rims) = (0, 0)
    for _ in 0..<20 {
      let radius = 0.12
      let bodies = [
        Props.floor(restitution: 0.7, friction: 0.5),
        Props.fixed("board", .box(size: Vector3(0.03, 1.8, 1.05)), at: Vector3(4.6, 0, 3.45), restitution: 0.6, friction: 0.5),
        Props.fixed("rim", .torus(radius: 0.225, tube: 0.01), at: Vector3(4.2, 0, 3.05), restitution: 0.5, friction: 0.4),
        Props.solid(
          "ball", .sphere(radius: radius), mass: 0.62, at: Vector3(0, random.uniform(in: -0.15...0.15), 2),
          velocity: Vector3(random.uniform(in: 5.6...6.6), 0, random.uniform(in: 6.2...6.8)), spin: Vector3(0, -12, 0),
          restitution: 0.83, friction: 0.6),
      ]
      var world = try RigidWorld(RigidWorldDefinition(bodies: bodies))
      var depth = 0.0
      for k in 1...960 {
        let before = world.state(of: 3)
        try world.advance(to: Double(k) / 240)
        let after = world.state(of: 3)
        depth = max(depth, Self.depthInGoal(after.position, radius))
        let contacts = world.drainContacts().filter { $0.kind == .impact }
        guard contacts.count == 1, let hit = contacts.first else { continue }
        if hit.involves("board") { boards += 1 }
        if hit.involves("rim") { rims += 1 }
        // Undo gravity to get the velocities just before and after the impact.
        let t0 = Double(k - 1) / 240
        var vBefore = before.velocity
        vBefore.z -= Props.g * (hit.time - t0)
        var vAfter = after.velocity
        vAfter.z += Props.g * (Double(k) / 240 - hit.time)
        let n = hit.normal
        let closing = abs(vBefore.dot(n))
        if closing < 0.2 { continue }
        restitutions.append(
          .relative(
            "missed-shot", "restitution at \(hit.bodies[0])", abs(vAfter.dot(n)) / closing, expected: hit.restitution,
            within: 0.005))
        let jump = (vAfter - vBefore) * 0.62
        let normalImpulse = abs(jump.dot(n))
        let tangential = (jump - n * jump.dot(n)).length
        // Sliding gives µ exactly; gripping gives less.
        frictions.append(
          .absolute(
            "missed-shot", "friction beyond µ of the pair", max(0, tangential / normalImpulse - hit.friction), expected: 0,
            within: 1e-3))
      }
      depths.append(.absolute("missed-shot", "depth in board or rim (m)", depth, expected: 0, within: 1e-3))
    }
    return [PhysicsMeasurement.worst(restitutions), .worst(frictions), .worst(depths)].compactMap { $0 } + [
      .absolute("missed-shot", "shots that met neither board nor rim", boards + rims > 0 ? 0 : 1, expected: 0, within: 0)
    ]
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
