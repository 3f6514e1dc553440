import Cloth
import Foundation
import Testing
import WorldCore

@Suite("Elastica") struct ElasticaTests {
  /// Γ = ρgL³/D, tip drop and reach over length of a heavy clamped elastica.
  static let table: [(gamma: Double, drop: Double, reach: Double)] = [
    (1, 0.1235, 0.9912), (2, 0.2385, 0.9669), (5, 0.4959, 0.8467), (10, 0.7002, 0.6564), (20, 0.8299, 0.4452),
    (50, 0.9079, 0.2450),
  ]

  static func hang(gamma: Double, cells: Int, substep: Double, length: Double = 0.2) throws -> (drop: Double, reach: Double) {
    let bending = 0.2 * 9.81 * length * length * length / gamma
    let strip = TestCloths.strip(length: length, cells: cells, arealDensity: 0.2, bending: bending)
    let world = try ClothWorld([strip], longestSubstep: substep)
    try world.relax()
    let nodes = world.positions(of: 0)
    let columns = world.columns(of: 0)
    let (clamp, tip) = (nodes[columns + 1], nodes[2 * columns - 1])
    return ((clamp.z - tip.z) / length, (tip.x - clamp.x) / length)
  }

  @Test("a clamped strip hangs as the elastica does", arguments: table.map(\.gamma), [20, 40])
  func shape(gamma: Double, cells: Int) throws {
    let expected = try #require(Self.table.first { $0.gamma == gamma })
    let measured = try Self.hang(gamma: gamma, cells: cells, substep: 1.0 / 960)
    // PHYSICS.md asks for 3 %; the error falls with the square of the cell.
    let bound = cells == 20 ? 0.015 : 0.004
    #expect(abs(measured.drop / expected.drop - 1) < bound)
    #expect(abs(measured.reach / expected.reach - 1) < bound)
  }

  @Test("the shape depends on Γ alone", arguments: [0.05, 1.0])
  func scale(length: Double) throws {
    let measured = try Self.hang(gamma: 10, cells: 20, substep: 1.0 / 960, length: length)
    #expect(abs(measured.drop / 0.7002 - 1) < 0.015)
    #expect(abs(measured.reach / 0.6564 - 1) < 0.015)
  }

  @Test("the substep doesn't matter at rest")
  func substeps() throws {
    let drops = try [1.0 / 240, 1.0 / 960, 1.0 / 3840].map { try Self.hang(gamma: 10, cells: 20, substep: $0).drop }
    for drop in drops { #expect(abs(drop / drops[0] - 1) < 1e-3) }
  }

  @Test("a strip let go swings down and settles in the same shape")
  func dynamics() throws {
    var strip = TestCloths.strip(length: 0.05, cells: 12, arealDensity: 0.2, bending: 0.2 * 9.81 * 1.25e-4 / 2)
    strip.material.bendingDamping = 0.05
    let world = try ClothWorld([strip])
    for _ in 0..<480 { _ = try world.step(1.0 / 240) }
    let nodes = world.positions(of: 0)
    #expect(abs((nodes[14].z - nodes[27].z) / 0.05 / 0.2385 - 1) < 0.03)
    #expect(world.energy.kinetic < 1e-12)
  }
}
