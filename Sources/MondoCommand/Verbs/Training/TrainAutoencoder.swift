import ArgumentParser
import Mondo

struct TrainAutoencoder: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "autoencoder", abstract: "Train the network that turns pictures into latents and back.",
    discussion: """
      Prints what it keeps of the held-out clips: PSNR and SSIM of the pictures, and by how
      many pixels moving bodies come out displaced (least squares on their own pixels).
      """)

  @OptionGroup var training: TrainingOptions
  @OptionGroup var outputOptions: OutputOptions

  private struct Outcome: Encodable {
    var training: TrainingLoop.Outcome?
    var heldOut: VideoAutoencoderReport
  }

  func run() throws {
    let shards = try SampleShards(training.data)
    guard let output = training.output else {
      return try tell(nil, try measure(VideoAutoencoder(contentsOf: training.measure!), on: shards))
    }
    var settings = VideoAutoencoderTraining.Settings()
    settings.seed = training.seed
    if let steps = training.steps { settings.steps = steps }
    let network = VideoAutoencoderTraining(on: shards, settings)
    let outcome = try TrainingLoop(options: training, quiet: outputOptions.quiet).run(network, to: output)
    try tell(outcome, try measure(VideoAutoencoder(contentsOf: output), on: shards))
  }

  private func measure(_ network: VideoAutoencoder, on shards: SampleShards) throws -> VideoAutoencoderReport {
    let line = ProgressLine("measuring", quiet: outputOptions.quiet)
    defer { line.finish() }
    return try VideoAutoencoderReport(of: network, on: shards) { done, total in
      try Interruption.check()
      line.show(Double(done), of: Double(total), "clip \(done + 1) of \(total)") { "\(Numbers.short($0 / $1, digits: 2)) clips/s" }
    }
  }

  private func tell(_ outcome: TrainingLoop.Outcome?, _ report: VideoAutoencoderReport) throws {
    if outputOptions.json { try outputOptions.print(Outcome(training: outcome, heldOut: report)) }
    var lines: [String] = []
    if let outcome {
      lines.append(
        outcome.weights.emphasized(.strong)
          + ("  \(Numbers.count(outcome.steps, "step"))" + (outcome.loss.map { ", loss \(Numbers.short($0))" } ?? "")
            + ", \(Numbers.short(outcome.seconds, digits: 3)) s").emphasized(.faint))
    }
    lines.append(
      "PSNR \(Numbers.short(report.psnr)) dB, SSIM \(Numbers.short(report.ssim)), movers displaced by "
        + (report.moverError.map { "\(Numbers.short($0, digits: 2)) px (p90 \(Numbers.short(report.moverErrorP90!, digits: 2)))" } ?? "–")
        + ", decoding \(Numbers.short(report.decodeMilliseconds, digits: 2)) ms a frame of 256×144")
    lines.append("on \(Numbers.count(report.frames, "frame")) of \(Numbers.count(report.clips, "clip")) held out".emphasized(.faint))
    try outputOptions.summarize(lines.joined(separator: "\n"))
  }
}
