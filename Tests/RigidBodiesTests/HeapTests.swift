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
    let box = solid("box", .box(size: Vector3(0.2, 0.2, 0.05)), at: Vector3(0, 0, 0.3), rotation: Quaternion(axis: .unitX, angle: 0.02), restitution: 0.3)
    var world = try RigidWorld(RigidWorldDefinition(bodies: [floor(restitution: 0.3), box]))
    try world.advance(to: 2)
    let impacts = world.drainContacts().filter { $0.kind == .impact }
    #expect(!impacts.isEmpty && impacts.count < 25)
    for (a, b) in zip(impacts, impacts.dropFirst()) where b.time - a.time < 0.01 { #expect(b.approachSpeed > 0.4 * a.approachSpeed) }
  }
}
