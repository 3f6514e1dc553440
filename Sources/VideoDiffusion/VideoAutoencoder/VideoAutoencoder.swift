public import NeuralNetworks
public import Tensors
import WorldCore

/// Pictures to latents of 8 × 8 pixels and back, each frame by itself.
///
/// A fixed transform carries most of the picture (`PrincipalBlocks`), convolutions what it leaves.
/// Time is compressed behind it, in the transformer's tokens: inside an autoencoder that costs quality. As no frame knows its
/// neighbours, clips of any length are coded frame by frame, and as all is convolution, in any size. The convolutions run at a
/// fourth and an eighth of the picture's resolution; pixels go in and out as blocks of 4 × 4.
public struct VideoAutoencoder: StoredNetwork {
  public static let kind = NetworkKind.videoAutoencoder

  public struct Configuration: Sendable, Equatable, Codable {
    /// Numbers a latent has.
    public var latentWidth = 32
    /// Channels at a fourth and at an eighth of the resolution.
    public var outerWidth = 64
    public var innerWidth = 128
    /// Residual blocks, in the order in which pixels pass them.
    public var encoderBlocks: [Int] = [1, 2]
    public var decoderBlocks: [Int] = [3, 1]

    public init() {}
  }

  /// Pixels along a latent's side.
  public static let side = 8

  public let configuration: Configuration
  var entry, halving, toLatent: Convolution
  var outerEncoder, innerEncoder: [ResidualBlock]
  var fromLatent, exit: Convolution
  var innerDecoder, outerDecoder: [ResidualBlock]
  var doubling: TransposedConvolution
  /// Measured on training data, before and after training; not learnt, and so none of the parameters.
  public var principal: PrincipalBlocks
  public var statistics: LatentStatistics

  public init(_ configuration: Configuration = Configuration(), seed: UInt64 = 0) {
    self.configuration = configuration
    var random = RandomStream(seed: seed, "video autoencoder")
    let (outer, inner, latent) = (configuration.outerWidth, configuration.innerWidth, configuration.latentWidth)
    func blocks(_ count: Int, _ width: Int) -> [ResidualBlock] {
      (0..<count).map { _ in ResidualBlock(width: width, random: &random) }
    }
    let half = ConvolutionGeometry(stride: [2, 2], paddingBefore: [0, 0], paddingAfter: [0, 0])

    entry = Convolution(PixelBlocks.width, outer, kernel: [3, 3], random: &random)
    outerEncoder = blocks(configuration.encoderBlocks[0], outer)
    halving = Convolution(outer, inner, kernel: [2, 2], half, random: &random)
    innerEncoder = blocks(configuration.encoderBlocks[1], inner)
    toLatent = Convolution(inner, latent, kernel: [1, 1], initialization: .zeros, random: &random)

    fromLatent = Convolution(latent, inner, kernel: [3, 3], random: &random)
    innerDecoder = blocks(configuration.decoderBlocks[0], inner)
    doubling = TransposedConvolution(inner, outer, kernel: [2, 2], half, random: &random)
    outerDecoder = blocks(configuration.decoderBlocks[1], outer)
    exit = Convolution(outer, PixelBlocks.width, kernel: [3, 3], initialization: .zeros, random: &random)

    principal = PrincipalBlocks(width: latent)
    statistics = LatentStatistics(width: latent)
  }

  /// Blocks of pixels [frames, 2·rows, 2·columns, 48] to raw latents [frames, rows, columns, latentWidth].
  public func encode(blocks: Tensor) -> Tensor {
    let x = outerEncoder.reduce(entry(blocks)) { $1($0) }
    return principal.components(of: blocks) + toLatent(innerEncoder.reduce(halving(x)) { $1($0) })
  }

  /// The way back, to blocks of pixels.
  public func decode(latents: Tensor) -> Tensor {
    let x = innerDecoder.reduce(fromLatent(latents)) { $1($0) }
    return principal.blocks(of: latents) + exit(outerDecoder.reduce(doubling(x)) { $1($0) })
  }

  /// With another's way back.
  func decoding(as other: VideoAutoencoder) -> VideoAutoencoder {
    var result = self
    func like<M: Module>(_ part: M) -> M { part.converted(to: entry.weight.elementType) }
    (result.fromLatent, result.doubling, result.exit) = (like(other.fromLatent), like(other.doubling), like(other.exit))
    (result.innerDecoder, result.outerDecoder) = (other.innerDecoder.map(like), other.outerDecoder.map(like))
    return result
  }

  /// How much each number of a latent shows in a picture: the root mean square over a block of its component at unit deviation,
  /// divided by the mean of all. What hardly shows shall not rule what is learnt.
  var significance: [Float] {
    let pixels = 4 * PixelBlocks.width
    let rows = principal.synthesis.floats()
    let deviations = statistics.deviation.floats()
    let shown = deviations.indices.map { k in
      deviations[k] * rows[k * pixels..<(k + 1) * pixels].reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    let mean = shown.reduce(0, +) / Float(shown.count)
    // Before anything is measured all count alike.
    return mean > 0 ? shown.map { $0 / mean } : shown.map { _ in 1 }
  }

  public mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    try entry.forEachParameter(under: path / "encoder.entry", body)
    try outerEncoder.forEachParameter(under: path / "encoder.outer", body)
    try halving.forEachParameter(under: path / "encoder.halving", body)
    try innerEncoder.forEachParameter(under: path / "encoder.inner", body)
    try toLatent.forEachParameter(under: path / "encoder.latent", body)
    try fromLatent.forEachParameter(under: path / "decoder.latent", body)
    try innerDecoder.forEachParameter(under: path / "decoder.inner", body)
    try doubling.forEachParameter(under: path / "decoder.doubling", body)
    try outerDecoder.forEachParameter(under: path / "decoder.outer", body)
    try exit.forEachParameter(under: path / "decoder.exit", body)
  }

  public func addMeasured(to checkpoint: inout Checkpoint) {
    checkpoint.add(principal)
    checkpoint.add(statistics)
  }

  public mutating func loadMeasured(from checkpoint: Checkpoint) throws(CheckpointError) {
    try checkpoint.load(into: &principal)
    try checkpoint.load(into: &statistics)
  }
}
