import RigidBodies
import Testing
import WorldCore

/// Ropes and limits while they hold, come taut and let go: momentum and energy as the exported states tell them.
@Suite struct JointStopTests {
  private func direction(_ random: inout RandomStream) -> Vector3 {
    Vector3(random.normal(), random.normal(), random.normal()).normalized
  }

  private func box(_ name: String, at position: Vector3, _ random: inout RandomStream, speed: Double, spin: Double)
    -> RigidBodyDefinition
  {
    let size = Vector3(random.uniform(in: 0.05...0.4), random.uniform(in: 0.05...0.4), random.uniform(in: 0.05...0.4))
    return solid(
      name, .box(size: size), mass: random.uniform(in: 0.2...8), at: position,
      rotation: Quaternion(axis: direction(&random), angle: random.uniform(in: 0...6)), velocity: direction(&random) * speed,
      spin: direction(&random) * spin, restitution: random.uniform(in: 0...1), friction: random.uniform(in: 0...1))
  }

  /// The most by which the energy ever rises above what it has been before, J, and the largest kinetic energy.
  private func rise(_ world: inout RigidWorld, seconds: Double) throws -> (rise: Double, kinetic: Double) {
    var (least, worst, kinetic) = (Double.infinity, 0.0, 0.0)
    for k in 1...Int(seconds * 240) {
      try world.advance(to: Double(k) / 240)
      let energy = world.energy
      kinetic = max(kinetic, energy.kinetic)
      least = min(least, energy.kinetic + energy.potential)
      worst = max(worst, energy.kinetic + energy.potential - least)
    }
    return (worst, kinetic)
  }

  /// In free space a slider that the centrifugal force holds at its limit gives the pair neither momentum nor angular momentum,
  /// though the two begin with velocities that it forbids.
  @Test(arguments: 0..<6)
  func sliderAtItsLimitKeepsAngularMomentum(seed: UInt64) throws {
    var random = RandomStream(seed: seed, "slider")
    let bodies = [
      box("a", at: .zero, &random, speed: 0.3, spin: 0), box("b", at: Vector3(0.8, 0, 0), &random, speed: 0.3, spin: 0),
    ]
    let joint = JointDefinition(
      name: "j", .slider(.init(limits: -0.1...0.1)), between: "b", and: "a", anchor: .zero, axis: direction(&random))
    var definition = RigidWorldDefinition(bodies: bodies, joints: [joint])
    definition.gravity = .zero
    var world = try RigidWorld(definition)
    let start = world.momentum
    try world.advance(to: 3)
    let end = world.momentum
    #expect((end.linear - start.linear).length < 1e-12 * start.linear.length)
    #expect((end.angular - start.angular).length < 1e-8 * start.angular.length)
  }

  /// Three bodies hung on one another by ropes off their centres: the ropes come taut and slack many times over.
  @Test(arguments: 0..<8)
  func ropesGiveNoEnergy(seed: UInt64) throws {
    var random = RandomStream(seed: seed, "ropes")
    var bodies: [RigidBodyDefinition] = []
    var joints: [JointDefinition] = []
    var hook = Vector3(0, 0, 3)
    for k in 0..<3 {
      let place = Vector3(0.9 * Double(k + 1), random.uniform(in: -0.2...0.2), 3 + random.uniform(in: -0.3...0.3))
      bodies.append(box("b\(k)", at: place, &random, speed: 1, spin: 8))
      let anchor = place + direction(&random) * 0.05
      joints.append(
        JointDefinition(
          name: "r\(k)", .rope(length: (anchor - hook).length * random.uniform(in: 1...1.5)), between: "b\(k)",
          and: k == 0 ? nil : "b\(k - 1)", anchor: anchor, secondAnchor: hook))
      hook = place + direction(&random) * 0.05
    }
    var world = try RigidWorld(RigidWorldDefinition(bodies: [floor()] + bodies, joints: joints))
    let (rise, kinetic) = try rise(&world, seconds: 3)
    #expect(rise < 1e-4 * kinetic)
  }

  /// Two bodies on a slider with limits that fall on the floor and tumble.
  @Test(arguments: 0..<8)
  func limitsGiveNoEnergyOnTheFloor(seed: UInt64) throws {
    var random = RandomStream(seed: seed, "limits")
    let bodies = [
      box("a", at: Vector3(0, 0, 1.5), &random, speed: 0.5, spin: 2),
      box("b", at: Vector3(0.6, 0, 1.5), &random, speed: 0.5, spin: 2),
    ]
    let joint = JointDefinition(
      name: "j", .slider(.init(limits: -0.1...0.1)), between: "b", and: "a", anchor: Vector3(0.3, 0, 1.5),
      axis: direction(&random))
    var world = try RigidWorld(RigidWorldDefinition(bodies: [floor()] + bodies, joints: [joint]))
    // The first step takes out what the joint forbids.
    try world.advance(to: 1.0 / 240)
    let (rise, kinetic) = try rise(&world, seconds: 3)
    #expect(rise < 5e-4 * kinetic)
  }
}
