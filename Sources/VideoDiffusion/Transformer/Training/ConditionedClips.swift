import Tensors

/// A data set's clips as the transformer sees them: latents of the autoencoders that it was made for.
public final class ConditionedClips {
  public let shards: SampleShards
  private let reader: SampleReader<ConditionedClip>
  private let make: (ShardSample) throws -> ConditionedClip
  private let widths: (video: Int, sound: Int)
  /// [1, 1, token width]: what each number of a token counts in a picture, of mean 1.
  let significance: Tensor
  /// The same of sound [1, 1, sound token width].
  let soundSignificance: Tensor

  /// - Parameters:
  ///   - pictures, sounds: whose latents are learnt; they stay as they are.
  ///   - shader: gives the pictures that the network adds to; nil adds to the plain view.
  ///   - geometry: gives them where the plain view is left out; nil gives none.
  ///   - soundShader: gives the sound that the network adds to; nil gives none.
  public init(
    _ shards: SampleShards, pictures: VideoAutoencoder, sounds: SoundAutoencoder, shader: NeuralShader?,
    geometry: NeuralShader? = nil, soundShader: SoundShader? = nil
  ) {
    self.shards = shards
    make = {
      try ConditionedClip(
        $0, pictures: pictures, sounds: sounds, shader: shader, geometry: geometry, soundShader: soundShader)
    }
    reader = SampleReader(shards, size: \.byteCount, make: make)
    widths = (pictures.configuration.latentWidth, sounds.configuration.latentWidth)
    let numbers = Array(repeating: pictures.significance, count: VideoTokens.latentCount).flatMap { $0 }
    significance = Tensor(numbers, shape: [1, 1, numbers.count])
    let heard = Array(repeating: sounds.significance, count: SoundTokens.latents).flatMap { $0 }
    soundSignificance = Tensor(heard, shape: [1, 1, heard.count])
  }

  package func clip(_ count: Int, seed: UInt64) throws -> ConditionedClip {
    try reader.item(at: shards.place(count, seed: seed))
  }

  /// A sample of any shard, which isn't kept.
  package func clip(of sample: ShardSample) throws -> ConditionedClip { try make(sample) }

  /// A network's configuration for these latents.
  package func fitting(_ configuration: JointTransformer.Configuration) -> JointTransformer.Configuration {
    var result = configuration
    (result.videoLatentWidth, result.soundLatentWidth) = widths
    return result
  }

  /// Measures by how much latents differ from those of shaded views and drawn sounds, on the first samples.
  func measure(_ deviations: inout ResidualDeviations, seed: UInt64) throws {
    try measure(&deviations, on: measured(seed: seed).map { try reader.item(at: $0) })
  }

  /// The samples that deviations are measured on.
  func measured(seed: UInt64) -> [SampleShards.Place] {
    (0..<min(Self.measuredSamples, shards.learnedCount)).map { shards.place($0, seed: seed) }
  }

  /// Where no view is drawn, or no sound, deviations stay as they are.
  func measure(_ deviations: inout ResidualDeviations, on clips: [ConditionedClip]) {
    func replace(_ deviation: inout Tensor, _ difference: (ConditionedClip) -> Tensor?) {
      let (width, differences) = (deviation.count, clips.compactMap(difference))
      guard !differences.isEmpty else { return }
      deviation = ResidualDeviations.rootMeanSquares(of: differences.map { $0.reshaped([$0.count / width, width]) })
    }
    replace(&deviations.plain) { $0.residual(isFlat: false) }
    replace(&deviations.flat) { $0.residual(isFlat: true) }
    replace(&deviations.sound) { $0.soundResidual }
  }

  private static let measuredSamples = 64
}
