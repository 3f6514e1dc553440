import Foundation
import ParticleFluids
import Testing
import WorldCore

@Suite struct FillTests {
  private func mass(_ region: Shape, spacing: Double, solids: [(FluidSolid, FluidBody)] = []) throws -> Double {
    let world = try FluidWorld(
      [FluidDefinition(name: "w", liquid: FluidLiquid(density: 1000), region: region)], solids: solids.map(\.0),
      bodies: solids.map(\.1), options: FluidOptions(spacing: spacing))
    return world.mass(of: 0)
  }

  @Test(arguments: [
    (Shape.box(size: Vector3(0.53, 0.31, 0.27)), 0.53 * 0.31 * 0.27), (.sphere(radius: 0.2), 4 / 3 * Double.pi * 0.008),
    (.cylinder(radius: 0.15, height: 0.4), .pi * 0.0225 * 0.4),
  ])
  func massIsDensityTimesVolume(region: Shape, volume: Double) throws {
    #expect(abs(try mass(region, spacing: 0.03) / (1000 * volume) - 1) < 0.005)
  }

  @Test func aBodyDisplacesWhatItTakes() throws {
    let ball = FluidSolid(name: "ball", shape: .sphere(radius: 0.1))
    let filled = try mass(
      .box(size: Vector3(0.5, 0.5, 0.5)), spacing: 0.025,
      solids: [(ball, FluidBody(worldFromShape: RigidTransform(translation: Vector3(0.013, 0.007, 0))))])
    #expect(abs(filled / (1000 * (0.125 - 4 / 3 * Double.pi * 0.001)) - 1) < 0.005)
  }

  /// A side that isn't a whole number of spacings stretches or squeezes the lattice; a row more than there is room for would
  /// start the fill an eighth too dense here, and blow it up.
  @Test func aFillThatDividesUnevenlyStartsAtRest() throws {
    let spacing = 0.02
    let size = Vector3(8.45, 9, 5.55) * spacing
    let tank = FluidSolid(name: "tank", shape: .tank(size: Vector3(size.x, size.y, 0.3), wall: 0.04))
    let world = try FluidWorld(
      [
        FluidDefinition(
          name: "w", region: .box(size: size), worldFromRegion: RigidTransform(translation: Vector3(0, 0, size.z / 2)))
      ], solids: [tank], bodies: [FluidBody()], options: FluidOptions(spacing: spacing))
    #expect(world.particleCount(of: 0) == 8 * 9 * 6)
    _ = try world.step(0.002, bodies: [FluidBody()])
    #expect(world.relativeDensities(of: 0).max()! < 1.03)
    #expect(world.greatestSpeed < 9.81 * 0.002 * 1.5)
  }

  /// A round jug of many staves, thinner than a particle: what it holds is filled up to the level, and nothing outside.
  @Test func aVesselIsFilledWhateverItsShape() throws {
    let (radius, sides, wall) = (0.1, 24, 0.004)
    let staves = (0..<sides).map { k in
      let angle = 2 * Double.pi * Double(k) / Double(sides)
      let turn = Quaternion(axis: .unitZ, angle: angle)
      let width = 2 * (radius + wall) * tan(.pi / Double(sides)) + wall
      return Shape.Part(
        shape: .box(size: Vector3(wall, width, 0.3)),
        compoundFromPart: RigidTransform(rotation: turn, translation: turn.rotate(Vector3(radius + wall / 2, 0, 0.15))))
    }
    let floor = Shape.Part(
      shape: .cylinder(radius: radius + 0.01, height: 0.02), compoundFromPart: RigidTransform(translation: Vector3(0, 0, -0.01))
    )
    let (level, spacing) = (0.2, 0.01)
    let jug = FluidSolid(name: "jug", shape: .compound(staves + [floor]))
    let size = Vector3(0.3, 0.3, level + 0.04)
    let world = try FluidWorld(
      [
        FluidDefinition(
          name: "w", region: .box(size: size), worldFromRegion: RigidTransform(translation: Vector3(0, 0, level - size.z / 2)),
          isEnclosed: true)
      ], solids: [jug], bodies: [FluidBody()], options: FluidOptions(spacing: spacing))
    let area = Double(sides) * radius * radius * tan(.pi / Double(sides))
    #expect(abs(world.mass(of: 0) / (998.2 * area * level) - 1) < 0.02)
    #expect(world.positions(of: 0).allSatisfy { ($0.x * $0.x + $0.y * $0.y).squareRoot() < 0.105 && $0.z > 0 })
  }

  @Test func whatCannotBeMadeIsSaid() {
    let box = Shape.box(size: Vector3(1, 1, 1))
    func error(_ definition: FluidDefinition, spacing: Double) -> FluidError? {
      do {
        _ = try FluidWorld([definition], options: FluidOptions(spacing: spacing))
        return nil
      } catch { return error }
    }
    let water = FluidDefinition(name: "w", region: box)
    #expect(error(water, spacing: 0) == .badSpacing(0))
    #expect(error(water, spacing: 1e-3)?.description.contains("1000000000 particles, more than 20000000") == true)
    var syrup = water
    syrup.liquid.viscosity = -1
    #expect(error(syrup, spacing: 0.1)?.description == "fluid 'w': the liquid's viscosity is -1.0, which no liquid has")
  }
}
