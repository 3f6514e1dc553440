import ArgumentParser

struct MondoBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mondo-bench", abstract: "Measure Mondo: accuracy against closed forms, speed beside its peers.",
    subcommands: [
      PhysicsBenchmark.self, RigidBenchmark.self, FluidBenchmark.self, RenderMeasurement.self, GeneratorBenchmark.self,
      TensorsBenchmark.self,
    ])
}

MondoBench.main()
