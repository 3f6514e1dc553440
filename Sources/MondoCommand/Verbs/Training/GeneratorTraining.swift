import ArgumentParser
import Mondo

/// What the transformer and its student are trained with, and how they are measured.
struct GeneratorTraining: ParsableArguments {
  @OptionGroup var training: TrainingOptions

  @Option(help: ArgumentHelp("Weights of the pictures' autoencoder. Default: Mondo's own.", valueName: "file"))
  var pictures = TrainedWeights.pictures.path

  @Option(help: ArgumentHelp("Weights of the sound's autoencoder. Default: Mondo's own.", valueName: "file"))
  var sounds = TrainedWeights.sounds.path

  @Option(help: ArgumentHelp("Weights of the shader. Default: Mondo's own.", valueName: "file"))
  var shader = TrainedWeights.shader.path

  @Option(help: ArgumentHelp("Weights of the shader for geometry. Default: Mondo's own.", valueName: "file"))
  var geometry = TrainedWeights.geometry.path

  @Option(help: ArgumentHelp("Weights of the shader for sound. Default: Mondo's own.", valueName: "file"))
  var soundShader = TrainedWeights.soundShader.path

  private struct Outcome: Encodable {
    var training: TrainingLoop.Outcome?
    /// Empty where the data hold nothing out.
    var heldOut: [GeneratorReport]
  }

  /// The weights that were trained or are to be measured.
  var weights: String { training.output ?? training.measure! }

  /// Trains what `objective` makes of the clips, measures it on what is held out, and prints both.
  ///
  /// - Parameter measured: the generator, and the student where it is one.
  func run<Objective: TrainingObjective>(
    _ outputOptions: OutputOptions, _ objective: (ConditionedClips) throws -> Objective,
    measuring measured: () throws -> (ClipGenerator, student: ClipGenerator?)
  ) throws {
    let shards = try SampleShards(training.data)
    let outcome = try TrainingLoop(options: training, quiet: outputOptions.quiet).run {
      try objective(
        ConditionedClips(
          shards, pictures: VideoAutoencoder(contentsOf: pictures), sounds: SoundAutoencoder(contentsOf: sounds),
          shader: NeuralShader(contentsOf: shader), geometry: NeuralShader(contentsOf: geometry),
          soundShader: SoundShader(contentsOf: soundShader)))
    }
    // Small data hold nothing out; then there is nothing to be measured, unless that is all that was asked for.
    if training.measure == nil, shards.heldOutPlaces.isEmpty {
      if outputOptions.json { try outputOptions.print(Outcome(training: outcome, heldOut: [])) }
      return try outputOptions.summarize("nothing was held out to be measured: the data have fewer than about 16 samples")
    }
    let reports = try measure(measured(), on: shards, quiet: outputOptions.quiet)
    if outputOptions.json { try outputOptions.print(Outcome(training: outcome, heldOut: reports)) }
    try outputOptions.summarize(Self.table(reports))
  }

  /// - Parameter teacher: of a transformer that was distilled.
  func generator(_ transformer: String, teacher: String? = nil) throws -> ClipGenerator {
    try ClipGenerator(
      pictures: pictures, sounds: sounds, shader: shader, geometry: geometry, soundShader: soundShader,
      transformer: transformer, teacher: teacher)
  }

  private func measure(
    _ generators: (ClipGenerator, student: ClipGenerator?), on shards: SampleShards, quiet: Bool
  ) throws -> [GeneratorReport] {
    let line = ProgressLine("measuring", quiet: quiet)
    defer { line.finish() }
    return try GeneratorReport.ablations(of: generators.0, student: generators.student, on: shards) { done, total in
      try Interruption.check()
      line.show(Double(done), of: Double(total), "clip \(done + 1) of \(total)") {
        "\(Numbers.short($0 / $1, digits: 2)) clips/s"
      }
    }
  }

  private static func table(_ reports: [GeneratorReport]) -> String {
    var table = TextTable([
      ("given", .left), ("steps", .right), ("PSNR, dB", .right), ("SSIM", .right), ("sharpness", .right),
      ("movers, px", .right), ("sound, dB", .right), ("onsets found", .right), ("shifted, ms", .right),
    ])
    for report in reports {
      table.add([
        report.given + (report.isStudent ? ", the student" : ""), "\(report.steps)", Numbers.fixed(report.psnr, 1),
        Numbers.fixed(report.ssim, 3), Numbers.fixed(report.sharpness, 2),
        report.moverError.map { Numbers.fixed($0, 2) } ?? "–",
        report.logSpectralDistance.map { Numbers.fixed($0, 1) } ?? "–",
        report.onsetsFound.map { "\(Numbers.fixed(100 * $0, 0)) %" } ?? "–",
        report.medianOnsetShift.map { Numbers.fixed($0, 1) } ?? "–",
      ])
    }
    return table.formatted()
  }
}
