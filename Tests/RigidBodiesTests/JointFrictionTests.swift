import Foundation
import RigidBodies
import Testing
import WorldCore

/// Motors, dry friction and limits: what takes energy out never puts any in, and events come at their own time.
@Suite struct JointFrictionTests {
  private func pendulum(_ options: JointDefinition.HingeOptions, angle: Double, step: Double) throws -> RigidWorld {
    let bob = solid("bob", .sphere(radius: 0.05), at: Vector3(sin(angle), 0, -cos(angle)))
    let joint = JointDefinition(name: "pivot", .hinge(options), between: "bob", and: nil, anchor: .zero, axis: .unitY)
    return try RigidWorld(RigidWorldDefinition(bodies: [bob], joints: [joint], timeStep: step))
  }

  @Test(
    "a pendulum with dry friction never gains energy and loses τ times its path", arguments: [1.0 / 60, 1.0 / 240, 1.0 / 1000])
  func dryFrictionTakesItsWork(step: Double) throws {
    let friction = 0.3
    var world = try pendulum(.init(friction: friction), angle: 1.2, step: step)
    var energy = world.energy.kinetic + world.energy.potential
    let start = energy
    var (path, before) = (0.0, 1.2)
    for k in 1...Int(5 / step) {
      try world.advance(to: Double(k) * step)
      let now = world.energy.kinetic + world.energy.potential
      #expect(now <= energy + 1e-9 * g)
      energy = now
      let p = world.state(of: 0).position
      let angle = atan2(p.x, -p.z)
      path += abs(angle - before)
      before = angle
    }
    // The record cuts the turning points off: by less than a step's turn each.
    #expect(abs(start - energy - friction * path) < 0.02 * friction)
  }

  /// m g l (cos θ′ − cos θ) = −τ (θ + θ′) between turning points, then rest inside the dead zone.
  @Test(arguments: [0.15, 0.4], [0.5, 1.0])
  func halfSwingsShrinkAsCoulombSays(friction: Double, angle: Double) throws {
    var world = try pendulum(.init(friction: friction), angle: angle, step: 1.0 / 240)
    var turns: [Double] = []
    var before = world.state(of: 0)
    for k in 1...9600 {
      try world.advance(to: Double(k) / 960)
      let now = world.state(of: 0)
      if now.angularVelocity.y * before.angularVelocity.y < 0 { turns.append(abs(atan2(now.position.x, -now.position.z))) }
      before = now
    }
    var now = angle
    var count = 0
    while g * sin(now) > friction {
      let budget = -g * cos(now) - friction * now
      if -g > budget { break }
      var (low, high) = (0.0, now)
      for _ in 0..<80 {
        let middle = 0.5 * (low + high)
        if -g * cos(middle) + friction * middle < budget { low = middle } else { high = middle }
      }
      now = low
      if count < turns.count { #expect(abs(turns[count] - now) < 2e-4) }
      count += 1
    }
    #expect(count >= 3)
    // A half-swing takes 1 s at least; the run lasts 10 s.
    if count < 9 { #expect(world.state(of: 0).velocity.length < 1e-6) }
  }

  /// A body on a vertical rail falls on the rail's end and comes up to e² of the height.
  @Test(arguments: [0.0, 0.4, 0.8, 1.0], [1.0 / 60, 1.0 / 240])
  func limitsGiveBackTheirRestitution(restitution: Double, step: Double) throws {
    let height = 0.7
    let joint = JointDefinition(
      name: "rail", .slider(.init(limits: -height...0, restitution: restitution)), between: "a", and: nil, anchor: .zero,
      axis: .unitZ)
    var world = try RigidWorld(
      RigidWorldDefinition(bodies: [solid("a", .box(size: Vector3(0.1, 0.1, 0.1)), at: .zero)], joints: [joint], timeStep: step)
    )
    let fall = (2 * height / g).squareRoot()
    // A body that stays down is looked at after the stop, not at it.
    try world.advance(to: restitution == 0 ? fall + step : fall * (1 + restitution))
    #expect(abs(world.state(of: 0).position.z + height - restitution * restitution * height) < 1e-5)
    #expect(abs(world.state(of: 0).velocity.z) < 1e-5)
  }

  /// ω = τ t / I until the speed is reached, and no faster.
  @Test(arguments: [1.0 / 60, 1.0 / 240])
  func motorsPushWithABoundedTorque(step: Double) throws {
    let wheel = solid("wheel", .cylinder(radius: 0.2, height: 0.1), mass: 5, at: .zero)
    let torque = 0.05
    let joint = JointDefinition(
      name: "j", .hinge(.init(motor: .init(speed: 2, limit: torque))), between: "wheel", and: nil, anchor: .zero, axis: .unitZ)
    var world = try RigidWorld(RigidWorldDefinition(bodies: [wheel], joints: [joint], timeStep: step))
    let time = 2 * wheel.inertia.z / torque
    try world.advance(to: time / 3)
    #expect(abs(world.state(of: 0).angularVelocity.z - 2.0 / 3) < 1e-6)
    try world.advance(to: time + 1)
    #expect(abs(world.state(of: 0).angularVelocity.z - 2) < 1e-6)
  }

  /// ½ I ω² = τ θ in a ball joint as well, whatever the axis.
  @Test func ballJointsRubInAnyDirection() throws {
    let ball = solid("ball", .sphere(radius: 0.2), mass: 3, at: .zero, spin: Vector3(1, 2, -2))
    let joint = JointDefinition(name: "j", .ball(friction: 0.02, swingLimit: nil), between: "ball", and: nil, anchor: .zero)
    var world = try RigidWorld(RigidWorldDefinition(gravity: .zero, bodies: [ball], joints: [joint]))
    let time = ball.inertia.x * 3 / 0.02
    try world.advance(to: time / 2)
    #expect((world.state(of: 0).angularVelocity - Vector3(0.5, 1, -1)).length < 1e-6)
    try world.advance(to: time * 1.1)
    #expect(world.state(of: 0).angularVelocity.length < 1e-6)
  }

  /// A hanging weight breaks what holds less than its weight and nothing else, whatever the step.
  @Test(arguments: [1.0 / 60, 1.0 / 240, 1.0 / 1000])
  func jointsBreakByForceNotByStep(step: Double) throws {
    for (share, breaks) in [(0.98, true), (1.02, false)] {
      var joint = JointDefinition(name: "j", .fixed, between: "a", and: nil, anchor: .zero)
      joint.breaksAt = share * 3 * g
      let body = solid("a", .box(size: Vector3(0.1, 0.1, 0.1)), mass: 3, at: .zero)
      var world = try RigidWorld(RigidWorldDefinition(bodies: [body], joints: [joint], timeStep: step))
      try world.advance(to: 0.5)
      let gone = world.drainBreaks()
      #expect(gone.count == (breaks ? 1 : 0))
      if let first = gone.first { #expect(abs(first.force - 3 * g) < 1e-6) }
    }
  }

  /// A ball of 2 kg that stops dead against a plate on a rod gives it a blow of 2 v.
  @Test(arguments: [1.0 / 60, 1.0 / 240], [(9.0, true), (11.0, false)])
  func blowsBreakByTheirImpulse(step: Double, strength: (impulse: Double, breaks: Bool)) throws {
    var joint = JointDefinition(name: "j", .fixed, between: "plate", and: nil, anchor: .zero)
    joint.breaksAt = strength.impulse / JointDefinition.blowDuration
    let plate = solid("plate", .box(size: Vector3(0.1, 1, 1)), mass: 1, at: .zero, restitution: 0)
    let ball = solid("ball", .sphere(radius: 0.1), mass: 2, at: Vector3(-1, 0, 0), velocity: Vector3(5, 0, 0), restitution: 0)
    var world = try RigidWorld(RigidWorldDefinition(gravity: .zero, bodies: [plate, ball], joints: [joint], timeStep: step))
    try world.advance(to: 0.5)
    let count = world.drainBreaks().count
    #expect(count == (strength.breaks ? 1 : 0))
  }
}
