import ArgumentParser
import Mondo

struct TrainShader: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shader", abstract: "Train the network that draws light over the simulator's plain view.",
    discussion: """
      Prints how near its pictures come to the renders of the held-out clips, and
      how near the plain view was.
      """)

  @Flag(help: "The network for geometry: it draws without the plain view, over the bodies' flat colours.")
  var geometry = false

  @OptionGroup var training: TrainingOptions
  @OptionGroup var outputOptions: OutputOptions

  func run() throws {
    let shards = try SampleShards(training.data)
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
}
