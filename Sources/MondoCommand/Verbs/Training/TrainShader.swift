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

  private struct Outcome: Encodable {
    var training: TrainingLoop.Outcome?
    var heldOut: [NeuralShaderReport]
  }

  func run() throws {
    let shards = try SampleShards(training.data)
    let outcome = try TrainingLoop(options: training, quiet: outputOptions.quiet).run {
      geometry ? NeuralShading(on: shards, .geometry, network: .geometry) : NeuralShading(on: shards)
    }
    var reports: [NeuralShaderReport] = []
    if training.measure != nil || !shards.heldOutPlaces.isEmpty {
      let network = try NeuralShader(contentsOf: training.output ?? training.measure!)
      let line = ProgressLine("measuring", quiet: outputOptions.quiet)
      defer { line.finish() }
      reports = try NeuralShaderReport.byStyle(of: network, on: shards) { done, total in
        try Interruption.check()
        line.show(Double(done), of: Double(total), "clip \(done + 1) of \(total)") { _, _ in "" }
      }
    }
    if outputOptions.json { try outputOptions.print(Outcome(training: outcome, heldOut: reports)) }
    try outputOptions.summarize(
      reports.isEmpty ? "nothing was held out to be measured: the data have fewer than about 16 samples" : Self.table(reports))
  }

  private static func table(_ reports: [NeuralShaderReport]) -> String {
    var table = TextTable([
      ("style", .left), ("clips", .right), ("plain view, dB", .right), ("shaded, dB", .right), ("plain SSIM", .right),
      ("shaded SSIM", .right),
    ])
    for report in reports {
      table.add([
        report.style, "\(report.clips)", Numbers.fixed(report.plainPSNR, 1), Numbers.fixed(report.psnr, 1),
        Numbers.fixed(report.plainSSIM, 3), Numbers.fixed(report.ssim, 3),
      ])
    }
    return table.formatted()
  }
}
