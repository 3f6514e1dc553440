import ArgumentParser
import Mondo

struct TrainAutoencoder: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "autoencoder", abstract: "Train the network that turns pictures, or sound, into latents and back.",
    discussion: """
      Prints what it keeps of the held-out clips. Of pictures: PSNR, SSIM, and by
      how many pixels moving bodies come out displaced (least squares on their
      own pixels). Of sound: the log-spectral distance, and by how much onsets
      are shifted.
      """)

  @OptionGroup var training: TrainingOptions
  @OptionGroup var outputOptions: OutputOptions

  @Flag(help: "The network for sound; without it, the one for pictures.")
  var sound = false

  private struct Outcome<Report: Encodable>: Encodable {
    var training: TrainingLoop.Outcome?
    /// nil where the data hold nothing out.
    var heldOut: Report?
  }

  func run() throws {
    let shards = try SampleShards(training.data)
    if sound { try runSound(shards) } else { try runPictures(shards) }
  }

  // MARK: Pictures

  private func runPictures(_ shards: SampleShards) throws {
    let outcome = try loop.run { VideoReconstruction(on: shards) }
    let network = try VideoAutoencoder(contentsOf: training.output ?? training.measure!)
    let report = try measure(shards) { try VideoAutoencoderReport(of: network, on: shards, progress: $0) }
    try tell(outcome, report) { report in
      "PSNR \(Numbers.short(report.psnr)) dB, SSIM \(Numbers.short(report.ssim)), movers displaced by "
        + (report.moverError.map {
          "\(Numbers.short($0, digits: 2)) px (p90 \(Numbers.short(report.moverErrorP90!, digits: 2)))"
        } ?? "–")
        + ", decoding \(Numbers.short(report.decodeMilliseconds, digits: 2)) ms a frame of 256×144\n"
        + "on \(Numbers.count(report.frames, "frame")) of \(Numbers.count(report.clips, "clip")) held out"
    }
  }

  // MARK: Sound

  private func runSound(_ shards: SampleShards) throws {
    let outcome = try loop.run { SoundReconstruction(on: shards) }
    let network = try SoundAutoencoder(contentsOf: training.output ?? training.measure!)
    let report = try measure(shards) { try SoundAutoencoderReport(of: network, on: shards, progress: $0) }
    try tell(outcome, report) { report in
      "log-spectral distance \(Numbers.short(report.logSpectralDistance, digits: 3)) dB, onsets shifted by "
        + (report.medianOnsetShift.map { "\(Numbers.short($0, digits: 2)) ms (median)" } ?? "–")
        + ", \(report.missedOnsets) of \(report.onsets) not found\n"
        + "on \(Numbers.short(report.seconds, digits: 3)) s of \(Numbers.count(report.clips, "clip")) held out"
    }
  }

  // MARK: Both

  private var loop: TrainingLoop { TrainingLoop(options: training, quiet: outputOptions.quiet) }

  /// nil where training's data hold nothing out; asked for by itself, measuring then fails.
  private func measure<Report>(
    _ shards: SampleShards, _ work: ((Int, Int) throws -> Void) throws -> Report
  ) throws -> Report? {
    if training.measure == nil, shards.heldOutPlaces.isEmpty { return nil }
    let line = ProgressLine("measuring", quiet: outputOptions.quiet)
    defer { line.finish() }
    return try work { done, total in
      try Interruption.check()
      line.show(Double(done), of: Double(total), "clip \(done + 1) of \(total)") {
        "\(Numbers.short($0 / $1, digits: 2)) clips/s"
      }
    }
  }

  private func tell<Report>(_ outcome: TrainingLoop.Outcome?, _ report: Report?, _ text: (Report) -> String) throws
  where Report: Encodable {
    if outputOptions.json { try outputOptions.print(Outcome(training: outcome, heldOut: report)) }
    var lines: [String] = []
    if let outcome {
      let facts =
        [Numbers.count(outcome.steps, "step")] + (outcome.loss.map { ["loss \(Numbers.short($0))"] } ?? [])
        + ["\(Numbers.short(outcome.seconds, digits: 3)) s"]
      lines.append(outcome.weights.emphasized(.strong) + "  " + facts.joined(separator: ", ").emphasized(.faint))
    }
    lines.append(
      report.map(text) ?? "nothing was held out to be measured: the data have fewer than about 16 samples".emphasized(.faint))
    try outputOptions.summarize(lines.joined(separator: "\n"))
  }
}
