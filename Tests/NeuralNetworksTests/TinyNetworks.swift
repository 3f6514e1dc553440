import NeuralNetworks
import Tensors
import WorldCore

/// The twin's: an embedding, two adaptive blocks, RMS norm, a linear head.
struct TinyTransformer: Module {
  var embedding: Embedding
  var blocks: [AdaptiveTransformerBlock]
  var norm: RMSNorm
  var head: Linear

  init(symbols: Int = 7, width: Int = 32, heads: Int = 2, seed: UInt64 = 1) {
    var random = RandomStream(seed: seed, "tiny transformer")
    embedding = Embedding(symbols: symbols, width: width, random: &random)
    blocks = (0..<2).map { _ in AdaptiveTransformerBlock(width: width, heads: heads, random: &random) }
    norm = RMSNorm(width)
    head = Linear(width, symbols, random: &random)
  }

  func callAsFunction(_ symbols: [Int], condition: Tensor) -> Tensor {
    let embedded = embedding(symbols)
    let x = embedded.reshaped([1] + embedded.shape)
    return head(norm(blocks.reduce(x) { $1($0, condition: condition) }))
  }

  mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    try embedding.forEachParameter(under: path / "embedding", body)
    try blocks.forEachParameter(under: path / "blocks", body)
    try norm.forEachParameter(under: path / "norm", body)
    try head.forEachParameter(under: path / "head", body)
  }
}

/// The twin's: a strided convolution, a causal block, a transposed convolution.
struct TinyAutoencoder: Module {
  var encode: Convolution
  var block: CausalResidualBlock
  var decode: TransposedConvolution

  init(channels: Int = 16, groups: Int = 4, seed: UInt64 = 1) {
    var random = RandomStream(seed: seed, "tiny autoencoder")
    let halving = ConvolutionGeometry(stride: [1, 2, 2], paddingBefore: [0, 0, 0], paddingAfter: [0, 0, 0])
    encode = Convolution(3, channels, kernel: [1, 2, 2], halving, random: &random)
    block = CausalResidualBlock(channels: channels, groups: groups, random: &random)
    decode = TransposedConvolution(channels, 3, kernel: [1, 2, 2], halving, random: &random)
  }

  func callAsFunction(_ x: Tensor) -> Tensor { decode(block(encode(x))) }

  mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    try encode.forEachParameter(under: path / "encode", body)
    try block.forEachParameter(under: path / "block", body)
    try decode.forEachParameter(under: path / "decode", body)
  }
}
