import Foundation
import RigidBodies
import Testing
import WorldCore

@Suite("Half-pipe of planks") struct HalfPipeTests {
  /// A ball that rolls from plank to plank: each plank that it leaves must let it go.
  @Test("a rolling ball swings through and never gains energy", arguments: [0.3, 0.6, 1.0])
  func rollsThrough(friction: Double) throws {
    let (radius, planks) = (1.2, 17)
    let bend = 10.5 * Double.pi / 180
    let parts = (0..<planks).map { k in
      let angle = Double(k - planks / 2) * bend
      let center = Vector3(sin(angle), 0, -cos(angle)) * (radius + 0.025)
      return Shape.Part(
        shape: .box(size: Vector3(2 * radius * tan(bend / 2) + 0.01, 1, 0.05)),
        compoundFromPart: RigidTransform(rotation: Quaternion(axis: .unitY, angle: -angle), translation: center))
    }
    let material = ContactMaterial(restitution: 0.2, friction: friction)
    let pipe = try #require(
      RigidBodyDefinition(
        name: "pipe", shape: .compound(parts), motion: .fixed, mass: 1, worldFromShape: .identity, material: material))
    let ball = try #require(
      RigidBodyDefinition(
        name: "ball", shape: .sphere(radius: 0.1), mass: 1,
        worldFromShape: RigidTransform(translation: Vector3(-0.85, 0, -0.55)), material: material))
    var world = try RigidWorld(RigidWorldDefinition(bodies: [pipe, ball]))
    func total() -> Double { world.energy.kinetic + world.energy.potential }
    var energy = total()
    let start = energy
    var rightmost = -1.0
    for k in 1...480 {
      try world.advance(to: Double(k) / 240)
      // 1e-4 of the height it falls through, a step: the linearised closing of a contact.
      #expect(total() <= energy + 1e-4 * 9.81)
      energy = total()
      rightmost = max(rightmost, world.state(of: 1).position.x)
    }
    // Corners of 10.5° cost some of the fall at each passage, but it comes well up the other side.
    #expect(rightmost > 0.3)
    #expect(energy < start)
  }
}
