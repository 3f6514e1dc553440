import Foundation
import Mondo
import ParticleFluids

/// How the cost of a step grows with the number of particles, in two tanks of water at rest: one that gets wider at a depth of
/// twenty particles, and a cube, which gets deeper too: the deeper, the more sweeps the pressures take. The water starts under its own
/// weight; what is stirred, or let go, takes more of them.
struct FluidGrowth {
  enum Tank: String, CaseIterable, Codable { case wide, cube }

  struct Line: Codable {
    var engine = "mondo"
    var tank: Tank
    var particles: Int
    var processor_seconds_per_particle_step: Double
    var pressure_sweeps_per_step: Double
    var processor_seconds_per_particle_sweep: Double
    var bytes_per_particle: Double
  }

  /// Ten steps of 2 ms.
  static func measure(_ particles: Int, in tank: Tank) throws -> Line {
    let (spacing, depth) = (0.02, 20.0)
    let size =
      switch tank {
      case .cube: Vector3(repeating: cbrt(Double(particles)) * spacing)
      case .wide:
        Vector3(
          (Double(particles) / depth).squareRoot() * spacing, (Double(particles) / depth).squareRoot() * spacing,
          depth * spacing)
      }
    var options = FluidOptions(spacing: spacing)
    options.workers = ProcessInfo.processInfo.activeProcessorCount
    let vessel = FluidSolid(name: "tank", shape: .tank(size: size, wall: 0.05))
    let fluid = FluidDefinition(
      name: "water", region: .box(size: size), worldFromRegion: RigidTransform(translation: Vector3(0, 0, size.z / 2)))
    let world = try FluidWorld([fluid], solids: [vessel], bodies: [FluidBody()], options: options)
    var (steps, sweeps) = (0, 0)
    let used = processorSeconds
    for _ in 0..<10 {
      let report = try world.step(0.002, bodies: [FluidBody()])
      steps += report.substeps
      sweeps += report.divergenceIterations + report.densityIterations
    }
    let cost = (processorSeconds - used) / Double(world.particleCount(of: 0))
    return Line(
      tank: tank, particles: world.particleCount(of: 0), processor_seconds_per_particle_step: cost / Double(steps),
      pressure_sweeps_per_step: Double(sweeps) / Double(steps),
      processor_seconds_per_particle_sweep: cost / Double(sweeps), bytes_per_particle: world.bytesPerParticle)
  }

  /// Of all threads of this process.
  static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// A page with the measured lines as a chart and a table.
  static func report(_ lines: [Line]) throws -> EvaluationReport {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    func text(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
    let counts = lines.filter { $0.tank == .wide }.map(\.particles)
    func bars(_ value: (Line) -> Double) -> [EvaluationReport.Bars.Series] {
      Tank.allCases.map { tank in
        let values = lines.filter { $0.tank == tank }.map(value)
        return EvaluationReport.Bars.Series(tank == .wide ? "twenty particles deep" : "a cube", values: values)
      }
    }
    func range(_ value: (Line) -> Double) -> ClosedRange<Double> { 0...(lines.map(value).max() ?? 1).rounded(.up) }
    let step: (Line) -> Double = { $0.processor_seconds_per_particle_step * 1e6 }
    let sweep: (Line) -> Double = { $0.processor_seconds_per_particle_sweep * 1e9 }
    let labels = counts.map { $0 >= 1_000_000 ? "\($0 / 1_000_000) M" : "\($0 / 1000) k" }
    let table = EvaluationReport.Table(
      columns: ["tank", "particles", "µs a particle and step", "sweeps a step", "ns a particle and sweep", "bytes a particle"],
      rows: lines.map {
        [
          $0.tank.rawValue, "\($0.particles)", text(step($0), 2), text($0.pressure_sweeps_per_step, 1), text(sweep($0), 0),
          text($0.bytes_per_particle, 0),
        ].map { EvaluationReport.Table.Cell($0) }
      })
    return EvaluationReport(
      kicker: "mondo-bench fluid --growth", title: "What a particle costs",
      subline:
        "Water at rest, the first ten steps of 2 ms. One depth costs a particle the same in all sizes; a deeper tank takes more sweeps.",
      sections: [
        .init(
          "Processor time a particle and step", note: "µs, all threads together.",
          .bars(.init(labels: labels, series: bars(step), range: range(step), unit: "µs"))),
        .init(
          "Processor time a particle and sweep",
          note: "ns: all of a step over its sweeps; the fewer they are, the more the rest of the step weighs.",
          .bars(.init(labels: labels, series: bars(sweep), range: range(sweep), unit: "ns"))),
        .init("Measured", .table(table)),
      ], json: String(decoding: try encoder.encode(lines), as: UTF8.self))
  }
}
