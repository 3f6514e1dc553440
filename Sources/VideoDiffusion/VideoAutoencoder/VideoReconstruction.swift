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
    /// How much more a moving thing's pixels count than the ground's.
    public var movingWeight = 4.0
    /// How often a part is laid over a moving body, and how often it is shown with its colours in another order.
    public var moverShare = 0.0
    public var repainting = 0.0
    /// What a pixel of displacement of a moving body counts, beside the pixels' error.
    public var displacementWeight = 0.0

    public init() {}

    /// For the way back alone: noise would displace bodies more than the coder does.
    public static var decoder: Settings {
      var settings = Settings()
      (settings.latentNoise, settings.moverShare, settings.repainting) = (0, 0.8, 0.5)
      settings.displacementWeight = 0.3
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
    let side = settings.side
    let numbers = side * side * PixelBlocks.width
    for count in step.samples(settings.clips) {
      let clip = try reader.item(at: shards.place(count, seed: step.seed))
      var stream = step.stream("autoencoder.part", count)
      for _ in 0..<settings.framesPerClip {
        let frame = stream.index(below: clip.frameCount)
        var (row, column) = (
          stream.index(below: max(1, clip.rows - side + 1)), stream.index(below: max(1, clip.columns - side + 1))
        )
        let movers = settings.moverShare > 0 ? clip.movers.movers(inFrame: frame, cells: Self.fewestCells).map(\.pixels) : []
        if !movers.isEmpty, stream.uniform() < settings.moverShare {
          (row, column) = Self.part(
            over: movers[stream.index(below: movers.count)], side: side, rows: clip.rows, columns: clip.columns,
            width: clip.width,
            &stream)
        }
        let change = PartChange(
          isMirrored: settings.repainting > 0 && stream.uniform() < 0.5,
          order: settings.repainting > 0 && stream.uniform() < settings.repainting ? stream.index(below: 6) : 0)
        let (down, across) = (row..<row + side, column..<column + side)
        values += change.applied(
          to: PixelBlocks.values(
            clip.pixels, size: (clip.width, clip.height), frames: [frame], rows: down, columns: across),
          columns: side, blocks: 1, signed: [])
        moving += change.applied(
          to: clip.movingShares(frame: frame, rows: down, columns: across), columns: side, blocks: 0, signed: [])
        guard settings.displacementWeight > 0 else { continue }
        let bodies = movers.compactMap {
          Self.body($0, row: row, column: column, side: side, width: clip.width, isMirrored: change.isMirrored)
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

  /// Where a part lies that has a body about in its middle.
  private static func part(
    over pixels: [Int], side: Int, rows: Int, columns: Int, width: Int, _ stream: inout RandomStream
  ) -> (row: Int, column: Int) {
    let block = PixelBlocks.side
    func start(_ places: [Int], below count: Int) -> Int {
      let middle = (places.min()! + places.max()!) / 2 / block
      return max(0, min(count - side, middle - side / 2 - stray + stream.index(below: 2 * stray + 1)))
    }
    return (start(pixels.map { $0 / width }, below: rows), start(pixels.map { $0 % width }, below: columns))
  }

  /// A body's pixels in a part; nil where it isn't all in it: what is cut off seems displaced where it is lighter.
  private static func body(
    _ pixels: [Int], row: Int, column: Int, side: Int, width: Int, isMirrored: Bool
  ) -> [(row: Int, column: Int)]? {
    let edge = side * PixelBlocks.side
    let inside = pixels.compactMap { pixel -> (row: Int, column: Int)? in
      let (y, x) = (pixel / width - row * PixelBlocks.side, pixel % width - column * PixelBlocks.side)
      return (0..<edge).contains(y) && (0..<edge).contains(x) ? (y, isMirrored ? edge - 1 - x : x) : nil
    }
    return inside.count == pixels.count ? inside : nil
  }

  /// Cells of a moving body at least, as it is measured by.
  private static let fewestCells = 6
  /// Blocks by which a body lies off the middle of its part, at most.
  private static let stray = 4
}
