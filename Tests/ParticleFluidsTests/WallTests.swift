import ParticleFluids
import Testing
import WorldCore

@Suite struct WallTests {
  /// A drop is let fall on each shape: nothing may end up inside it, whatever the thickness of its walls.
  @Test(arguments: [
    Shape.sphere(radius: 0.1), .box(size: Vector3(0.2, 0.2, 0.02)), .cylinder(radius: 0.1, height: 0.05),
    .capsule(radius: 0.05, height: 0.1), .torus(radius: 0.08, tube: 0.03), .cone(radius: 0.1, height: 0.15),
    .tank(size: Vector3(0.15, 0.15, 0.1), wall: 0.005), .plane(normal: Vector3(0.3, 0, 1)),
  ])
  func nothingPassesAWall(shape: Shape) throws {
    let fluid = FluidDefinition(
      name: "drop", region: .sphere(radius: 0.06), worldFromRegion: RigidTransform(translation: Vector3(0, 0, 0.2)),
      velocity: Vector3(0, 0, -2))
    let world = try FluidWorld(
      [fluid], solids: [FluidSolid(name: "wall", shape: shape)], bodies: [FluidBody()], options: FluidOptions(spacing: 0.015))
    let field = SignedDistanceField(shape)
    for _ in 0..<60 {
      _ = try world.step(1.0 / 240, bodies: [FluidBody()])
      for p in world.positions(of: 0) { #expect(field.sample(at: Vector3(p)).distance > -0.01) }
    }
  }
}
