public import NeuralNetworks
public import Tensors
import WorldCore

/// Light drawn over geometry: from the simulator's plain view and what it knows of each point to the picture that a path tracer
/// would give (deep shading: Nalbach et al. 2017).
///
/// Each frame by itself, without chance: the mean of what the picture may be, and the base that diffusion adds to. A U-net over
/// blocks of 4 × 4 pixels at a fourth, an eighth and a sixteenth of the resolution; what it gives is added to the plain view.
/// Another such network does without that view: it sees flat colours in its place (`FlatView`).
public struct NeuralShader: StoredNetwork {
  public static let kind = NetworkKind.neuralShader

  public struct Configuration: Sendable, Equatable, Codable {
    /// Channels at a fourth, an eighth and a sixteenth of the resolution.
    public var widths = [48, 96, 128]
    /// Residual blocks on the way down, and on the way up, where the last level has none of its own.
    public var down = [1, 2, 3]
    public var up = [1, 2]
    var controlChannels = 11
    /// Numbers of looks; see `ShaderLook`.
    var styles = GeneratorStyle.allCases.count

    public init() {}

    /// Of a network that draws over flat colours, told a scene's sky as well as its style.
    public static var geometry: Configuration {
      var configuration = Configuration()
      (configuration.widths, configuration.down, configuration.up) = ([48, 80, 96], [1, 2, 2], [1, 2])
      configuration.styles = ShaderLook.count
      return configuration
    }

    /// Whether it sees flat colours in the plain view's place: then it is told the sky.
    public var drawsFlatColors: Bool { styles == ShaderLook.count }

    /// A look's number here; a network that knows styles alone isn't told the sky.
    func number(of look: ShaderLook) -> Int { look.number < styles ? look.number : look.style.number }

    /// Plain view, controls, place in the picture.
    package var inputWidth: Int { PixelBlocks.width + controlChannels + 2 }
  }

  public let configuration: Configuration
  var entry, exit: Convolution
  var styles: Embedding
  /// By level, the finest first.
  var down, up: [[ResidualBlock]]
  var halving: [Convolution]
  var doubling: [TransposedConvolution]

  public init(_ configuration: Configuration = Configuration(), seed: UInt64 = 0) {
    self.configuration = configuration
    var random = RandomStream(seed: seed, "neural shader")
    let widths = configuration.widths
    let half = ConvolutionGeometry(stride: [2, 2], paddingBefore: [0, 0], paddingAfter: [0, 0])
    // At the coarsest level every second block looks twice as far: light comes from afar.
    func blocks(_ counts: [Int]) -> [[ResidualBlock]] {
      counts.enumerated().map { level, count in
        (0..<count).map { k in
          let far = level == widths.count - 1 && k % 2 == 1
          return ResidualBlock(width: widths[level], dilation: far ? [2, 2] : nil, random: &random)
        }
      }
    }
    entry = Convolution(configuration.inputWidth, widths[0], kernel: [3, 3], random: &random)
    styles = Embedding(symbols: configuration.styles, width: widths[0], random: &random)
    down = blocks(configuration.down)
    up = blocks(configuration.up)
    halving = zip(widths, widths.dropFirst()).map { Convolution($0, $1, kernel: [2, 2], half, random: &random) }
    doubling = zip(widths, widths.dropFirst()).map { TransposedConvolution($1, $0, kernel: [2, 2], half, random: &random) }
    exit = Convolution(widths[0], PixelBlocks.width, kernel: [3, 3], initialization: .zeros, random: &random)
  }

  /// The pictures of plain views, in blocks of pixels.
  ///
  /// - Parameters:
  ///   - input: [frames, rows, columns, 61], rows and columns multiples of 4: the plain view's blocks, controls, place; see
  ///     `ShaderInput`.
  ///   - styles: the number of each frame's look.
  /// - Returns: [frames, rows, columns, 48].
  package func callAsFunction(_ input: Tensor, styles numbers: [Int]) -> Tensor {
    let levels = configuration.widths.count
    var x = entry(input) + styles(numbers).reshaped([numbers.count, 1, 1, configuration.widths[0]])
    var passed: [Tensor] = []
    for level in 0..<levels {
      if level > 0 { x = halving[level - 1](x) }
      x = down[level].reduce(x) { $1($0) }
      passed.append(x)
    }
    for level in (0..<levels - 1).reversed() {
      x = doubling[level](x) + passed[level]
      x = up[level].reduce(x) { $1($0) }
    }
    return input.slice(axis: 3, 0..<PixelBlocks.width) + exit(x)
  }

  public mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    try entry.forEachParameter(under: path / "entry", body)
    try styles.forEachParameter(under: path / "styles", body)
    for level in down.indices { try down[level].forEachParameter(under: path / "down.\(level)", body) }
    try halving.forEachParameter(under: path / "halving", body)
    try doubling.forEachParameter(under: path / "doubling", body)
    for level in up.indices { try up[level].forEachParameter(under: path / "up.\(level)", body) }
    try exit.forEachParameter(under: path / "exit", body)
  }
}
