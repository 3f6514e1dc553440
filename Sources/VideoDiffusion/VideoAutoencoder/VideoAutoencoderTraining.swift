import Foundation
import NeuralNetworks
import Tensors
import WorldCore

/// Trains the video autoencoder on parts of frames of a data set's clips.
///
/// Step n's batch and noise are functions of the seed and n, so that training cut off and resumed is training that never
/// stopped, bit for bit. For one task at a time.
public final class VideoAutoencoderTraining: NetworkTraining {
  /// What a training is; two of the same settings on the same data give the same weights.
  public struct Settings: Sendable, Equatable, Codable {
    public var seed: UInt64 = 0
    /// In all; the learning rate falls towards the last.
    public var steps = 20_000
    public var learningRate = 1.5e-3
    /// Clips of a step, and frames of each.
    public var clips = 4
    public var framesPerClip = 4
    /// Blocks of 4 pixels along a part's side.
    public var side = 20
    /// Deviation of the noise that latents are disturbed by: what the transformer gets wrong shall not show.
    public var latentNoise = 0.03

    public init() {}
  }

  public let settings: Settings
  private let reader: SampleReader<PixelClip>
  private var state: TrainingState<VideoAutoencoder>
  private let loss = ReconstructionLoss()
  /// Whether the fixed transform came with weights that were begun with; else the first step measures it.
  private var hasTransform = false

  public init(
    on shards: SampleShards, _ settings: Settings = Settings(), network configuration: VideoAutoencoder.Configuration = .init()
  ) {
    self.settings = settings
    reader = SampleReader(shards, size: \.byteCount) { try PixelClip($0) }
    state = TrainingState(VideoAutoencoder(configuration, seed: settings.seed).converted(to: .bfloat16))
  }

  public var step: Int { state.step }
  public var stepCount: Int { settings.steps }

  public func advance() throws -> Double {
    let step = state.step
    if step == 0, !hasTransform {
      let width = state.network.configuration.latentWidth
      let principal = try PrincipalBlocks(width: width, of: pictures(of: Self.measuredSamples))
      state.prepare { $0.principal = principal }
    }
    let (blocks, moving) = try batch(step)
    var stream = RandomStream(seed: settings.seed, "autoencoder.noise").substream(step)
    let schedule = LearningRateSchedule(
      peak: settings.learningRate, warmup: min(200, settings.steps / 10), fall: (settings.steps, settings.learningRate / 100))
    let (input, noiseLevel, loss) = (blocks.converted(to: .bfloat16), settings.latentNoise, loss)
    return state.advance(learningRate: schedule.rate(at: step)) { network in
      let z = network.encode(blocks: input)
      let noise = Tensor(stream.normals(z.count).map { $0 * Float(noiseLevel) }, shape: z.shape).converted(to: .bfloat16)
      let reproduced = network.decode(latents: z + noise).converted(to: .float32)
      return loss(reproduced, target: blocks, moving: moving) + z.converted(to: .float32).squared().mean() * Self.latentPenalty
    }
  }

  /// Keeps latents from growing, by which they would escape the noise; at unit deviation, a twentieth of what good pictures
  /// lose.
  private static let latentPenalty = 1e-3
  /// Samples that transform and statistics are measured on.
  private static let measuredSamples = 32

  /// Whole frames of the first samples, each eighth: blocks [frames, 2·rows, 2·columns, 48].
  private func pictures(of samples: Int) throws -> [Tensor] {
    try (0..<min(samples, reader.shards.learnedCount)).map { count in
      let clip = try reader.item(at: reader.shards.place(count, seed: settings.seed))
      let frames = Array(stride(from: 0, to: clip.frameCount, by: 8))
      let (rows, columns) = ((clip.height + 7) / 8 * 2, (clip.width + 7) / 8 * 2)
      let values = PixelBlocks.values(
        clip.pixels, size: (clip.width, clip.height), frames: frames, rows: 0..<rows, columns: 0..<columns)
      return Tensor(values, shape: [frames.count, rows, columns, PixelBlocks.width])
    }
  }

  /// Parts of frames [frames, side, side, 48] and where they move [frames, side, side, 1].
  private func batch(_ step: Int) throws -> (blocks: Tensor, moving: Tensor) {
    var (values, moving): ([Float], [Float]) = ([], [])
    let side = settings.side
    for k in 0..<settings.clips {
      let count = step * settings.clips + k
      let clip = try reader.item(at: reader.shards.place(count, seed: settings.seed))
      var stream = RandomStream(seed: settings.seed, "autoencoder.part").substream(count)
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

  // MARK: the result

  /// The averaged network, with the statistics of its latents.
  public func trained() throws -> VideoAutoencoder {
    var network = state.averaged
    let latents = try pictures(of: Self.measuredSamples).map {
      network.encode(blocks: $0.converted(to: network.entry.weight.elementType))
    }
    network.statistics = LatentStatistics(of: latents)
    return network
  }

  // MARK: files

  public func begin(from path: String) throws(WeightsError) {
    try state.begin(from: path)
    hasTransform = true
  }

  public func resume(from path: String) throws(WeightsError) { try state.resume(from: path, settings: settings) }
  public func writeState(to path: String) throws { try state.write(to: path, settings: settings) }

  public func writeWeights(to path: String) throws {
    try state.write(try trained(), to: path, settings: settings, samples: reader.shards)
  }
}
