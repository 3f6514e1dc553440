import ArgumentParser
import Mondo

struct TrainTransformer: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transformer", abstract: "Train the network that makes picture and sound from what is simulated.",
    discussion: """
      Learns the latents of the two autoencoders, which stay as they are: weights
      of the transformer fit those they were trained with and no others.
      """)

  @OptionGroup var training: TrainingOptions
  @OptionGroup var outputOptions: OutputOptions

  @Option(help: ArgumentHelp("Weights of the pictures' autoencoder. Default: Mondo's own.", valueName: "file"))
  var pictures: String?

  @Option(help: ArgumentHelp("Weights of the sound's autoencoder. Default: Mondo's own.", valueName: "file"))
  var sounds: String?

  @Option(help: ArgumentHelp("Weights of the shader. Default: Mondo's own.", valueName: "file"))
  var shader: String?

  private struct Outcome: Encodable {
    var training: TrainingLoop.Outcome?
    var heldOut: [GeneratorReport]
  }

  func run() throws {
    let shards = try SampleShards(training.data)
    let (pictures, sounds) = (pictures ?? TrainedWeights.pictures.path, sounds ?? TrainedWeights.sounds.path)
    let shader = shader ?? TrainedWeights.shader.path
    var settings = TransformerTraining.Settings()
    settings.seed = training.seed
    if let steps = training.steps { settings.steps = steps }
    let outcome = try training.output.map { output in
      let network = TransformerTraining(
        on: shards, pictures: try VideoAutoencoder(contentsOf: pictures), sounds: try SoundAutoencoder(contentsOf: sounds),
        shader: try NeuralShader(contentsOf: shader), settings)
      return try TrainingLoop(options: training, quiet: outputOptions.quiet).run(network, to: output)
    }
    // Small data hold nothing out; then there is nothing to be measured, unless that is all that was asked for.
    if training.measure == nil, shards.heldOutPlaces.isEmpty {
      if outputOptions.json { try outputOptions.print(Outcome(training: outcome, heldOut: [])) }
      return try outputOptions.summarize("nothing was held out to be measured: the data have fewer than about 16 samples")
    }
    let generator = try ClipGenerator(
      pictures: pictures, sounds: sounds, shader: shader, transformer: training.output ?? training.measure!)
    let line = ProgressLine("measuring", quiet: outputOptions.quiet)
    let reports: [GeneratorReport]
    do {
      defer { line.finish() }
      reports = try GeneratorReport.ablations(of: generator, on: shards) { done, total in
        try Interruption.check()
        line.show(Double(done), of: Double(total), "clip \(done + 1) of \(total)") {
          "\(Numbers.short($0 / $1, digits: 2)) clips/s"
        }
      }
    }
    if outputOptions.json { try outputOptions.print(Outcome(training: outcome, heldOut: reports)) }
    try outputOptions.summarize(Self.table(reports))
  }

  private static func table(_ reports: [GeneratorReport]) -> String {
    var table = TextTable([
      ("given", .left), ("steps", .right), ("PSNR, dB", .right), ("SSIM", .right), ("movers, px", .right),
      ("sound, dB", .right),
    ])
    for report in reports {
      table.add([
        report.given, "\(report.steps)", Numbers.fixed(report.psnr, 1), Numbers.fixed(report.ssim, 3),
        report.moverError.map { Numbers.fixed($0, 2) } ?? "–", report.logSpectralDistance.map { Numbers.fixed($0, 1) } ?? "–",
      ])
    }
    return table.formatted()
  }
}
