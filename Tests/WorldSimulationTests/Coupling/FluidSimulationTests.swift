import Foundation
import SceneDescription
import Testing
import WorldCore
import WorldSimulation

/// Fluids among bodies, as scenes say.
@Suite("Fluid scenes")
struct FluidSimulationTests {
  private static func scene(_ text: String) throws -> Scene {
    try Scene(yaml: "mondo: 1\nname: wet\n" + text, file: "wet.yaml")
  }

  private static let floating = """
    duration: 0.3 s
    bodies:
      tank: {shape: {tank: {size: [0.4, 0.4, 0.5], wall: 2 cm}}, motion: fixed}
      block: {shape: {box: {size: [16 cm, 16 cm, 12 cm]}}, density: 500 kg/m^3, position: [0.02, 0, 0.27]}
    fluids:
      pool: {liquid: water, fill: {box: {center: [0, 0, 0.1], size: [0.4, 0.4, 0.2]}}, spacing: 2.5 cm}
    """

  @Test("a block on water is carried, and the same scene gives the same bits on any number of threads")
  func floats() throws {
    var simulation = Simulation(of: try Self.scene(Self.floating), rate: 120)
    simulation.threads = 1
    let one = try simulation.run()
    simulation.threads = 2
    let two = try simulation.run()
    #expect(one == two)
    let block = one.bodies[1].states.map(\.position.z)
    #expect(block.last! > 0.15 && block.last! < 0.27)

    let pool = try #require(one.fluid("pool"))
    #expect(abs(pool.mass / (998.2 * 0.032) - 1) < 0.005)
    #expect(pool.levels.count == one.times.count && pool.records == (one.times.count + 1) / 2)
    #expect(abs(pool.levels[0] - 0.2) < 0.005)
    // What went down left its energy: nothing is gained.
    let energy = zip(one.energy.kinetic, one.energy.potential).map { $0 + $1 }
    #expect(energy.last! < energy[0])
  }

  @Test("both forms of the document give back a fluid; the binary one its particles too")
  func documents() throws {
    var scene = try Self.scene(Self.floating)
    scene.duration = 0.05
    let trajectory = try Simulation(of: scene, rate: 120).run()
    #expect(try Trajectory(safetensors: Data(try trajectory.safetensors())) == trajectory)
    var bare = trajectory
    bare.fluids[0].positions = []
    #expect(try Trajectory(json: try trajectory.json()) == bare)
    let between = trajectory.particles(of: trajectory.fluids[0], at: 0.025)
    #expect(between.count == trajectory.fluids[0].count)
  }

  @Test("without gravity a drop and a ball keep their momentum to the last digits")
  func splash() throws {
    let scene = try Self.scene(
      """
      duration: 0.2 s
      gravity: [0, 0, 0]
      bodies:
        ball: {shape: {sphere: {radius: 8 cm}}, density: 400 kg/m^3}
      fluids:
        drop: {fill: {sphere: {center: [-0.2, 0.03, 0], radius: 8 cm}}, spacing: 2 cm, velocity: [2, 0, 0]}
      """)
    let trajectory = try Simulation(of: scene, rate: 120).run()
    let momentum = trajectory.momentum.linear
    for (a, b) in zip(momentum, momentum.dropFirst()) { #expect((b - a).length < 1e-6 * momentum[0].length) }
    #expect(trajectory.bodies[0].states.last!.velocity.x > 0.1)
  }

  @Test("queries tell a fluid's mass, middle and level, and how two worlds' fluids part")
  func queries() throws {
    var scene = try Self.scene(Self.floating)
    scene.duration = 0.1
    let history = WorldHistory(try Simulation(of: scene, rate: 120).run())
    let pool = try #require(try history.state(at: 0.05, body: "pool").fluids?.first)
    #expect(abs(pool.level.value - 0.2) < 0.02 && pool.level.unit == "m")
    #expect(abs(pool.centerOfMass.value[2] - 0.1) < 0.01)
    scene.fluids[0].velocity = Vector3(0.2, 0, 0)
    let comparison = try history.comparison(with: WorldHistory(try Simulation(of: scene, rate: 120).run()))
    #expect(comparison.fluids?.first?.name == "pool")
  }
}
