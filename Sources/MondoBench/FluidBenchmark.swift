import ArgumentParser
import Foundation
import Mondo
import ParticleFluids

/// The two cases of `Evaluation/Peers/fluid_peer.py`: a column of water 1 × 1 × 2 m that collapses in a closed box, and a box
/// of 500 kg/m³ released one particle above water 0.8 m deep; particles 5 cm apart, steps of at most 5 ms.
struct FluidBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fluid",
    abstract: "Time the dam break and the floating box of the fluid peer, or how cost grows with particles.")

  enum Case: String, CaseIterable, ExpressibleByArgument { case dam, box }

  @Option(parsing: .upToNextOption, help: "Cases: dam, box.")
  var cases: [Case] = Case.allCases

  @Option(parsing: .upToNextOption, help: "Numbers of threads.")
  var threads: [Int] = [2, 1]

  @Option(name: .customLong("repeat"), help: "Runs a line; the fastest is told.")
  var repeats = 3

  @Option(
    parsing: .upToNextOption,
    help: "Instead of the cases: numbers of particles in tanks of still water, wide and cubic ones, ten steps each.")
  var growth: [Int] = []

  @Option(help: "Write the growth as report.html with a chart into this folder.")
  var report: String?

  @Option(help: "Write the page from lines that --growth printed before, a file of them.")
  var measured: String?

  @Flag(help: "One JSON object a line, which is what is printed anyway.")
  var json = false

  func run() throws {
    var lines =
      try measured.map { path in
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
          try JSONDecoder().decode(FluidGrowth.Line.self, from: Data($0.utf8))
        }
      } ?? []
    for tank in FluidGrowth.Tank.allCases {
      for count in growth {
        lines.append(try FluidGrowth.measure(count, in: tank))
        try Self.tell(lines.last)
      }
    }
    if let report {
      try FileManager.default.createDirectory(atPath: report, withIntermediateDirectories: true)
      print(try FluidGrowth.report(lines).write(to: report))
    }
    guard lines.isEmpty else { return }
    for name in cases {
      for workers in threads {
        let lines = try (0..<max(repeats, 1)).map { _ in try measure(name, workers) }
        try Self.tell(lines.min { $0.wall_seconds < $1.wall_seconds }!)
      }
    }
  }

  private static func tell(_ line: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    print(String(decoding: try encoder.encode(line), as: UTF8.self))
  }

  private struct Line: Encodable {
    var engine = "mondo"
    var `case`: String
    var threads: Int
    var particles: Int
    var steps: Int
    var simulated_seconds: Double
    var wall_seconds: Double
    var processor_seconds: Double
    var simulated_seconds_per_wall_second: Double
    var particle_steps_per_second: Double
    /// Of the place correction and of the projection.
    var pressure_iterations_mean: Double
    var divergence_iterations_mean: Double
    /// Mean relative density above rest, at the end.
    var density_error: Double
    var bytes_per_particle: Double
    var front_m: [Double]?
    var bottom_y_m: [Double]?
    var bottom_y_at_rest_by_archimedes: Double?
  }

  /// z is up here, y there.
  private func measure(_ name: Case, _ workers: Int) throws -> Line {
    let spacing = 0.05
    var options = FluidOptions(spacing: spacing)
    options.workers = workers
    let isDam = name == .dam
    let (tankSize, water) = isDam ? (Vector3(3, 1, 3), Vector3(1, 1, 2)) : (Vector3(1.6, 1.6, 1.6), Vector3(1.6, 1.6, 0.8))
    let tank = FluidSolid(name: "tank", shape: .tank(size: tankSize, wall: 0.1))
    let corner = Vector3(-tankSize.x / 2 + water.x / 2, 0, water.z / 2)
    let fluid = FluidDefinition(
      name: "water", liquid: FluidLiquid(density: 1000), region: .box(size: water),
      worldFromRegion: RigidTransform(translation: corner))

    let size = Vector3(0.6, 0.6, 0.3)
    let mass = 500 * size.x * size.y * size.z
    let s = size * size
    let inertia = SymmetricMatrix3(diagonal: Vector3(s.y + s.z, s.x + s.z, s.x + s.y) * (mass / 12))
    let box = FluidSolid(
      name: "box", shape: .box(size: size), massProperties: MassProperties(mass: mass, centerOfMass: .zero, inertia: inertia))
    let start = RigidTransform(translation: Vector3(0, 0, water.z + spacing + size.z / 2))
    var bodies = [FluidBody()] + (isDam ? [] : [FluidBody(worldFromShape: start, acceleration: options.gravity)])
    let world = try FluidWorld([fluid], solids: [tank] + (isDam ? [] : [box]), bodies: bodies, options: options)

    let duration = isDam ? 1.0 : 2.0
    var (fronts, bottoms): ([Double], [Double]) = ([], [])
    var (wall, processor, steps, density, divergence) = (0.0, 0.0, 0, 0, 0)
    for tenth in 1...20 {
      let end = duration * Double(tenth) / 20
      while world.time < end - 1e-9 {
        let (clock, used) = (ContinuousClock.now, FluidGrowth.processorSeconds)
        let report = try world.step(end - world.time, bodies: bodies)
        wall += clock.duration(to: .now) / .seconds(1)
        processor += FluidGrowth.processorSeconds - used
        bodies = report.bodies.map(\.end)
        steps += report.substeps
        density += report.densityIterations
        divergence += report.divergenceIterations
      }
      fronts.append(Double(world.positions(of: 0).map(\.x).max() ?? 0) + tankSize.x / 2 - water.x)
      bottoms.append((bodies.last?.worldFromShape.translation.z ?? 0) - size.z / 2)
    }
    let count = world.particleCount(of: 0)
    let densities = world.relativeDensities(of: 0)
    let displaced = mass / 1000
    let rest = water.z + displaced / (tankSize.x * tankSize.y) - displaced / (size.x * size.y)
    return Line(
      case: name.rawValue, threads: workers, particles: count, steps: steps, simulated_seconds: duration, wall_seconds: wall,
      processor_seconds: processor, simulated_seconds_per_wall_second: duration / wall,
      particle_steps_per_second: Double(count * steps) / wall, pressure_iterations_mean: Double(density) / Double(steps),
      divergence_iterations_mean: Double(divergence) / Double(steps),
      density_error: Double(densities.reduce(0) { $0 + max($1 - 1, 0) }) / Double(count),
      bytes_per_particle: world.bytesPerParticle, front_m: isDam ? fronts : nil, bottom_y_m: isDam ? nil : bottoms,
      bottom_y_at_rest_by_archimedes: isDam ? nil : rest)
  }
}
