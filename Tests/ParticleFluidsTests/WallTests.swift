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

  /// Thin plates that meet along lines only are a tank: nothing leaks through where the nearest face is the far one.
  @Test(arguments: [0.02, 0.004])
  func nothingLeaksWherePlatesMeet(thickness t: Double) throws {
    func plate(_ size: Vector3, _ center: Vector3) -> Shape.Part {
      Shape.Part(shape: .box(size: size), compoundFromPart: RigidTransform(translation: center))
    }
    let tank = Shape.compound([
      plate(Vector3(0.3, 0.2, t), Vector3(0, 0, -t / 2)), plate(Vector3(t, 0.2, 0.3), Vector3(-0.15 - t / 2, 0, 0.15)),
      plate(Vector3(t, 0.2, 0.3), Vector3(0.15 + t / 2, 0, 0.15)),
      plate(Vector3(0.3 + 2 * t, t, 0.3), Vector3(0, -0.1 - t / 2, 0.15)),
      plate(Vector3(0.3 + 2 * t, t, 0.3), Vector3(0, 0.1 + t / 2, 0.15)),
    ])
    let fluid = FluidDefinition(
      name: "pool", region: .box(size: Vector3(0.3, 0.2, 0.16)),
      worldFromRegion: RigidTransform(translation: Vector3(0, 0, 0.08)))
    let world = try FluidWorld(
      [fluid], solids: [FluidSolid(name: "tank", shape: tank)], bodies: [FluidBody()], options: FluidOptions(spacing: 0.02))
    for _ in 0..<160 { _ = try world.step(1.0 / 240, bodies: [FluidBody()]) }
    let outside = world.positions(of: 0).count { abs($0.x) > 0.15 || abs($0.y) > 0.1 || $0.z < -1e-4 }
    #expect(outside == 0)
  }
}
