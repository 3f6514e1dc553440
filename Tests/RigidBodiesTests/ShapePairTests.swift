import Foundation
import RigidBodies
import Testing
import WorldCore

/// Every shape falls on every other: energy never grows, nothing passes through, momentum changes only by what pushes.
@Suite struct ShapePairTests {
  @Test(arguments: 0..<grounds.count, 0..<solids.count)
  func fallingBodiesLoseEnergyAndStayOutside(ground: Int, index: Int) throws {
    var random = RandomStream(seed: 11, "pairs").substream(ground * 100 + index)
    let axis = Vector3(random.normal(), random.normal(), random.normal())
    let body = solid(
      "body", solids[index].shape, at: Vector3(0.03, 0.02, 0.5),
      rotation: Quaternion(axis: axis, angle: random.uniform(in: 0...3)),
      spin: Vector3(random.normal(), random.normal(), random.normal()) * 3, restitution: 0.4, friction: 0.6)
    var world = try RigidWorld(RigidWorldDefinition(bodies: [grounds[ground].body, body]))
    var energy = world.energy.kinetic + world.energy.potential
    var met = false
    for k in 1...240 {
      try world.advance(to: Double(k) / 240)
      let now = world.energy.kinetic + world.energy.potential
      #expect(
        now <= energy + 2e-4 * g, "\(solids[index].name) on \(grounds[ground].name) gains \(now - energy) J at \(world.time) s")
      energy = now
      met = met || !world.drainContacts().isEmpty
    }
    #expect(met, "\(solids[index].name) never met \(grounds[ground].name)")
    let floors: Set = ["plane", "box", "cylinder", "mesh", "tank"]
    if floors.contains(grounds[ground].name) {
      let bottom = grounds[ground].name == "tank" ? -0.4 : 0.0
      #expect(world.state(of: 1).position.z > bottom + 0.005, "\(solids[index].name) sank into \(grounds[ground].name)")
    }
  }

  @Test(arguments: 0..<solids.count, 0..<solids.count)
  func collisionsInFreeSpaceKeepMomentum(first: Int, second: Int) throws {
    var random = RandomStream(seed: 12, "pairs").substream(first * 100 + second)
    func turn() -> Quaternion {
      Quaternion(axis: Vector3(random.normal(), random.normal(), random.normal()), angle: random.uniform(in: 0...3))
    }
    func spin() -> Vector3 { Vector3(random.normal(), random.normal(), random.normal()) * 4 }
    let a = solid(
      "a", solids[first].shape, mass: 0.7, at: Vector3(-0.5, 0.01, 0), rotation: turn(), velocity: Vector3(2, 0, 0),
      spin: spin(),
      restitution: 0.7, friction: 0.3)
    let b = solid(
      "b", solids[second].shape, mass: 1.6, at: Vector3(0.5, 0, 0.02), rotation: turn(), velocity: Vector3(-1, 0, 0),
      spin: spin(),
      restitution: 0.7, friction: 0.3)
    var world = try RigidWorld(RigidWorldDefinition(gravity: .zero, bodies: [a, b]))
    let before = world.momentum
    let energy = world.energy.kinetic
    try world.advance(to: 1)
    #expect((world.momentum.linear - before.linear).length < 1e-9)
    // Parts that slide on one another for several steps are kept apart by moving them, which shifts L by rounding of 1e-6 m.
    #expect((world.momentum.angular - before.angular).length < 1e-8)
    #expect(world.energy.kinetic <= energy * (1 + 1e-9), "\(solids[first].name) and \(solids[second].name) gain energy")
    // A thin ring may be missed; all others must meet.
    if solids[first].name != "torus" && solids[second].name != "torus" { #expect(!world.drainContacts().isEmpty) }
  }
}
