import Foundation
import RigidBodies
import Testing
import WorldCore

@Suite struct RigidWorldTests {
  /// e² h, whatever the step and its phase.
  @Test(arguments: [0.1, 0.3, 0.5, 0.8, 1.0], [1.0 / 60, 1.0 / 240, 1.0 / 1000])
  func bouncesToTheHeightThatRestitutionGives(e: Double, step: Double) throws {
    var random = RandomStream(seed: 3, "bounce")
    for _ in 0..<5 {
      let height = 1 + random.uniform() * g * step * step
      let ball = solid(
        "ball", .sphere(radius: 0.1), mass: random.uniform(in: 0.1...5), at: Vector3(0, 0, height + 0.1), restitution: e)
      var world = try RigidWorld(RigidWorldDefinition(bodies: [floor(restitution: e), ball], timeStep: step))
      let fall = (2 * height / g).squareRoot()
      try world.advance(to: fall * (1 + e))
      let apex = world.state(of: 1).position.z - 0.1
      #expect(abs(apex / (e * e * height) - 1) < 0.005)
      let impact = try #require(world.drainContacts().first)
      #expect(abs(impact.time - fall) < 1e-7)
      #expect(impact.kind == .impact && impact.involves("ball", "floor"))
      #expect(abs(impact.approachSpeed - g * fall) < 1e-5)
      let mass = ball.mass
      #expect(abs(impact.impulse - mass * g * fall * (1 + e)) < 1e-5 * mass)
      // From the second body (the ball) to the first (the floor).
      #expect(abs(impact.normal.z + 1) < 1e-12)
    }
  }

  @Test func zenoEndsAtRest() throws {
    let ball = solid("ball", .sphere(radius: 0.1), at: Vector3(0, 0, 1.1), restitution: 0.8)
    var world = try RigidWorld(RigidWorldDefinition(bodies: [floor(restitution: 0.8), ball]))
    try world.advance(to: 6)
    let contacts = world.drainContacts()
    let begin = try #require(contacts.first { $0.kind == .begin })
    let fall = (2 / g).squareRoot()
    #expect(abs(begin.time - fall * 1.8 / 0.2) < 0.02)
    #expect(contacts.filter { $0.kind == .end }.isEmpty)
    #expect(world.state(of: 1).velocity.length < 1e-9)
    #expect(abs(world.state(of: 1).position.z - 0.1) < 1e-6)
  }

  /// With e = 1 and no Coulomb friction a tumbling body keeps its energy from blow to blow, whatever its rolling and spinning
  /// friction: these are of lasting contacts.
  @Test(arguments: [0, 0.05])
  func elasticBlowsKeepEnergy(rolling: Double) throws {
    let dumbbell = Shape.compound(
      [-0.3, 0.3].map { x in
        Shape.Part(shape: .sphere(radius: 0.1), compoundFromPart: RigidTransform(translation: Vector3(x, 0, 0)))
      })
    for shape in [dumbbell, .box(size: Vector3(0.3, 0.2, 0.1)), .cone(radius: 0.2, height: 0.3)] {
      var (ground, body) = (
        floor(restitution: 1, friction: 0),
        solid(
          "it", shape, mass: 2, at: Vector3(0, 0, 1.2), rotation: Quaternion(axis: .unitY, angle: 0.5), spin: Vector3(1, 2, 3),
          restitution: 1,
          friction: 0)
      )
      for change in [\ContactMaterial.rollingFriction, \.spinningFriction] {
        ground.material[keyPath: change] = rolling
        body.material[keyPath: change] = rolling
      }
      var world = try RigidWorld(RigidWorldDefinition(bodies: [ground, body]))
      let start = world.energy.kinetic + world.energy.potential
      try world.advance(to: 4)
      #expect(abs(world.energy.kinetic + world.energy.potential - start) < 1e-6 * start)
      #expect(world.drainContacts().count { $0.kind == .impact } > 5)
    }
  }

  @Test func sameDefinitionSameBytes() throws {
    var bodies = [floor()]
    for (index, item) in solids.enumerated() {
      bodies.append(solid(item.name, item.shape, at: Vector3(0.05 * Double(index % 3), 0.02, 0.3 + 0.3 * Double(index))))
    }
    let definition = RigidWorldDefinition(air: Air(), bodies: bodies)
    func run() throws -> ([BodyState], [ContactEvent]) {
      var world = try RigidWorld(definition)
      for k in 1...120 { try world.advance(to: Double(k) / 60) }
      return (world.states, world.drainContacts())
    }
    let (a, b) = (try run(), try run())
    #expect(a.0 == b.0)
    #expect(a.1 == b.1)
  }

  /// A tumbling body's orientation converges with the step while L never changes.
  @Test func freeRotationKeepsAngularMomentumAndEnergy() throws {
    let body = RigidBodyDefinition(
      name: "top", shape: .box(size: Vector3(0.3, 0.2, 0.1)), mass: 1, inertia: Vector3(1, 2, 3),
      initialState: BodyState(position: .zero, angularVelocity: Vector3(0.01, 5, 0.01)))
    var world = try RigidWorld(RigidWorldDefinition(gravity: .zero, bodies: [body]))
    let (energy, momentum) = (world.energy.kinetic, world.momentum.angular)
    try world.advance(to: 20)
    #expect(abs(world.energy.kinetic / energy - 1) < 1e-6)
    #expect((world.momentum.angular - momentum).length / momentum.length < 1e-9)
  }

  @Test func impulsesAndForcesDoWhatNewtonSays() throws {
    let ball = solid("ball", .box(size: Vector3(0.2, 0.2, 0.2)), mass: 2, at: .zero)
    var world = try RigidWorld(RigidWorldDefinition(gravity: .zero, bodies: [ball]))
    world.apply(impulse: Vector3(4, 0, 0), to: 0, at: Vector3(0, 0.1, 0))
    #expect(world.state(of: 0).velocity == Vector3(2, 0, 0))
    // r × p = (0, 0.1, 0) × (4, 0, 0) = −0.4 z; I = m a²/6
    #expect(abs(world.state(of: 0).angularVelocity.z + 0.4 / (2 * 0.04 / 6)) < 1e-9)
    world.apply(force: Vector3(0, 6, 0), to: 0, until: 0.5)
    try world.advance(to: 1)
    #expect(abs(world.state(of: 0).velocity.y - 1.5) < 1e-9)
    #expect(abs(world.state(of: 0).position.y - (0.375 + 0.75)) < 1e-9)
  }

  @Test func scriptedBodiesFollowTheirPathAndPush() throws {
    let path = ScriptedPath(keys: [.init(time: 0, position: Vector3(-1, 0, 0.5)), .init(time: 1, position: Vector3(1, 0, 0.5))])
    var pusher = fixed("pusher", .box(size: Vector3(0.2, 1, 1)), at: .zero)
    pusher.motion = .scripted(path)
    let ball = solid("ball", .sphere(radius: 0.1), at: Vector3(0, 0, 0.1))
    var world = try RigidWorld(RigidWorldDefinition(bodies: [floor(), pusher, ball]))
    try world.advance(to: 1)
    #expect((world.state(of: 1).position - Vector3(1, 0, 0.5)).length < 1e-12)
    #expect(world.state(of: 2).position.x > 1.1)
  }

  @Test func refusesImpossibleDefinitionsWithARemedy() {
    func message(_ change: (inout RigidWorldDefinition) -> Void) -> String {
      var definition = RigidWorldDefinition(bodies: [floor(), solid("ball", .sphere(radius: 0.1), at: .unitZ)])
      change(&definition)
      do {
        _ = try RigidWorld(definition)
        return "accepted"
      } catch { return error.description }
    }
    #expect(message { $0.bodies[1].mass = -1 } == "body 'ball': mass -1.0 kg is not positive; give a positive mass")
    #expect(
      message { $0.bodies[1].inertia = Vector3(1, 1, 3) }
        == "body 'ball': no distribution of mass has the moments 1.0, 1.0, 3.0; let no moment exceed the sum of the other two")
    #expect(message { $0.bodies[1].name = "floor" } == "body 'floor': the name is used twice; give each body a name of its own")
    #expect(
      message {
        $0.bodies[0].motion = .dynamic; $0.bodies[0].mass = 1
      }.contains("floor"))
    #expect(message { $0.timeStep = 0 } == "time step: 0.0 s is not a positive length; give one such as 1/240 s")
    #expect(
      message { $0.joints = [JointDefinition(name: "j", .fixed, between: "ball", and: "bell", anchor: .zero)] }
        == "joint 'j': there is no body 'bell'; name a body of the world")
    #expect(
      RigidWorldError.diverged(body: "ball", time: 2).description
        == "body 'ball': the state is not finite at 2.0 s; make the forces on it smaller or the time step shorter")
  }

  @Test(arguments: ContactRules.Combination.allCases)
  func pairsCombineByTheDeclaredRule(rule: ContactRules.Combination) throws {
    let ball = solid("ball", .sphere(radius: 0.1), at: Vector3(0, 0, 1.1), restitution: 0.9, friction: 0.2)
    var world = try RigidWorld(
      RigidWorldDefinition(
        bodies: [floor(restitution: 0.4, friction: 0.8), ball], contactRules: ContactRules(restitution: rule, friction: rule)))
    try world.advance(to: 0.6)
    let impact = try #require(world.drainContacts().first)
    let expected = [0.6, 0.4, 0.9, 0.36][ContactRules.Combination.allCases.firstIndex(of: rule)!]
    #expect(abs(impact.restitution - expected) < 1e-12)
    #expect(abs(impact.friction - [0.4, 0.2, 0.8, 0.16][ContactRules.Combination.allCases.firstIndex(of: rule)!]) < 1e-12)
    #expect(abs(world.state(of: 1).velocity.z - (expected * (2 * g).squareRoot() - g * (0.6 - impact.time))) < 1e-6)
  }
}
