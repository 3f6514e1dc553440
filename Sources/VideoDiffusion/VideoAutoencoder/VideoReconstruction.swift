import NeuralNetworks
public import Tensors
import WorldCore

/// What the video autoencoder learns: to give parts of a data set's pictures as they were.
public final class VideoReconstruction: TrainingObjective {
  public struct Settings: Sendable, Equatable, Codable {
    /// Clips of a step, and frames of each.
    public var clips = 4
    public var framesPerClip = 4
    /// Blocks of 4 pixels along a part's side.
    public var side = 20
    /// Deviation of the noise that latents are disturbed by: what the transformer gets wrong shall not show.
    public var latentNoise = 0.03

    public init() {}
  }

  public static let schedule = TrainingSchedule(steps: 20_000, learningRate: 1.5e-3, lastLearningRate: 1.5e-5)

  public let settings: Settings
  public let configuration: VideoAutoencoder.Configuration
  private let reader: SampleReader<PixelClip>
  private let penalty = ReconstructionLoss()

  public init(
    on shards: SampleShards, _ settings: Settings = Settings(), network configuration: VideoAutoencoder.Configuration = .init()
  ) {
    (self.settings, self.configuration) = (settings, configuration)
    reader = SampleReader(shards, size: \.byteCount) { try PixelClip($0) }
  }

  public var shards: SampleShards { reader.shards }

  /// The fixed transform, where it didn't come with weights.
  public func prepare(_ network: inout VideoAutoencoder, isBegun: Bool, seed: UInt64) throws {
    guard !isBegun else { return }
    network.principal = try PrincipalBlocks(
      width: configuration.latentWidth, of: pictures(of: Self.measuredSamples, seed: seed))
  }

  public func loss(at step: TrainingStep, of network: VideoAutoencoder) throws -> (VideoAutoencoder) -> Tensor {
    let (blocks, moving) = try batch(step)
    let stream = step.stream("autoencoder.noise")
    let (input, noiseLevel, penalty) = (blocks.converted(to: .bfloat16), settings.latentNoise, penalty)
    return { network in
      let z = network.encode(blocks: input)
      var stream = stream
      let noise = Tensor(stream.normals(z.count).map { $0 * Float(noiseLevel) }, shape: z.shape).converted(to: .bfloat16)
      let reproduced = network.decode(latents: z + noise).converted(to: .float32)
      return penalty(reproduced, target: blocks, moving: moving)
        + z.converted(to: .float32).squared().mean() * Self.latentPenalty
    }
  }

  /// With the statistics of its latents.
  public func finished(_ network: VideoAutoencoder, seed: UInt64) throws -> VideoAutoencoder {
    let latents = try pictures(of: Self.measuredSamples, seed: seed).map {
      network.encode(blocks: $0.converted(to: network.entry.weight.elementType))
    }
    var network = network
    network.statistics = LatentStatistics(of: latents)
    return network
  }

  /// Keeps latents from growing, by which they would escape the noise; at unit deviation, a twentieth of what good pictures
  /// lose.
  private static let latentPenalty = 1e-3
  /// Samples that transform and statistics are measured on.
  private static let measuredSamples = 32

  /// Whole frames of the first samples, each eighth: blocks [frames, 2·rows, 2·columns, 48].
  private func pictures(of samples: Int, seed: UInt64) throws -> [Tensor] {
    try (0..<min(samples, shards.learnedCount)).map { count in
      let clip = try reader.item(at: shards.place(count, seed: seed))
      let frames = Array(stride(from: 0, to: clip.frameCount, by: 8))
      let (rows, columns) = ((clip.height + 7) / 8 * 2, (clip.width + 7) / 8 * 2)
      let values = PixelBlocks.values(
        clip.pixels, size: (clip.width, clip.height), frames: frames, rows: 0..<rows, columns: 0..<columns)
      return Tensor(values, shape: [frames.count, rows, columns, PixelBlocks.width])
    }
  }

  /// Parts of frames [frames, side, side, 48] and where they move [frames, side, side, 1].
  private func batch(_ step: TrainingStep) throws -> (blocks: Tensor, moving: Tensor) {
    var (values, moving): ([Float], [Float]) = ([], [])
    let side = settings.side
    for count in step.samples(settings.clips) {
      let clip = try reader.item(at: shards.place(count, seed: step.seed))
      var stream = step.stream("autoencoder.part", count)
      for _ in 0..<settings.framesPerClip {
        let frame = stream.index(below: clip.frameCount)
        let (row, column) = (
          stream.index(below: max(1, clip.rows - side + 1)), stream.index(below: max(1, clip.columns - side + 1))
        )
        values += PixelBlocks.values(
          clip.pixels, size: (clip.width, clip.height), frames: [frame], rows: row..<row + side, columns: column..<column + side
        )
        moving += clip.movingShares(frame: frame, rows: row..<row + side, columns: column..<column + side)
      }
    }
    let frames = settings.clips * settings.framesPerClip
    return (
      Tensor(values, shape: [frames, side, side, PixelBlocks.width]), Tensor(moving, shape: [frames, side, side, 1])
    )
  }
}
