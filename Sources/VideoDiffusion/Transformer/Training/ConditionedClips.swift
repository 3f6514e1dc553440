import Tensors

/// A data set's clips as the transformer sees them: latents of the autoencoders that it was made for.
public final class ConditionedClips {
  public let shards: SampleShards
  private let reader: SampleReader<ConditionedClip>
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
    reader = SampleReader(shards, size: \.byteCount) {
      try ConditionedClip(
        $0, pictures: pictures, sounds: sounds, shader: shader, geometry: geometry, soundShader: soundShader)
    }
    widths = (pictures.configuration.latentWidth, sounds.configuration.latentWidth)
    let numbers = Array(repeating: pictures.significance, count: VideoTokens.latentCount).flatMap { $0 }
    significance = Tensor(numbers, shape: [1, 1, numbers.count])
    let heard = Array(repeating: sounds.significance, count: SoundTokens.latents).flatMap { $0 }
    soundSignificance = Tensor(heard, shape: [1, 1, heard.count])
  }

  func clip(_ count: Int, seed: UInt64) throws -> ConditionedClip {
    try reader.item(at: shards.place(count, seed: seed))
  }

  /// A network's configuration for these latents.
  func fitting(_ configuration: JointTransformer.Configuration) -> JointTransformer.Configuration {
    var result = configuration
    (result.videoLatentWidth, result.soundLatentWidth) = widths
    return result
  }

  /// The deviation of latents from the shaded view's, on the first samples; nil without such a view over flat colours.
  func residualDeviation(isFlat: Bool, seed: UInt64) throws -> Tensor? {
    let differences = try (0..<min(Self.measuredSamples, shards.learnedCount)).compactMap {
      try clip($0, seed: seed).residual(isFlat: isFlat)
    }
    return differences.isEmpty
      ? nil : ResidualDeviations.rootMeanSquares(of: differences.map { $0.reshaped([$0.count / widths.video, widths.video]) })
  }

  /// The deviation of sounds' latents from those of the drawn sound, on the first samples; nil where none is drawn.
  func soundDeviation(seed: UInt64) throws -> Tensor? {
    let differences = try (0..<min(Self.measuredSamples, shards.learnedCount)).compactMap {
      try clip($0, seed: seed).soundResidual
    }
    return differences.isEmpty
      ? nil : ResidualDeviations.rootMeanSquares(of: differences.map { $0.reshaped([$0.count / widths.sound, widths.sound]) })
  }

  private static let measuredSamples = 64
}
