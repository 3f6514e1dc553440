import Cloth
import Foundation
import Testing
import WorldCore

@Suite("Wind") struct WindTests {
  /// At any rate: the air's blows fill a step whatever it is cut into.
  @Test("a falling sheet reaches the speed at which drag bears its weight", arguments: [240.0, 250, 700])
  func terminal(rate: Double) throws {
    var sheet = TestCloths.flat(0.4, spacing: 0.1)
    sheet.material.warpBending = 0.1
    sheet.material.weftBending = 0.1
    let world = try ClothWorld([sheet], air: ClothAir(density: 1.2))
    for _ in 0..<Int(2 * rate) { _ = try world.step(1 / rate) }
    let m = sheet.material
    let expected = (2 * m.arealDensity * 9.81 / (1.2 * m.normalDrag * (1 - m.porosity))).squareRoot()
    #expect(abs(-world.velocities(of: 0)[12].z / expected - 1) < 0.01)
  }

  @Test("a pinned flag streams out in the wind without stretching or growing wild", arguments: [0, 0.2])
  func flag(gustiness: Double) throws {
    let flag = ClothDefinition(
      name: "flag", size: SIMD2(0.9, 0.6), spacing: 0.06, material: .cotton, pins: [ClothPin(.name("left"))])
    let wind = Vector3(8, 1, 0)
    let world = try ClothWorld([flag], air: ClothAir(wind: wind, gustiness: gustiness, seed: 3))
    var strain = 0.0, energy = 0.0
    for _ in 0..<480 {
      _ = try world.step(1.0 / 240)
      strain = max(strain, world.greatestStrain(of: 0))
      energy = max(energy, world.energy.kinetic)
    }
    let nodes = world.positions(of: 0)
    let reach = nodes.map(\.x).max()! + 0.45
    #expect(reach > 0.6)
    #expect(strain < 0.02)
    // Nothing moves faster than the wind for long: ½ m v².
    #expect(energy < 0.5 * 0.12 * 0.54 * wind.lengthSquared * 1.5)
  }

  @Test("gusts have the strength asked for and no divergence")
  func gusts() throws {
    // Seen through a sheet of no inertia to speak of the wind isn't reachable; so the flag's motion stands for it: same seed,
    // same motion; another seed, another motion.
    func end(_ seed: UInt64) throws -> [Vector3] {
      let flag = ClothDefinition(
        name: "flag", size: SIMD2(0.4, 0.4), spacing: 0.1, material: .silk, pins: [ClothPin(.name("left"))])
      let world = try ClothWorld([flag], air: ClothAir(wind: Vector3(5, 0, 0), gustiness: 0.3, seed: seed))
      for _ in 0..<60 { _ = try world.step(1.0 / 240) }
      return world.positions(of: 0)
    }
    #expect(try end(1) == end(1))
    #expect(try end(1) != end(2))
  }
}
