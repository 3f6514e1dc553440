import Foundation
import RigidBodies
import Testing
import WorldCore

@Suite struct JointTests {
  private func body(_ name: String = "a", mass: Double = 1, at position: Vector3 = Vector3(0.5, 0, 0)) -> RigidBodyDefinition {
    solid(name, .box(size: Vector3(0.2, 0.1, 0.3)), mass: mass, at: position)
  }

  /// Passive joints conserve energy and hold their anchors together.
  @Test(arguments: [
    JointDefinition.Kind.ball(friction: 0, swingLimit: nil), .hinge(.init()), .fixed,
    .spring(stiffness: 40, damping: 0, restLength: 0.3), .hinge(.init(stiffness: 2)), .slider(.init(stiffness: 60)),
  ])
  func passiveJointsKeepEnergy(kind: JointDefinition.Kind) throws {
    let joint = JointDefinition(
      name: "j", kind, between: "a", and: nil, anchor: Vector3(0.1, 0, 0), secondAnchor: .zero, axis: Vector3(0, 1, 0.3))
    var world = try RigidWorld(RigidWorldDefinition(bodies: [body()], joints: [joint]))
    let start = world.energy.kinetic + world.energy.potential
    for k in 1...100 {
      try world.advance(to: Double(k) * 0.05)
      #expect(abs(world.energy.kinetic + world.energy.potential - start) < 1e-5 * g)
    }
  }

  /// A ball a thousand times as heavy as a link whips the chain taut within a step; the step, long as it is, resolves it.
  @Test(arguments: [1.0 / 60, 1.0 / 90, 1.0 / 240], [1.0, 100])
  func heavyChainKeepsEnergy(timeStep: Double, mass: Double) throws {
    var bodies: [RigidBodyDefinition] = []
    var joints: [JointDefinition] = []
    for k in 0..<6 {
      let size = Vector3(0.28, 0.03, 0.03)
      bodies.append(solid("link-\(k)", .box(size: size), mass: 0.1, at: Vector3(0.15 + 0.3 * Double(k), 0, 0)))
    }
    bodies.append(solid("ball", .sphere(radius: 0.08), mass: mass, at: Vector3(1.9, 0, 0)))
    for k in bodies.indices {
      joints.append(
        JointDefinition(
          name: "j\(k)", .ball(friction: 0, swingLimit: nil), between: bodies[k].name, and: k == 0 ? nil : bodies[k - 1].name,
          anchor: Vector3(0.3 * Double(k), 0, 0)))
    }
    var definition = RigidWorldDefinition(bodies: bodies, joints: joints)
    definition.timeStep = timeStep
    var world = try RigidWorld(definition)
    let start = world.energy.kinetic + world.energy.potential
    var worst = 0.0
    for k in 1...120 {
      try world.advance(to: Double(k) / 60)
      worst = max(worst, abs(world.energy.kinetic + world.energy.potential - start))
    }
    #expect(worst < 1e-4 * (mass + 0.6) * g)
  }

  @Test func hingeStopsAtItsLimit() throws {
    let joint = JointDefinition(
      name: "j", .hinge(.init(limits: -0.5...0.5)), between: "a", and: nil, anchor: .zero, axis: .unitY)
    var world = try RigidWorld(RigidWorldDefinition(bodies: [body()], joints: [joint]))
    try world.advance(to: 2)
    let p = world.state(of: 0).position
    #expect(abs(atan2(-p.z, p.x) - 0.5) < 1e-3)
    #expect(world.state(of: 0).velocity.length < 1e-4)
  }

  @Test func sliderMovesAlongItsAxisOnly() throws {
    let joint = JointDefinition(name: "j", .slider(.init()), between: "a", and: nil, anchor: .zero, axis: Vector3(1, 0, -1))
    var world = try RigidWorld(RigidWorldDefinition(bodies: [body()], joints: [joint]))
    try world.advance(to: 1)
    let travel = world.state(of: 0).position - Vector3(0.5, 0, 0)
    // Down a frictionless slope of 45°: g/2 t²/2 along each axis.
    #expect((travel - Vector3(1, 0, -1) * (g / 4)).length < 1e-6)
    #expect(world.state(of: 0).angularVelocity.length < 1e-9)
  }

  @Test func motorReachesItsSpeed() throws {
    let joint = JointDefinition(
      name: "j", .hinge(.init(motor: .init(speed: 3, limit: 100))), between: "a", and: nil, anchor: .zero, axis: .unitZ)
    var world = try RigidWorld(RigidWorldDefinition(bodies: [body()], joints: [joint]))
    try world.advance(to: 1)
    #expect(abs(world.state(of: 0).angularVelocity.z - 3) < 1e-4)
  }

  @Test func frictionStopsAHingeAfterItsWorkIsDone() throws {
    // ½ I ω² = τ θ about the hinge.
    let friction = 0.1
    var door = body()
    door.initialState.velocity = Vector3(0, 1, 0)
    door.initialState.angularVelocity = Vector3(0, 0, 2)
    let joint = JointDefinition(
      name: "j", .hinge(.init(friction: friction)), between: "a", and: nil, anchor: .zero, axis: .unitZ)
    var world = try RigidWorld(RigidWorldDefinition(gravity: .zero, bodies: [door], joints: [joint]))
    let energy = world.energy.kinetic
    var angle = 0.0
    var before = 0.0
    for k in 1...2400 {
      try world.advance(to: Double(k) / 240)
      let p = world.state(of: 0).position
      let now = atan2(p.y, p.x)
      angle += (now - before).remainder(dividingBy: 2 * .pi)
      before = now
    }
    #expect(abs(angle / (energy / friction) - 1) < 0.005)
  }

  /// ω̇ = −c ω / I about the hinge.
  @Test func dampingSlowsAHingeExponentially() throws {
    var door = body()
    door.initialState.velocity = Vector3(0, 1, 0)
    door.initialState.angularVelocity = Vector3(0, 0, 2)
    let moment = door.inertia.z + 0.25
    let joint = JointDefinition(name: "j", .hinge(.init(damping: 0.2)), between: "a", and: nil, anchor: .zero, axis: .unitZ)
    var world = try RigidWorld(RigidWorldDefinition(gravity: .zero, bodies: [door], joints: [joint]))
    try world.advance(to: 1)
    #expect(abs(world.state(of: 0).angularVelocity.z - 2 * exp(-0.2 / moment)) < 1e-9)
  }

  @Test func ropeHoldsItsLengthOnlyWhenTaut() throws {
    let joint = JointDefinition(
      name: "j", .rope(length: 0.8), between: "a", and: nil, anchor: Vector3(0.5, 0, 0), secondAnchor: .zero)
    var world = try RigidWorld(RigidWorldDefinition(bodies: [body()], joints: [joint]))
    try world.advance(to: 0.2)
    #expect(abs(world.state(of: 0).position.z + g * 0.02) < 1e-9)
    for k in 1...100 {
      try world.advance(to: 0.2 + Double(k) * 0.03)
      #expect(world.state(of: 0).position.length < 0.8 + 1e-5)
    }
  }

  @Test func jointsBreakAndLetGo() throws {
    var joint = JointDefinition(name: "j", .ball(friction: 0, swingLimit: nil), between: "a", and: nil, anchor: .zero)
    joint.breaksAt = 2 * g
    var world = try RigidWorld(RigidWorldDefinition(bodies: [body()], joints: [joint]))
    try world.advance(to: 2)
    let isHolding = world.isHolding(joint: 0)
    #expect(!isHolding)
    joint.breaksAt = nil
    world = try RigidWorld(RigidWorldDefinition(bodies: [body()], joints: [joint]))
    world.release(joint: 0)
    try world.advance(to: 1)
    #expect(abs(world.state(of: 0).position.z + g / 2) < 1e-9)
  }

  /// A heavy weight on a light chain: no visible pull-apart.
  @Test func chainOfLightLinksHoldsAHeavyWeight() throws {
    var bodies: [RigidBodyDefinition] = []
    var joints: [JointDefinition] = []
    for k in 0..<6 {
      bodies.append(body("\(k)", mass: k == 5 ? 10 : 0.1, at: Vector3(0.3 * Double(k) + 0.15, 0, 0)))
      joints.append(
        JointDefinition(
          name: "\(k)", .ball(friction: 0, swingLimit: nil), between: "\(k)", and: k == 0 ? nil : "\(k - 1)",
          anchor: Vector3(0.3 * Double(k), 0, 0)))
    }
    var world = try RigidWorld(RigidWorldDefinition(bodies: bodies, joints: joints))
    for step in 1...60 {
      try world.advance(to: Double(step) / 60)
      for k in 1..<6 {
        let (a, b) = (world.state(of: k - 1), world.state(of: k))
        let ends = a.worldFromBody.point(Vector3(0.15, 0, 0)) - b.worldFromBody.point(Vector3(-0.15, 0, 0))
        #expect(ends.length < 1e-9)
      }
    }
  }
}
