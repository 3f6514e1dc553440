import NeuralNetworks
public import Tensors
import WorldCore

/// What the video autoencoder learns: to give parts of a data set's pictures as they were; or only to give them back from the
/// latents of weights that stay, and with them all networks that know these latents.
public final class VideoReconstruction: TrainingObjective {
  public struct Settings: Sendable, Equatable, Codable {
    /// Clips of a step, and frames of each.
    public var clips = 4
    public var framesPerClip = 4
    /// Blocks of 4 pixels along a part's side.
    public var side = 20
    /// Deviation of the noise that latents are disturbed by: what the transformer gets wrong shall not show.
    public var latentNoise = 0.03
    /// How often a part is laid over a moving body.
    public var moverShare = 0.0
    /// How much more a moving thing's pixels count than the ground's.
    public var movingWeight = 4.0
    /// What a pixel of displacement of a moving body counts, beside the pixels' error.
    public var displacementWeight = 0.0

    public init() {}

    /// For the way back alone.
    public static var decoder: Settings {
      var settings = Settings()
      (settings.moverShare, settings.movingWeight, settings.displacementWeight) = (0.8, 16, 0.1)
      return settings
    }
  }

  public static let schedule = TrainingSchedule(steps: 20_000, learningRate: 1.5e-3, lastLearningRate: 1.5e-5)

  public let settings: Settings
  public let configuration: VideoAutoencoder.Configuration
  private let reader: SampleReader<PixelClip>
  private let penalty: ReconstructionLoss
  /// Whose latents are decoded; nil where they are learnt too.
  private let coder: VideoAutoencoder?

  public init(
    on shards: SampleShards, _ settings: Settings = Settings(), network configuration: VideoAutoencoder.Configuration = .init()
  ) {
    (self.settings, self.configuration, coder) = (settings, configuration, nil)
    reader = SampleReader(shards, size: \.byteCount) { try PixelClip($0) }
    penalty = ReconstructionLoss(movingWeight: settings.movingWeight)
  }

  /// The way back alone.
  ///
  /// - Parameter coder: whose latents are decoded; they stay.
  public init(on shards: SampleShards, decoding coder: VideoAutoencoder, _ settings: Settings = .decoder) {
    (self.settings, configuration, self.coder) = (settings, coder.configuration, coder)
    reader = SampleReader(shards, size: \.byteCount) { try PixelClip($0) }
    penalty = ReconstructionLoss(movingWeight: settings.movingWeight)
  }

  public var shards: SampleShards { reader.shards }

  /// The fixed transform, where it didn't come with weights.
  public func prepare(_ network: inout VideoAutoencoder, isBegun: Bool, seed: UInt64) throws {
    guard !isBegun else { return }
    if let coder {
      network = coder.converted(to: network.entry.weight.elementType)
      return
    }
    network.principal = try PrincipalBlocks(
      width: configuration.latentWidth, of: pictures(of: Self.measuredSamples, seed: seed))
  }

  public func loss(at step: TrainingStep, of network: VideoAutoencoder) throws -> (VideoAutoencoder) -> Tensor {
    let batch = try batch(step)
    let (blocks, input) = (batch.blocks, batch.blocks.converted(to: .bfloat16))
    let given = coder?.encode(blocks: input)
    var stream = step.stream("autoencoder.noise")
    let places = input.count / (4 * PixelBlocks.width) * configuration.latentWidth
    let noise = Tensor(stream.normals(places).map { $0 * Float(settings.latentNoise) }, shape: [places]).converted(
      to: .bfloat16)
    let (penalty, displacementWeight) = (penalty, settings.displacementWeight)
    return { network in
      let z = given ?? network.encode(blocks: input)
      let reproduced = network.decode(latents: z + noise.reshaped(z.shape)).converted(to: .float32)
      var loss = penalty(reproduced, target: blocks, moving: batch.moving)
      if let displacement = batch.displacement { loss = loss + displacement(reproduced - blocks) * displacementWeight }
      return given == nil ? loss + z.converted(to: .float32).squared().mean() * Self.latentPenalty : loss
    }
  }

  /// With the statistics of its latents; with the way there and its statistics as they were where they stay.
  public func finished(_ network: VideoAutoencoder, seed: UInt64) throws -> VideoAutoencoder {
    if let coder { return coder.decoding(as: network) }
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

  /// Parts of frames.
  private struct Batch {
    /// [parts, side, side, 48]
    var blocks: Tensor
    /// Where things move [parts, side, side, 1].
    var moving: Tensor
    /// nil where it doesn't count.
    var displacement: DisplacementPenalty?
  }

  private func batch(_ step: TrainingStep) throws -> Batch {
    var (values, moving, kernels): ([Float], [Float], [[[Float]]]) = ([], [], [])
    let (side, block) = (settings.side, PixelBlocks.side)
    let numbers = side * side * PixelBlocks.width
    for count in step.samples(settings.clips) {
      let clip = try reader.item(at: shards.place(count, seed: step.seed))
      var stream = step.stream("autoencoder.part", count)
      for _ in 0..<settings.framesPerClip {
        let frame = stream.index(below: clip.frameCount)
        let (rows, columns) = (max(1, clip.rows - side + 1), max(1, clip.columns - side + 1))
        var (row, column) = (stream.index(below: rows), stream.index(below: columns))
        let movers = settings.moverShare > 0 ? clip.movers.movers(inFrame: frame, cells: Self.fewestCells) : []
        if !movers.isEmpty, stream.uniform() < settings.moverShare {
          let pixels = movers[stream.index(below: movers.count)].pixels
          let middle = pixels[stream.index(below: pixels.count)]
          func start(_ pixel: Int, below count: Int) -> Int {
            max(0, min(count - 1, pixel / block - stream.index(below: side)))
          }
          (row, column) = (start(middle / clip.width, below: rows), start(middle % clip.width, below: columns))
        }
        values += PixelBlocks.values(
          clip.pixels, size: (clip.width, clip.height), frames: [frame], rows: row..<row + side, columns: column..<column + side
        )
        moving += clip.movingShares(frame: frame, rows: row..<row + side, columns: column..<column + side)
        guard settings.displacementWeight > 0 else { continue }
        let bodies = movers.map { mover in
          mover.pixels.map { (row: $0 / clip.width - row * block, column: $0 % clip.width - column * block) }
        }
        kernels.append(DisplacementPenalty.kernel(values.suffix(numbers), columns: side, bodies: bodies))
      }
    }
    let parts = settings.clips * settings.framesPerClip
    return Batch(
      blocks: Tensor(values, shape: [parts, side, side, PixelBlocks.width]),
      moving: Tensor(moving, shape: [parts, side, side, 1]),
      displacement: kernels.isEmpty ? nil : DisplacementPenalty(kernels, numbers: numbers))
  }

  /// Of a moving body, as it is measured by.
  private static let fewestCells = 6
}
