import ArgumentParser
import Mondo

struct TrainShader: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shader",
    abstract: "Train the network that draws light over the simulator's plain view, or sound from its contacts.",
    discussion: """
      Prints how near its pictures come to the renders of the held-out clips, and
      how near the plain view was. Of sound: how near it comes to the held-out
      clips', and how near the sound's autoencoder does.
      """)

  @Flag(help: "The network for geometry: it draws without the plain view, over the bodies' flat colours.")
  var geometry = false

  @Flag(help: "The network for sound: it draws what contacts sound like.")
  var sound = false

  @Option(
    help: ArgumentHelp("With --sound: weights of the sound's autoencoder. Default: Mondo's own.", valueName: "file"))
  var sounds = TrainedWeights.sounds.path

  @OptionGroup var training: TrainingOptions
  @OptionGroup var outputOptions: OutputOptions

  func validate() throws {
    if geometry, sound { throw ValidationError("--geometry is for pictures and --sound for sound: give one of them.") }
  }

  func run() throws {
    let shards = try SampleShards(training.data)
    if sound { try runSound(shards) } else { try runPictures(shards) }
  }

  // MARK: Pictures

  private func runPictures(_ shards: SampleShards) throws {
    try TrainingWork(
      name: geometry ? "shader for geometry" : "shader", options: training, output: outputOptions
    ).run(
      { geometry ? NeuralShading(on: shards, .geometry, network: .geometry) : NeuralShading(on: shards) },
      measuring: { weights, gallery, progress in
        try NeuralShaderReport.byStyle(
          of: NeuralShader(contentsOf: weights), on: shards, gallery: gallery, progress: progress)
      }, as: Self.table)
  }

  private static func table(_ reports: [NeuralShaderReport]) -> TrainingRecord.Table {
    TrainingRecord.Table(
      columns: ["style", "clips", "plain view, dB", "shaded, dB", "plain SSIM", "shaded SSIM"],
      rows: reports.map {
        [
          $0.style, "\($0.clips)", Numbers.fixed($0.plainPSNR, 1), Numbers.fixed($0.psnr, 1),
          Numbers.fixed($0.plainSSIM, 3), Numbers.fixed($0.ssim, 3),
        ]
      })
  }

  // MARK: Sound

  private func runSound(_ shards: SampleShards) throws {
    let coder = try SoundAutoencoder(contentsOf: sounds)
    try TrainingWork(name: "shader for sound", options: training, output: outputOptions).run(
      { SoundShading(on: shards, sounds: coder) },
      measuring: { weights, gallery, progress in
        try SoundShaderReport(
          of: SoundShader(contentsOf: weights), for: coder, on: shards, gallery: gallery, progress: progress)
      }, as: Self.table)
  }

  private static func table(_ report: SoundShaderReport) -> TrainingRecord.Table {
    TrainingRecord.Table(
      columns: ["sound", "log-spectral distance, dB", "onsets found", "shifted, ms", "added"],
      rows: [("shaded", report.shaded), ("coded", report.coded)].map { name, row in
        [
          name, Numbers.fixed(row.logSpectralDistance, 1), "\(report.onsets - row.missedOnsets) of \(report.onsets)",
          row.medianOnsetShift.map { Numbers.fixed($0, 1) } ?? "–", "\(row.addedOnsets)",
        ]
      })
  }
}
