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

  @Option(
    help: ArgumentHelp(
      "Learn only the way back, from the latents of these weights: they stay, and so does what was trained on them.",
      valueName: "file"))
  var latentsOf: String?

  func validate() throws {
    if sound, latentsOf != nil {
      throw ValidationError("--latents-of is for pictures, and --sound for sound: give one of them.")
    }
  }

  func run() throws {
    let shards = try SampleShards(training.data)
    if sound { try runSound(shards) } else { try runPictures(shards) }
  }

  private func runPictures(_ shards: SampleShards) throws {
    try TrainingWork(name: "autoencoder of pictures", options: training, output: outputOptions).run(
      {
        try latentsOf.map { VideoReconstruction(on: shards, decoding: try VideoAutoencoder(contentsOf: $0)) }
          ?? VideoReconstruction(on: shards)
      },
      measuring: { weights, gallery, progress in
        try VideoAutoencoderReport(
          of: VideoAutoencoder(contentsOf: weights), on: shards, gallery: gallery, progress: progress)
      },
      as: { report in
        TrainingRecord.Table(
          columns: [
            "clips", "frames", "PSNR, dB", "SSIM", "movers displaced, px", "p90, px", "decoding 256×144, ms a frame",
          ],
          rows: [
            [
              "\(report.clips)", "\(report.frames)", Numbers.fixed(report.psnr, 1), Numbers.fixed(report.ssim, 3),
              report.moverError.map { Numbers.short($0, digits: 2) } ?? "–",
              report.moverErrorP90.map { Numbers.short($0, digits: 2) } ?? "–",
              Numbers.short(report.decodeMilliseconds, digits: 2),
            ]
          ])
      })
  }

  private func runSound(_ shards: SampleShards) throws {
    try TrainingWork(name: "autoencoder of sound", options: training, output: outputOptions).run(
      { SoundReconstruction(on: shards) },
      measuring: { weights, gallery, progress in
        try SoundAutoencoderReport(
          of: SoundAutoencoder(contentsOf: weights), on: shards, gallery: gallery, progress: progress)
      },
      as: { report in
        TrainingRecord.Table(
          columns: ["clips", "seconds", "log-spectral distance, dB", "onsets", "not found", "others shifted, ms (median)"],
          rows: [
            [
              "\(report.clips)", Numbers.short(report.seconds, digits: 3), Numbers.fixed(report.logSpectralDistance, 2),
              "\(report.onsets)", "\(report.missedOnsets)",
              report.medianOnsetShift.map { Numbers.short($0, digits: 2) } ?? "–",
            ]
          ])
      })
  }
}
