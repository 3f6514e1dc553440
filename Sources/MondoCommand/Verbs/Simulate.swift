import ArgumentParser
import Mondo

struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Simulate a scene and record what happens.",
    discussion: """
      Without -o and --json a summary is all there is. -o FILE.json writes the
      trajectory document, FILE.safetensors the same arrays for numpy and friends.
      With --json and no -o the document goes to standard output. Where an engine
      gives up, -o keeps what was simulated until then, and the exit code is 70.

      EXAMPLES
        mondo simulate Scenes/balls/missed-shot.yaml
        mondo simulate Scenes/balls/missed-shot.yaml -o run.safetensors
        mondo simulate Scenes/balls/missed-shot.yaml --json | \\
          jq '.contacts[] | select(.kind == "impact")'
        mondo simulate Scenes/balls/missed-shot.yaml \\
          --set "bodies.ball.velocity[0]=6.4"
      """)

  @OptionGroup var sceneOptions: SceneOptions

  @Option(name: [.short, .customLong("output")], help: ArgumentHelp("Write the trajectory here.", valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("Samples a second; above 240 the time step is as short.", valueName: "hz"))
  var rate = Simulation.standardRate

  @OptionGroup var outputOptions: OutputOptions

  func run() throws {
    guard rate.isFinite, rate >= 1, rate <= 1e6 else {
      throw UsageError("--rate is from 1 to 1 000 000 Hz, not \(rate)")
    }
    let format = try output.map(Self.format(of:))
    try OutputPath.check([output].compactMap(\.self), against: [sceneOptions.scene])
    let scene = try sceneOptions.load()
    let simulation = Simulation(of: scene, seed: sceneOptions.seed, rate: rate)
    let trajectory: Trajectory
    let seconds: Double
    do {
      (trajectory, seconds) = try Self.run(simulation, quiet: outputOptions.quiet)
    } catch var error as SimulationError {
      // What was simulated before an engine gave up is kept; the exit code tells that it isn't all.
      guard let output, let format, let recorded = error.recorded else { throw error }
      try recorded.write(to: output, as: format)
      error.message += "\n  what was simulated before, \(Numbers.fixed(recorded.times.last ?? 0, 3)) s, is in \(output)"
      throw error
    }

    if let output, let format { try trajectory.write(to: output, as: format) }
    let summary = SimulationSummary(of: scene, trajectory, rate: rate, seconds: seconds, file: output)
    if outputOptions.json {
      if output == nil {
        try trajectory.writeJSON { try StandardStream.output.write($0) }
      } else {
        try outputOptions.print(summary.machine)
      }
    }
    try outputOptions.summarize(summary.text)
  }

  private static func format(of path: String) throws -> TrajectoryFormat {
    guard let format = TrajectoryFormat(path: path) else {
      throw UsageError("'\(path)' ends in neither .json nor .safetensors", remedy: "the ending chooses the form")
    }
    return format
  }

  /// Runs with progress on the terminal; gives the wall-clock seconds beside.
  static func run(_ simulation: Simulation, quiet: Bool) throws -> (Trajectory, seconds: Double) {
    let line = ProgressLine("simulating", quiet: quiet)
    defer { line.finish() }
    let trajectory = try simulation.run { progress in
      try Interruption.check()
      let detail = "\(Numbers.fixed(progress.time, 2)) of \(Numbers.fixed(progress.duration, 2)) s"
      line.show(progress.time, of: progress.duration, detail) { "\(Numbers.short($0 / $1, digits: 2))× real time" }
    }
    return (trajectory, line.elapsed)
  }
}
