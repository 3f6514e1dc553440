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

  @Flag(help: "Measure what comes between a first and a last frame that are given, instead of what conditions are worth.")
  var keyframes = false

  /// The weights that were trained or are to be measured.
  var weights: String { training.output ?? training.measure! }

  /// Trains what `objective` makes of the clips, measures it on what is held out, and tells both.
  ///
  /// - Parameters:
  ///   - name: of the network.
  ///   - measured: the generator, and the student where it is one.
  func run<Objective: TrainingObjective>(
    _ name: String, _ outputOptions: OutputOptions, _ objective: (ConditionedClips) throws -> Objective,
    measuring measured: () throws -> (ClipGenerator, student: ClipGenerator?)
  ) throws {
    let shards = try SampleShards(training.data)
    try TrainingWork(name: name, options: training, output: outputOptions).run(
      {
        try objective(
          ConditionedClips(
            shards, pictures: VideoAutoencoder(contentsOf: pictures), sounds: SoundAutoencoder(contentsOf: sounds),
            shader: NeuralShader(contentsOf: shader), geometry: NeuralShader(contentsOf: geometry),
            soundShader: SoundShader(contentsOf: soundShader)))
      },
      measuring: { _, gallery, progress in
        let (generator, student) = try measured()
        let report = keyframes ? GeneratorReport.betweenKeyframes : GeneratorReport.ablations
        return try report(generator, student, shards, gallery, progress)
      }, as: Self.table)
  }

  /// - Parameter teacher: of a transformer that was distilled.
  func generator(_ transformer: String, teacher: String? = nil) throws -> ClipGenerator {
    try ClipGenerator(
      pictures: pictures, sounds: sounds, shader: shader, geometry: geometry, soundShader: soundShader,
      transformer: transformer, teacher: teacher)
  }

  private static func table(_ reports: [GeneratorReport]) -> TrainingRecord.Table {
    TrainingRecord.Table(
      columns: ["given", "PSNR, dB", "SSIM", "sharpness", "movers, px", "sound, dB", "onsets found", "shifted, ms"],
      rows: reports.map { report in
        [
          report.title, Numbers.fixed(report.psnr, 1), Numbers.fixed(report.ssim, 3), Numbers.fixed(report.sharpness, 2),
          report.moverError.map { Numbers.fixed($0, 2) } ?? "–",
          report.logSpectralDistance.map { Numbers.fixed($0, 1) } ?? "–",
          report.onsetsFound.map { "\(Numbers.fixed(100 * $0, 0)) %" } ?? "–",
          report.medianOnsetShift.map { Numbers.fixed($0, 1) } ?? "–",
        ]
      })
  }
}
