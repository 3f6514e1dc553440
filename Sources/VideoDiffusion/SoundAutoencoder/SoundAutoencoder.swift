public import NeuralNetworks
public import Tensors
import WorldCore

/// Stereo sound at 48 kHz to latents, 96 a second, and back: four for each frame of a clip of 24 a second.
///
/// Samples go in and out as blocks of 20, so that no layer runs at the full rate; the convolutions run at 2400, 480 and 96 Hz.
public struct SoundAutoencoder: StoredNetwork {
  public static let kind = NetworkKind.soundAutoencoder

  public struct Configuration: Sendable, Equatable, Codable {
    /// Numbers a latent has.
    public var latentWidth = 32
    /// Channels at 2400, 480 and 96 Hz.
    public var widths = [64, 128, 192]

    public init() {}
  }

  /// Samples of a block and of a latent.
  public static let block = 20
  public static let hop = 500
  /// Both channels of a block.
  static let blockWidth = 2 * block
  private static let stride = 5

  public let configuration: Configuration
  var entry, toLatent, fromLatent, exit: Convolution
  /// One for each rate, the highest first.
  var encoderBlocks, decoderBlocks: [ResidualPair]
  var slower: [Convolution]
  var faster: [TransposedConvolution]
  /// Over the training data; not learnt.
  public var statistics: LatentStatistics

  public init(_ configuration: Configuration = Configuration(), seed: UInt64 = 0) {
    self.configuration = configuration
    var random = RandomStream(seed: seed, "sound autoencoder")
    let (widths, latent) = (configuration.widths, configuration.latentWidth)
    let step = ConvolutionGeometry(stride: [Self.stride], paddingBefore: [0], paddingAfter: [0])
    entry = Convolution(Self.blockWidth, widths[0], kernel: [5], random: &random)
    encoderBlocks = widths.map { ResidualPair(width: $0, random: &random) }
    slower = zip(widths, widths.dropFirst()).map { Convolution($0, $1, kernel: [Self.stride], step, random: &random) }
    toLatent = Convolution(widths.last!, latent, kernel: [1], random: &random)
    fromLatent = Convolution(latent, widths.last!, kernel: [3], random: &random)
    decoderBlocks = widths.map { ResidualPair(width: $0, random: &random) }
    faster = zip(widths, widths.dropFirst()).map {
      TransposedConvolution($1, $0, kernel: [Self.stride], step, random: &random)
    }
    exit = Convolution(widths[0], Self.blockWidth, kernel: [5], random: &random)
    statistics = LatentStatistics(width: latent)
  }

  /// Latents stay within ± this, so that noise on them has a meaning.
  private static let bound = 3.0

  /// Blocks of companded samples [batch, 25·latents, 40] to raw latents [batch, latents, latentWidth].
  public func encode(blocks: Tensor) -> Tensor {
    var x = encoderBlocks[0](entry(blocks))
    for (slower, blocks) in zip(slower, encoderBlocks.dropFirst()) { x = blocks(slower(x)) }
    return (toLatent(x) / Self.bound).tanh() * Self.bound
  }

  /// The way back, to blocks of companded samples.
  public func decode(latents: Tensor) -> Tensor {
    var x = fromLatent(latents)
    for rate in decoderBlocks.indices.reversed() {
      x = decoderBlocks[rate](x)
      if rate > 0 { x = faster[rate - 1](x) }
    }
    return exit(x)
  }

  public mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    try entry.forEachParameter(under: path / "encoder.entry", body)
    try encoderBlocks.forEachParameter(under: path / "encoder.blocks", body)
    try slower.forEachParameter(under: path / "encoder.slower", body)
    try toLatent.forEachParameter(under: path / "encoder.latent", body)
    try fromLatent.forEachParameter(under: path / "decoder.latent", body)
    try decoderBlocks.forEachParameter(under: path / "decoder.blocks", body)
    try faster.forEachParameter(under: path / "decoder.faster", body)
    try exit.forEachParameter(under: path / "decoder.exit", body)
  }

  public func addMeasured(to checkpoint: inout Checkpoint) {
    checkpoint.add(statistics)
  }

  public mutating func loadMeasured(from checkpoint: Checkpoint) throws(CheckpointError) {
    try checkpoint.load(into: &statistics)
  }
}

/// Two residual blocks along time, the second of which looks three times as far.
struct ResidualPair: Module {
  var near, far: ResidualBlock

  init(width: Int, random: inout RandomStream) {
    near = ResidualBlock(width: width, kernel: [3], random: &random)
    far = ResidualBlock(width: width, kernel: [3], dilation: [3], random: &random)
  }

  func callAsFunction(_ x: Tensor) -> Tensor { far(near(x)) }

  mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    try near.forEachParameter(under: path / "near", body)
    try far.forEachParameter(under: path / "far", body)
  }
}
