import Foundation
import RigidBodies
import Testing
import WorldCore

/// Springs, dampers and air that act faster than a step.
@Suite struct StiffnessTests {
  /// Two balls on a spring, set off along it and across it, that nothing brakes.
  @Test(arguments: [300, 3e3, 3e4, 3e5, 1e7])
  func undampedSpringsKeepEnergy(stiffness: Double) throws {
    let (a, b, stretch) = (0.1, 0.3, 0.3)
    let spring = JointDefinition(
      name: "s", .spring(stiffness: stiffness, damping: 0, restLength: 1), between: "a", and: "b",
      anchor: Vector3(1 + stretch, 0, 0), secondAnchor: .zero)
    let bodies = [
      solid("a", .sphere(radius: 0.1), mass: a, at: Vector3(1 + stretch, 0, 0), velocity: Vector3(0, 1, 0)),
      solid("b", .sphere(radius: 0.1), mass: b, at: .zero),
    ]
    var world = try RigidWorld(RigidWorldDefinition(gravity: .zero, bodies: bodies, joints: [spring]))
    let start = world.energy.kinetic + world.energy.potential
    let period = 2 * Double.pi * (a * b / (a + b) / stiffness).squareRoot()
    let count = 100.0
    for k in 1...20 {
      try world.advance(to: Double(k) / 20 * min(count * period, 2))
      // A tenth of 1e-3 in 1000 periods for a tenth of them.
      #expect(abs(world.energy.kinetic + world.energy.potential - start) < 1e-4 * start)
    }
  }

  /// A box on a hinge at its edge with much damping c creeps down: θ̇ = m g l cos θ / c, once I / c has passed.
  @Test(arguments: [0.3, 1, 10, 1000, 1e6])
  func dampedHingesCreep(damping: Double) throws {
    let (mass, size) = (0.1, 0.1)
    let joint = JointDefinition(
      name: "j", .hinge(.init(damping: damping)), between: "a", and: nil, anchor: .zero, axis: .unitY)
    let box = solid("a", .box(size: Vector3(repeating: size)), mass: mass, at: Vector3(size / 2, 0, 0))
    var world = try RigidWorld(RigidWorldDefinition(bodies: [box], joints: [joint]))
    try world.advance(to: 0.5)
    let moment = mass * g * size / 2
    // The integral of dθ / cos θ = (m g l / c) dt, begun I / c late.
    let late = mass * size * size * (1.0 / 6 + 0.25 * 2) / damping
    let angle = 2 * atan(tanh(moment * (0.5 - late) / damping / 2))
    let p = world.state(of: 0).position
    // The position is held to 1e-12 m.
    #expect(abs(atan2(-p.z, p.x) - angle) < 0.01 * angle + 1e-10)
    let rate = world.state(of: 0).angularVelocity.y
    #expect(abs(rate - moment * cos(angle) / damping) < 0.01 * moment / damping)
  }

  /// A slider with damping falls at m g / c, a body on a spring with it comes to rest where the spring bears it.
  @Test(arguments: [1, 100, 1e4])
  func dampedSlidersAndSpringsSettle(damping: Double) throws {
    let slider = JointDefinition(
      name: "j", .slider(.init(damping: damping)), between: "a", and: nil, anchor: .zero, axis: .unitZ)
    let box = solid("a", .box(size: Vector3(repeating: 0.1)), mass: 0.1, at: .zero)
    var world = try RigidWorld(RigidWorldDefinition(bodies: [box], joints: [slider]))
    try world.advance(to: 1.5)
    #expect(abs(world.state(of: 0).velocity.z + 0.1 * g / damping) < 1e-6 * 0.1 * g / damping)

    let stiffness = 10 * damping
    let spring = JointDefinition(
      name: "j", .spring(stiffness: stiffness, damping: damping, restLength: 1), between: "a", and: nil, anchor: .zero,
      secondAnchor: Vector3(0, 0, 1))
    world = try RigidWorld(RigidWorldDefinition(bodies: [box], joints: [spring]))
    try world.advance(to: 3)
    #expect(abs(world.state(of: 0).position.z + 0.1 * g / stiffness) < 1e-6 * 0.1 * g / stiffness)
  }

  /// A box on the floor, held by a stiff damped spring, stays where it is.
  @Test func stiffSpringsHoldWhatLies() throws {
    let spring = JointDefinition(
      name: "j", .spring(stiffness: 1e6, damping: 100, restLength: 0.45), between: "a", and: nil,
      anchor: Vector3(0.05, 0, 0.05), secondAnchor: Vector3(0.5, 0, 0.05))
    let box = solid("a", .box(size: Vector3(repeating: 0.1)), mass: 0.1, at: Vector3(0, 0, 0.05))
    var world = try RigidWorld(RigidWorldDefinition(bodies: [floor(), box], joints: [spring]))
    try world.advance(to: 1)
    #expect((world.state(of: 1).position - Vector3(0, 0, 0.05)).length < 1e-6)
    #expect(world.energy.kinetic < 1e-9)
  }

  /// Drag alone: v = v₀ / (1 + β v₀ t) with β = ½ ρ C A / m, down to dust.
  @Test(arguments: [1e-1, 1e-3, 1e-5, 1e-8])
  func airBrakesTheLightest(mass: Double) throws {
    let ball = solid("a", .sphere(radius: 0.1), mass: mass, at: .zero, velocity: Vector3(10, 0, 0))
    var definition = RigidWorldDefinition(gravity: .zero, bodies: [ball])
    let air = Air(density: 1.2)
    definition.air = air
    var world = try RigidWorld(definition)
    let factor = 0.5 * 1.2 * 0.47 * Double.pi * 0.01 / mass
    for time in [0.1, 1] {
      try world.advance(to: time)
      let speed = 10 / (1 + factor * 10 * time)
      #expect(abs(world.state(of: 0).velocity.x - speed) < 0.01 * speed)
    }
    // And falls at √(g/β) in the end.
    definition.gravity = Vector3(0, 0, -g)
    world = try RigidWorld(definition)
    try world.advance(to: 12)
    let terminal = (g / factor).squareRoot()
    if terminal < 5 { #expect(abs(world.state(of: 0).velocity.length - terminal) < 0.001 * terminal) }
  }

  /// What can't be told as a number ends the run, before the record is written: energy overflows long before the state does.
  @Test func energyThatOverflowsIsDivergence() throws {
    let ball = solid("a", .sphere(radius: 0.1), at: .zero, velocity: Vector3(1e160, 0, 0))
    var world = try RigidWorld(RigidWorldDefinition(gravity: .zero, bodies: [ball]))
    do throws(RigidWorldError) {
      try world.advance(to: 0.1)
      Issue.record("a kinetic energy of 1e320 J was taken for a number")
    } catch {
      #expect(error.description.hasPrefix("body 'a': the state is not finite at 0.00"))
    }
  }
}

/// Joints break when they do, not at the end of a step.
@Suite struct JointBreakTests {
  /// A load that comes at once breaks at once.
  @Test func suddenLoadBreaksAtItsTime() throws {
    let joint = JointDefinition(name: "j", .fixed, between: "a", and: nil, anchor: .zero, breaksAt: 15)
    var world = try RigidWorld(
      RigidWorldDefinition(bodies: [solid("a", .sphere(radius: 0.1), at: .zero)], joints: [joint]))
    try world.advance(to: 1)
    world.apply(force: Vector3(0, 0, -10), to: 0, until: 2)
    try world.advance(to: 1.1)
    let breaks = world.drainBreaks()
    #expect(breaks.map(\.time) == [1])
    #expect(abs((breaks.first?.force ?? 0) - 19.81) < 1e-9)
    // From then on it falls freely: ½ (g + 10) t².
    #expect(abs(world.state(of: 0).position.z + 0.5 * 19.81 * 0.01) < 1e-9)
  }

  /// A ball on a thread, let go level: the thread bears 3 m g sin θ, and breaks where that is 2 m g, at any step.
  @Test(arguments: [1.0 / 60, 1.0 / 240, 1.0 / 1000])
  func growingLoadBreaksOnItsWay(step: Double) throws {
    let joint = JointDefinition(
      name: "j", .ball(friction: 0, swingLimit: nil), between: "a", and: nil, anchor: .zero, breaksAt: 2 * g)
    var definition = RigidWorldDefinition(
      bodies: [solid("a", .sphere(radius: 1e-3), at: Vector3(1, 0, 0))], joints: [joint])
    definition.timeStep = step
    var world = try RigidWorld(definition)
    try world.advance(to: 1)
    let told = try #require(world.drainBreaks().first)
    #expect(abs(told.force - 2 * g) < 1e-3 * g)
    // Where it broke, by the flight since: x + z of the circle, v along its tangent.
    let (state, since) = (world.state(of: 0), 1 - told.time)
    let position = state.position - state.velocity * since - Vector3(0, 0, 0.5 * g * since * since)
    #expect((position - Vector3((5.0 / 9).squareRoot(), 0, -2.0 / 3)).length < 2e-4)
  }
}
