public import NeuralNetworks
public import Tensors
import WorldCore

/// Stereo sound at 48 kHz to latents, 96 a second, and back: four for each frame of a clip of 24 a second.
///
/// Two fixed transforms carry most of it: short overlapping spectra, 384 a second, and the principal components of their
/// magnitudes' logarithms. Convolutions add what those miss, and phases, which the network tells apart from magnitudes (as
/// Siuzdak 2024 does), so that a dying tone is a falling line and loud and faint count alike.
public struct SoundAutoencoder: StoredNetwork {
  public static let kind = NetworkKind.soundAutoencoder

  public struct Configuration: Sendable, Equatable, Codable {
    /// Numbers a latent has.
    public var latentWidth = 32
    /// Channels at 384 and 96 Hz.
    public var widths = [160, 224]
    /// Pairs of residual blocks at each rate on the way back; there is one on the way in.
    public var decoderPairs = 2

    public init() {}
  }

  /// Samples of a latent, and spectra.
  public static let hop = spectra * MiddleSide.block
  static let spectra = 4
  /// Logarithms, real and imaginary parts of a spectrum's two channels.
  static let spectrumWidth = 3 * MiddleSide.width

  public let configuration: Configuration
  var entry, toLatent, fromLatent, exit: Convolution
  /// For each rate, the highest first.
  var encoderBlocks: [ResidualPair]
  var decoderBlocks: [[ResidualPair]]
  var slower: Convolution
  var faster: TransposedConvolution
  /// Measured on training data, before and after training; not learnt, and so none of the parameters.
  public var principal: PrincipalSpectra
  public var statistics: LatentStatistics

  public init(_ configuration: Configuration = Configuration(), seed: UInt64 = 0) {
    self.configuration = configuration
    var random = RandomStream(seed: seed, "sound autoencoder")
    let (widths, latent) = (configuration.widths, configuration.latentWidth)
    precondition(widths.count == 2, "the sound autoencoder has two rates")
    let step = ConvolutionGeometry(stride: [Self.spectra], paddingBefore: [0], paddingAfter: [0])
    entry = Convolution(Self.spectrumWidth, widths[0], kernel: [1], random: &random)
    encoderBlocks = widths.map { ResidualPair(width: $0, random: &random) }
    slower = Convolution(widths[0], widths[1], kernel: [Self.spectra], step, random: &random)
    toLatent = Convolution(widths[1], latent, kernel: [1], initialization: .zeros, random: &random)
    fromLatent = Convolution(latent, widths[1], kernel: [3], random: &random)
    decoderBlocks = widths.map { width in
      (0..<configuration.decoderPairs).map { _ in ResidualPair(width: width, random: &random) }
    }
    faster = TransposedConvolution(widths[1], widths[0], kernel: [Self.spectra], step, random: &random)
    exit = Convolution(widths[0], Self.spectrumWidth, kernel: [1], random: &random)
    principal = PrincipalSpectra(width: latent)
    statistics = LatentStatistics(width: latent)
  }

  /// Logarithms of magnitudes are told as differences from this, the middle between full scale and silence, and stay within ±
  /// `logarithmBound` of it.
  private static let middleLogarithm = -4.0
  private static let logarithmBound = 8.0

  /// Blocks of sound [batch, 4·latents, 250], middle and side, to raw latents [batch, latents, latentWidth], float32.
  public func encode(blocks: Tensor) -> Tensor {
    let spectra = OverlappingSpectra(of: blocks.converted(to: .float32))
    let logarithms = spectra.logarithms
    let companded = spectra.companded(logarithms)
    let parts = [(logarithms - Self.middleLogarithm) / 3, companded.real, companded.imaginary]
    let shape = [blocks.shape[0], blocks.shape[1], MiddleSide.width]
    let input = Tensor.concatenated(parts.map { $0.reshaped(shape) }, axis: 2)
    let x = encoderBlocks[0](entry(input.converted(to: entry.weight.elementType)))
    let learnt = toLatent(encoderBlocks[1](slower(x)))
    return principal.components(of: Self.byLatent(logarithms)) + learnt.converted(to: .float32)
  }

  /// [batch, 4·latents, 2, bins] as [batch, latents, size]: all that belongs to a latent.
  static func byLatent(_ logarithms: Tensor) -> Tensor {
    logarithms.reshaped([logarithms.shape[0], logarithms.shape[1] / spectra, PrincipalSpectra.size])
  }

  /// The way back, to blocks of sound, float32.
  public func decode(latents: Tensor) -> Tensor {
    var x = decoderBlocks[1].reduce(fromLatent(latents.converted(to: entry.weight.elementType))) { $1($0) }
    x = decoderBlocks[0].reduce(faster(x)) { $1($0) }
    // In bfloat16 logarithms would be off by a percent, and with them magnitudes.
    let parts = exit.converted(to: .float32)(x.converted(to: .float32)).split(axis: 2, into: 3)
      .map { $0.reshaped([x.shape[0], x.shape[1], 2, OverlappingSpectra.bins]) }
    let told = principal.logarithms(of: latents.converted(to: .float32)).reshaped(parts[0].shape) + parts[0]
    let logarithms =
      ((told - Self.middleLogarithm) / Self.logarithmBound).tanh() * Self.logarithmBound + Self.middleLogarithm
    // Without a phase there is no sound either.
    let length = (parts[1].squared() + parts[2].squared() + 1e-3).squareRoot()
    let scale = logarithms.exponential() / length
    return OverlappingSpectra(real: parts[1] * scale, imaginary: parts[2] * scale).blocks
  }

  /// How much each number of a latent shows in a sound: the root mean square of what its component changes in the logarithms at
  /// unit deviation, divided by the mean of all. Most are the grain of noises, whose every value is chance.
  var significance: [Float] {
    let width = configuration.latentWidth
    let (rows, deviations) = (principal.synthesis.floats(), statistics.deviation.floats())
    let shown = deviations.indices.map { k in
      deviations[k] * stride(from: k, to: rows.count, by: width).reduce(0) { $0 + rows[$1] * rows[$1] }.squareRoot()
    }
    let mean = shown.reduce(0, +) / Float(shown.count)
    // Before anything is measured all count alike.
    return mean > 0 ? shown.map { $0 / mean } : shown.map { _ in 1 }
  }

  public mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    try entry.forEachParameter(under: path / "encoder.entry", body)
    try encoderBlocks.forEachParameter(under: path / "encoder.blocks", body)
    try slower.forEachParameter(under: path / "encoder.slower", body)
    try toLatent.forEachParameter(under: path / "encoder.latent", body)
    try fromLatent.forEachParameter(under: path / "decoder.latent", body)
    for rate in decoderBlocks.indices {
      try decoderBlocks[rate].forEachParameter(under: path / "decoder.blocks.\(rate)", body)
    }
    try faster.forEachParameter(under: path / "decoder.faster", body)
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
