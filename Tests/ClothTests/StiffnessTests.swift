import Cloth
import Foundation
import Testing
import WorldCore

@Suite("Stiffness") struct StiffnessTests {
  @Test(
    "a sheet hung by its top stretches by ρgL²/2E, whatever the spacing and substep", arguments: [0.1, 0.05],
    [1.0 / 240, 1.0 / 1920])
  func hanging(spacing: Double, substep: Double) throws {
    var material = ClothMaterial.rubberSheet
    material.shear = 0
    let sheet = ClothDefinition(
      name: "sheet", size: SIMD2(0.3, 1), spacing: spacing, material: material, pins: [ClothPin(.name("top"))])
    let world = try ClothWorld([sheet], longestSubstep: substep)
    try world.relax()
    let nodes = world.positions(of: 0)
    let stretched = nodes[0].z - nodes[nodes.count - 1].z - 1
    #expect(abs(stretched / (9.81 / 2 / 1500) - 1) < 0.01)
  }

  @Test("moving the nodes to a cylinder or a saddle stores the plate's bending energy", arguments: [20, 40])
  func plate(cells: Int) throws {
    let size = 0.4, radius = 20.0
    let sheet = ClothDefinition(
      name: "plate", size: SIMD2(size, size), spacing: size / Double(cells),
      material: ClothMaterial(
        name: "plate", arealDensity: 1, warpStretch: 1e-6, weftStretch: 1e-6, shear: 0, warpBending: 2, weftBending: 2,
        thickness: 1e-3, friction: 0))
    let world = try ClothWorld([sheet])
    let flat = world.positions(of: 0)
    let still = [Vector3](repeating: .zero, count: flat.count)
    // One curvature 1/R: ½D/R² a unit of area; a pure twist of the same size: D/R² (Poisson's ratio 0).
    world.set(positions: flat.map { $0 + Vector3(0, $0.x * $0.x / (2 * radius), 0) }, velocities: still, of: 0)
    let cylinder = world.energy.bending
    world.set(positions: flat.map { $0 + Vector3(0, $0.x * $0.z / radius, 0) }, velocities: still, of: 0)
    let twist = world.energy.bending
    let unit = 2 / (radius * radius) * size * size
    // The outermost half cells have no hinge: the cylinder's energy lacks 1/cells.
    #expect(abs(cylinder / (0.5 * unit) - 1 + 1 / Double(cells)) < 1e-3)
    #expect(abs(twist / unit - 1) < 1e-3)
  }

  @Test("a sheared sheet stores ½Gγ² a unit of area")
  func shear() throws {
    let world = try ClothWorld([ClothDefinition(name: "s", size: SIMD2(1, 0.5), spacing: 0.1, material: .denim)])
    let flat = world.positions(of: 0)
    world.set(
      positions: flat.map { $0 + Vector3(0.01 * $0.z, 0, 0) }, velocities: [Vector3](repeating: .zero, count: flat.count), of: 0
    )
    #expect(abs(world.energy.shear / (0.5 * 170 * 1e-4 * 0.5) - 1) < 1e-3)
  }

  @Test("every material hangs from two corners without stretching", arguments: ClothMaterial.all)
  func corners(material: ClothMaterial) throws {
    let sheet = ClothDefinition(
      name: "towel", size: SIMD2(0.6, 0.6), spacing: 0.04, material: material,
      pins: [ClothPin(.name("top-left")), ClothPin(.name("top-right"))])
    let world = try ClothWorld([sheet], air: ClothAir())
    for _ in 0..<240 { _ = try world.step(1.0 / 240) }
    // Rubber's own: half its weight, 1.8 N, on one corner of 1500 N/m stretches the corner's cells by several per cent.
    #expect(world.greatestStrain(of: 0) < (material == .rubberSheet ? 0.12 : 0.02), "\(material.name)")
  }
}
