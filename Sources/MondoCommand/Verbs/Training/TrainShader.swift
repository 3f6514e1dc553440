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

  private struct Outcome<Report: Encodable>: Encodable {
    var training: TrainingLoop.Outcome?
    var heldOut: Report
  }

  func validate() throws {
    if geometry, sound { throw ValidationError("--geometry is for pictures and --sound for sound: give one of them.") }
  }

  func run() throws {
    let shards = try SampleShards(training.data)
    if sound { try runSound(shards) } else { try runPictures(shards) }
  }

  // MARK: Pictures

  private func runPictures(_ shards: SampleShards) throws {
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
      reports.isEmpty ? Self.nothingHeldOut : Self.table(reports))
  }

  private static let nothingHeldOut = "nothing was held out to be measured: the data have fewer than about 16 samples"

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

  // MARK: Sound

  private func runSound(_ shards: SampleShards) throws {
    let coder = try SoundAutoencoder(contentsOf: sounds)
    let outcome = try TrainingLoop(options: training, quiet: outputOptions.quiet).run {
      SoundShading(on: shards, sounds: coder)
    }
    var report: SoundShaderReport?
    if training.measure != nil || !shards.heldOutPlaces.isEmpty {
      let network = try SoundShader(contentsOf: training.output ?? training.measure!)
      let line = ProgressLine("measuring", quiet: outputOptions.quiet)
      defer { line.finish() }
      report = try SoundShaderReport(of: network, for: coder, on: shards) { done, total in
        try Interruption.check()
        line.show(Double(done), of: Double(total), "clip \(done + 1) of \(total)") { _, _ in "" }
      }
    }
    if outputOptions.json { try outputOptions.print(Outcome(training: outcome, heldOut: report)) }
    try outputOptions.summarize(report.map(Self.table) ?? Self.nothingHeldOut)
  }

  private static func table(_ report: SoundShaderReport) -> String {
    var table = TextTable([
      ("sound", .left), ("log-spectral distance, dB", .right), ("onsets found", .right), ("shifted, ms", .right),
      ("added", .right),
    ])
    for (name, row) in [("shaded", report.shaded), ("coded", report.coded)] {
      table.add([
        name, Numbers.fixed(row.logSpectralDistance, 1), "\(report.onsets - row.missedOnsets) of \(report.onsets)",
        row.medianOnsetShift.map { Numbers.fixed($0, 1) } ?? "–", "\(row.addedOnsets)",
      ])
    }
    return table.formatted()
  }
}
