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

  private static let tap = """
    duration: 0.5 s
    bodies:
      tray: {shape: {tank: {size: [0.3, 0.3, 0.1], wall: 2 cm}}, motion: fixed}
    fluids:
      water:
        spacing: 1.5 cm
        emitters: {tap: {nozzle: {position: [0, 0, 0.12], radius: 12 mm, speed: 1 m/s, from: 0.05 s}}}
        drains: {hole: {box: {center: [0, 0, 0], size: [6 cm, 6 cm, 2 cm]}, from: 0.3 s}}
    """

  @Test("what comes and goes is recorded: numbers, mass, each particle's time; both documents give it back")
  func comesAndGoes() throws {
    let trajectory = try Simulation(of: try Self.scene(Self.tap), rate: 120).run()
    let water = try #require(trajectory.fluid("water"))
    #expect(water.isOpen && water.presentCounts[0] == 0 && water.count > 0)
    #expect(water.presentCounts.last! < water.count)
    #expect(abs(water.mass(atSample: 30) - water.mass * Double(water.presentCounts[30]) / Double(water.count)) < 1e-12)
    for record in 0..<water.records {
      let time = trajectory.times[water.sample(ofRecord: record)]
      #expect(water.particles(record: record).count == water.lifetimes.count { $0.contains(time) })
    }
    // Between records a particle is where its motion takes it, from the moment it came.
    let (before, after) = (trajectory.particles(of: water, at: 0.2), trajectory.particles(of: water, at: 0.2 + 1.0 / 240))
    #expect(before.count <= after.count && after.allSatisfy { $0.z < 0.13 })
    let motion = trajectory.particleMotion(of: water, at: 0.1)
    #expect(motion.velocities.count == motion.positions.count && motion.velocities.contains { $0.z < -0.5 })

    #expect(try Trajectory(safetensors: Data(try trajectory.safetensors())) == trajectory)
    var bare = trajectory
    (bare.fluids[0].positions, bare.fluids[0].lifetimes) = ([], [])
    #expect(try Trajectory(json: try trajectory.json()) == bare)
    // Queries tell what is there at the time.
    let state = try WorldHistory(trajectory).state(at: 0.25, body: "water")
    #expect(abs(state.fluids![0].mass.value - water.mass(atSample: 30)) < 1e-9)
  }

  @Test("what was simulated before an explosion is kept, with the time, the place and what to change")
  func keepsWhatWentWell() throws {
    // A lance far too fast for particles so fine.
    let scene = try Self.scene(
      """
      duration: 1 s
      fluids:
        jet: {spacing: 1 mm, emitters: {lance: {nozzle: {position: [0, 0, 0.5], radius: 2 mm, speed: 150 m/s, from: 0.1 s}}}}
      """)
    do {
      _ = try Simulation(of: scene, rate: 120).run()
      Issue.record("the lance should have been too fast")
    } catch let error as SimulationError {
      let recorded = try #require(error.recorded)
      #expect(recorded.times.count == 12 && recorded.times.last! < 0.2)
      #expect(recorded.fluids[0].levels.count == recorded.times.count)
      #expect(
        error.message.hasPrefix("fluid 'jet': exploded at 0.09") && error.message.contains("near (0.0, 0.0, 0.5) (150.0 m/s)"))
      _ = try recorded.safetensors()
    }
  }

  @Test("a crate on a pond floats at its draft; the pond's heights are recorded and both documents give it back")
  func pond() throws {
    let scene = try Self.scene(
      """
      duration: 12 s
      bodies:
        crate: {shape: {box: {size: [1, 1, 0.6]}}, density: 499.1 kg/m^3, position: [0.3, 0, 0.1]}
      fluids:
        pond: {kind: surface, fill: {box: {center: [0, 0, -1], size: [12, 10, 2]}}, spacing: 50 cm}
      """)
    let trajectory = try Simulation(of: scene, rate: 120).run()
    let pond = try #require(trajectory.fluid("pond"))
    // It bobs on for long: the mean over several times.
    let heights = trajectory.bodies[0].states.suffix(720).map(\.position.z)
    // Half of it is under water; a third of that wasn't at the start, and raises the level.
    let (mean, rise) = (heights.reduce(0, +) / 720, 0.1 / 120)
    #expect(abs(mean - rise) < 0.03 * 0.3)
    #expect(pond.grid?.columns == 24 && pond.grid?.rows == 20 && pond.records == (trajectory.times.count + 1) / 2)
    #expect(abs(pond.levels.last! - rise) < 3e-4)
    #expect(trajectory.heights(of: pond, at: 2.01).count == 480)
    #expect(try Trajectory(safetensors: Data(try trajectory.safetensors())) == trajectory)
    var bare = trajectory
    bare.fluids[0].heights = []
    #expect(try Trajectory(json: try trajectory.json()) == bare)
  }
}
