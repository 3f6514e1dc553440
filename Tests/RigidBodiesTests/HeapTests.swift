import Foundation
import RigidBodies
import Testing
import WorldCore

/// Many bodies on one another.
@Suite struct HeapTests {
  /// Crossed layers of three planks stand as one island of many bodies.
  @Test(arguments: [5, 10])
  func crossedLayersStand(layers: Int) throws {
    var bodies = [floor()]
    for layer in 0..<layers {
      for k in -1...1 {
        let along = layer % 2 == 0
        let size = along ? Vector3(0.3, 0.098, 0.06) : Vector3(0.098, 0.3, 0.06)
        let place = Double(k) * 0.1
        bodies.append(
          solid(
            "\(layer)-\(k)", .box(size: size), mass: 0.9,
            at: Vector3(along ? 0 : place, along ? place : 0, 0.03 + 0.06 * Double(layer)), restitution: 0.25))
      }
    }
    var world = try RigidWorld(RigidWorldDefinition(bodies: bodies))
    let start = world.states
    try world.advance(to: 2)
    let drift = zip(start, world.states).map { ($0.position - $1.position).length }.max() ?? .infinity
    #expect(drift < 1e-3)
    #expect(world.energy.kinetic < 1e-6 * world.energy.potential)
  }

  /// Boxes tilted by a hair still lie on four points: one could not carry them, and the upper one would rock.
  @Test(arguments: [1e-7, 1e-6, 1e-5, 1e-4])
  func tiltedBoxesComeToRest(tilt: Double) throws {
    let lower = solid("lower", .box(size: Vector3(0.3, 0.1, 0.06)), at: Vector3(0, 0, 0.03), restitution: 0)
    let upper = solid(
      "upper", .box(size: Vector3(0.1, 0.3, 0.06)), at: Vector3(0, 0, 0.09 + 0.1 * tilt),
      rotation: Quaternion(axis: Vector3(1, 0.7, 0), angle: tilt), restitution: 0)
    var world = try RigidWorld(RigidWorldDefinition(bodies: [floor(restitution: 0), lower, upper]))
    try world.advance(to: 0.5)
    #expect(world.energy.kinetic < 1e-12)
    let impacts = world.drainContacts().count { $0.kind == .impact }
    #expect(impacts <= 2)
  }

  /// Hits that follow a hit within 10 ms and are slower belong to it: one entry with the whole impulse.
  @Test func chatterIsOneImpact() throws {
    let box = solid(
      "box", .box(size: Vector3(0.2, 0.2, 0.05)), at: Vector3(0, 0, 0.3), rotation: Quaternion(axis: .unitX, angle: 0.02),
      restitution: 0.3)
    var world = try RigidWorld(RigidWorldDefinition(bodies: [floor(restitution: 0.3), box]))
    try world.advance(to: 2)
    let impacts = world.drainContacts().filter { $0.kind == .impact }
    #expect(!impacts.isEmpty && impacts.count < 25)
    for (a, b) in zip(impacts, impacts.dropFirst()) where b.time - a.time < 0.01 {
      #expect(b.approachSpeed > 0.4 * a.approachSpeed)
    }
  }

  /// A column bears what stands on it, however heavy, without sinking or creeping.
  @Test(arguments: [1.0, 30, 1000], [1.0 / 60, 1.0 / 240])
  func heavyOnLight(ratio: Double, step: Double) throws {
    let boxes = (0..<6).map { k in
      solid(
        "\(k)", .box(size: Vector3(0.2, 0.2, 0.2)), mass: k == 5 ? ratio : 1,
        at: Vector3(0.01 * Double(k % 2), 0, 0.1 + 0.2 * Double(k)), restitution: 0)
    }
    var world = try RigidWorld(RigidWorldDefinition(bodies: [floor(restitution: 0)] + boxes, timeStep: step))
    let start = world.states
    try world.advance(to: 1)
    for (a, b) in zip(start, world.states) { #expect((a.position - b.position).length < 5e-6) }
    #expect(world.energy.kinetic < 1e-12 * ratio)
  }

  /// Boxes exactly on one another, whose edges lie on one another but for rounding, stand in any number and gain no energy.
  @Test(arguments: [20, 29, 37, 40, 45, 60], [1.0 / 240, 1.0 / 480])
  func stacksOfAnyHeightStand(count: Int, step: Double) throws {
    let boxes = (0..<count).map { k in
      solid("\(k)", .box(size: Vector3(repeating: 0.1)), at: Vector3(0, 0, 0.05 + 0.1 * Double(k)), restitution: 0)
    }
    try expectRest(of: boxes, step: step, seconds: 1.5)
  }

  /// The same of two, however much heavier the upper one is.
  @Test(arguments: [1e2, 1e3, 1e4, 1e5, 1e6])
  func lightUnderHeavy(ratio: Double) throws {
    let boxes = (0..<2).map { k in
      solid(
        "\(k)", .box(size: Vector3(repeating: 0.1)), mass: k == 0 ? 1e-3 : 1e-3 * ratio,
        at: Vector3(0, 0, 0.05 + 0.1 * Double(k)), restitution: 0)
    }
    try expectRest(of: boxes, step: 1.0 / 240, seconds: 3)
  }

  /// Contacts whose forces are left unfinished do no work: stacks too unequal to be solved fall, but by what they have.
  @Test(arguments: [(20, 1), (30, 2)] as [(Int, UInt64)])
  func unfinishedContactsGiveNoEnergy(count: Int, seed: UInt64) throws {
    var stream = RandomStream(seed: seed, "mixed")
    let boxes = (0..<count).map { k in
      solid(
        "\(k)", .box(size: Vector3(repeating: 0.1)), mass: pow(10, stream.uniform(in: -3...2)),
        at: Vector3(stream.uniform(in: -0.01...0.01), stream.uniform(in: -0.01...0.01), 0.05 + 0.1 * Double(k)), restitution: 0)
    }
    var world = try RigidWorld(RigidWorldDefinition(bodies: [floor(restitution: 0)] + boxes))
    let energy = world.energy.potential
    var rise = 0.0
    for k in 1...480 {
      try world.advance(to: Double(k) / 240)
      rise = max(rise, world.energy.kinetic + world.energy.potential - energy)
    }
    // What is left is of overlaps pushed apart; without the bound on the work it is 4.5e-5 and 9e-5.
    #expect(rise < 1e-5 * energy)
  }

  /// At every step: no place farther than 1 µm from the first, no more energy than at the start but for rounding.
  private func expectRest(of boxes: [RigidBodyDefinition], step: Double, seconds: Double) throws {
    var world = try RigidWorld(RigidWorldDefinition(bodies: [floor(restitution: 0)] + boxes, timeStep: step))
    let (start, energy) = (world.states, world.energy.kinetic + world.energy.potential)
    var (drift, rise) = (0.0, 0.0)
    for k in 1...Int((seconds / step).rounded()) {
      try world.advance(to: Double(k) * step)
      for (a, b) in zip(start, world.states) { drift = max(drift, (a.position - b.position).length) }
      rise = max(rise, world.energy.kinetic + world.energy.potential - energy)
    }
    #expect(drift < 1e-6)
    #expect(rise < 1e-9 * energy)
  }

  /// On a slope a lying cylinder stays where rolling friction is more than the slope, and rolls off by the difference where
  /// it's less: a = ⅔ g (sin θ − c cos θ).
  @Test(arguments: [0.03, 0.06])
  func rollingFrictionHoldsOrBrakes(slope: Double) throws {
    let coefficient = 0.05
    let (sine, cosine) = (slope / (1 + slope * slope).squareRoot(), 1 / (1 + slope * slope).squareRoot())
    var (ground, log) = (
      floor(restitution: 0),
      solid(
        "log", .cylinder(radius: 0.1, height: 0.4), at: Vector3(0, 0, 0.1), rotation: Quaternion(axis: .unitX, angle: .pi / 2),
        restitution: 0)
    )
    ground.material.rollingFriction = coefficient
    log.material.rollingFriction = coefficient
    var world = try RigidWorld(RigidWorldDefinition(gravity: Vector3(sine, 0, -cosine) * g, bodies: [ground, log]))
    try world.advance(to: 2)
    let expected = slope < coefficient ? 0 : 0.5 * (2.0 / 3) * g * (sine - coefficient * cosine) * 4
    #expect(abs(world.state(of: 1).position.x - expected) < 1e-4 * max(expected, 1e-3))
  }

  /// Dominoes rattle as they lean on one another: what follows a hit within 10 ms and is no harder is told with it.
  @Test func rattlingIsOneImpact() throws {
    var bodies = [floor(restitution: 0.3, friction: 0.6)]
    for k in 0..<6 {
      bodies.append(
        solid(
          "\(k)", .box(size: Vector3(0.0075, 0.024, 0.048)), mass: 0.01, at: Vector3(0.03 * Double(k), 0, 0.024),
          restitution: 0.3, friction: 0.35))
    }
    bodies[1].initialState.angularVelocity = Vector3(0, 6, 0)
    bodies[1].initialState.velocity = Vector3(0.144, 0, 0)
    var world = try RigidWorld(RigidWorldDefinition(bodies: bodies))
    for k in 1...240 { try world.advance(to: Double(k) / 240) }
    let impacts = world.drainContacts().filter { $0.kind == .impact }
    #expect(world.state(of: 6).orientation.rotate(.unitZ).z < 0.3, "the last one has fallen")
    for (index, hit) in impacts.enumerated() {
      let next = impacts[(index + 1)...].first { $0.bodies == hit.bodies }
      if let next, next.time - hit.time < 0.01 { #expect(next.approachSpeed >= hit.approachSpeed) }
    }
    let pairs = Set(impacts.map(\.bodies)).count
    #expect(impacts.count <= 6 * pairs)
  }

  /// One box bears another of any weight, set down off its middle, for as long as one likes.
  @Test(arguments: [10.0, 100, 1000], [0, 0.03])
  func oneBoxBearsAHeavyOne(ratio: Double, aside: Double) throws {
    let light = solid("light", .box(size: Vector3(repeating: 0.2)), mass: 1, at: Vector3(0, 0, 0.1), restitution: 0.3)
    let heavy = solid("heavy", .box(size: Vector3(repeating: 0.2)), mass: ratio, at: Vector3(aside, 0, 0.3), restitution: 0.3)
    var world = try RigidWorld(RigidWorldDefinition(bodies: [floor(restitution: 0), light, heavy]))
    let start = world.states
    var fastest = 0.0
    for k in 1...960 {
      try world.advance(to: Double(k) / 240)
      fastest = max(fastest, world.energy.kinetic)
    }
    for (a, b) in zip(start, world.states) { #expect((a.position - b.position).length < 5e-6) }
    // A hundred-millionth of what the heavy one's weight could do by falling down: m g 0.3 m.
    #expect(fastest < 1e-8 * ratio * g * 0.3)
  }

  /// A rack struck in its middle parts as its mirror image does.
  @Test(arguments: [0.05715, 0.05716, 0.0576])
  func racksPartSymmetrically(spacing: Double) throws {
    let r = 0.028575
    var bodies = [
      solid(
        "cue", .sphere(radius: r), mass: 0.17, at: Vector3(-0.2, 0, 0), velocity: Vector3(9, 0, 0), restitution: 0.95,
        friction: 0)
    ]
    var mirror = [0]
    for row in 0..<5 {
      for k in 0...row {
        mirror.append(bodies.count - k + row - k)
        let place = Vector3(Double(row) * spacing * 0.75.squareRoot(), (Double(k) - Double(row) / 2) * spacing, 0)
        bodies.append(solid("\(bodies.count)", .sphere(radius: r), mass: 0.17, at: place, restitution: 0.95, friction: 0))
      }
    }
    var world = try RigidWorld(RigidWorldDefinition(gravity: .zero, bodies: bodies))
    try world.advance(to: 0.05)
    #expect((world.momentum.linear - Vector3(1.53, 0, 0)).length < 1e-12)
    for (k, other) in mirror.enumerated() {
      let (v, w) = (world.state(of: k).velocity, world.state(of: other).velocity)
      // Rounding grows tenfold or so from blow to blow, of which there are some thirty.
      #expect((v - Vector3(w.x, -w.y, w.z)).length < 1e-6)
    }
  }

  /// A heap struck in free space keeps momentum and angular momentum, however many of its bodies collide at once.
  @Test(arguments: [1.0 / 60, 1.0 / 240])
  func struckHeapsKeepAngularMomentum(step: Double) throws {
    var bodies = [
      solid(
        "ball", .sphere(radius: 0.2), mass: 20, at: Vector3(-1, 0.1, 0.6), velocity: Vector3(8, 0, 0), spin: Vector3(0, 20, 0),
        restitution: 0.5)
    ]
    for i in 0..<3 {
      for j in 0..<3 {
        for k in 0..<2 {
          bodies.append(
            solid(
              "\(bodies.count)", .box(size: Vector3(0.2, 0.15, 0.1)), mass: 2.1,
              at: Vector3(0.24 * Double(i), -0.25 + 0.22 * Double(j), 0.5 + 0.16 * Double(k)),
              rotation: Quaternion(axis: Vector3(1, 2, 3), angle: 0.3 * Double(k)), restitution: 0.3))
        }
      }
    }
    var world = try RigidWorld(RigidWorldDefinition(gravity: .zero, bodies: bodies, timeStep: step))
    let (start, energy) = (world.momentum, world.energy.kinetic)
    for k in 1...60 {
      try world.advance(to: Double(k) / 60)
      #expect((world.momentum.linear - start.linear).length < 1e-11 * start.linear.length)
      #expect((world.momentum.angular - start.angular).length < 1e-9 * start.angular.length)
      #expect(world.energy.kinetic < energy * (1 + 1e-9))
    }
  }
}
