import Foundation
import SceneDescription
import Testing
import WorldCore
import WorldSimulation

@Suite("Cloth in liquids")
struct WetClothTests {
  private static func run(_ text: String, threads: Int? = nil) throws -> Trajectory {
    var simulation = Simulation(of: try Scene(yaml: text))
    simulation.threads = threads
    return try simulation.run()
  }

  /// Without weight a lump of water flies into a cloth, which wraps it and goes along.
  private static func lump(_ material: String) -> String {
    """
    mondo: 1
    name: lump
    duration: 0.35 s
    gravity: [0, 0, 0]
    cloths:
      sheet: {size: [0.3, 0.3], material: \(material), spacing: 2.5 cm}
    fluids:
      water: {liquid: water, fill: {box: {center: [0.03, 0, 0.08], size: [10 cm, 10 cm, 10 cm]}}, velocity: [0.2, 0, -1], spacing: 2 cm}
    camera: {position: [0.6, -1, 0.35], look_at: [0, 0, 0]}
    """
  }

  @Test("momentum goes over exactly", arguments: ["cotton", "rubber-sheet"])
  func momentum(material: String) throws {
    let trajectory = try Self.run(Self.lump(material))
    let start = trajectory.momentum.linear[0]
    for linear in trajectory.momentum.linear { #expect((linear - start).length < 1e-6 * start.length) }
    // About the world's origin the arms are some centimetres off at most.
    let (first, last) = (trajectory.momentum.angular[0], trajectory.momentum.angular[trajectory.times.count - 1])
    #expect((last - first).length < 0.02 * start.length * 0.1)
    // The cloth has come along: it weighs little beside the water.
    let sheet = trajectory.cloths[0]
    #expect(sheet.centerOfMass(at: sheet.samples - 1).z < -0.1)
    #expect(trajectory.energy.kinetic.max()! < 1.02 * trajectory.energy.kinetic[0])
  }

  /// Flat in a pool it falls as fast as its drag bears its weight less its fibres' lift; in the air over it much faster.
  @Test("a cloth sinks in a surface's water at its terminal speed")
  func sinksInASurface() throws {
    let text = """
      mondo: 1
      name: pool
      duration: 1.2 s
      cloths:
        sheet: {size: [0.3, 0.3], material: denim, position: [0, 0, -0.2], spacing: 5 cm}
      fluids:
        pool: {kind: surface, liquid: water, fill: {box: {center: [0, 0, -1], size: [2, 2, 2]}}, spacing: 10 cm}
      camera: {position: [0.9, -1.5, 1.05], look_at: [0, 0, 0]}
      """
    let scene = try Scene(yaml: text)
    let (fabric, density) = (scene.cloths[0].fabric, scene.fluids[0].liquid.density)
    let weight = fabric.arealDensity * 9.81 * (1 - density / fabric.solidDensity)
    let terminal = (2 * weight / (density * fabric.dragCoefficient * (1 - fabric.porosity))).squareRoot()
    let sheet = try Self.run(text).cloths[0]
    let last = sheet.samples - 1
    let speed = (sheet.centerOfMass(at: last - 120).z - sheet.centerOfMass(at: last).z) * 2
    #expect(abs(speed / terminal - 1) < 0.05, "\(speed) m/s, not \(terminal)")
  }

  @Test("a tight sheet holds what falls on it")
  func holds() throws {
    let trajectory = try Self.run(
      """
      mondo: 1
      name: hammock
      duration: 1 s
      cloths:
        sheet:
          size: [0.4, 0.4]
          material: rubber-sheet
          position: [0, 0, 0.3]
          pins: [top-left, top-right, bottom-left, bottom-right]
          spacing: 2.5 cm
      fluids:
        water: {liquid: water, fill: {box: {center: [0, 0, 0.38], size: [10 cm, 10 cm, 10 cm]}}, spacing: 2 cm}
      camera: {position: [0.9, -1.5, 1.05], look_at: [0, 0, 0.45]}
      """)
    let sheet = trajectory.cloths[0]
    let lowest = sheet.vertices(at: sheet.samples - 1).reduce(Double.infinity) { min($0, $1.z) }
    let water = trajectory.fluids[0]
    for place in water.particles(record: trajectory.times.count / water.stride - 1) { #expect(Double(place.z) > lowest - 0.01) }
    #expect(lowest < 0.25, "the water weighs on it")
  }

  @Test("the same on any number of threads")
  func deterministic() throws {
    let (one, two) = (try Self.run(Self.lump("silk"), threads: 1), try Self.run(Self.lump("silk"), threads: 2))
    #expect(one == two)
  }
}
