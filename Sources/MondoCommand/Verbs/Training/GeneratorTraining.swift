import ArgumentParser
import Mondo

/// What the transformer and its student are trained with, and how they are measured.
struct GeneratorTraining: ParsableArguments {
  @OptionGroup var training: TrainingOptions

  @OptionGroup var networks: LatentNetworks

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
      { try objective(networks.clips(of: shards)) },
      measuring: { _, gallery, progress in
        let (generator, student) = try measured()
        let report = keyframes ? GeneratorReport.betweenKeyframes : GeneratorReport.ablations
        return try report(generator, student, shards, gallery, progress)
      }, as: Self.table)
  }

  /// - Parameter teacher: of a transformer that was distilled.
  func generator(_ transformer: String, teacher: String? = nil) throws -> ClipGenerator {
    try ClipGenerator(
      pictures: networks.pictures, sounds: networks.sounds, shader: networks.shader, geometry: networks.geometry,
      soundShader: networks.soundShader, transformer: transformer, teacher: teacher)
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
