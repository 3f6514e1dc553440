import NeuralNetworks
import Tensors
import WorldCore

/// The plain block stack of `peers/network_peer.py`, batch 1, heads of 64.
struct TransformerStack: Module {
  var blocks: [AdaptiveTransformerBlock]

  init(width: Int, depth: Int) {
    var random = RandomStream(seed: 1, "benchmark")
    blocks = (0..<depth).map { _ in
      var block = AdaptiveTransformerBlock(width: width, heads: max(1, width / 64), random: &random)
      // Modulations that do something: zeros would leave every gate shut.
      block.modulation = Linear(width, 6 * width, random: &random)
      return block
    }
  }

  func callAsFunction(_ x: Tensor, condition: Tensor) -> Tensor { blocks.reduce(x) { $1($0, condition: condition) } }

  mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    try blocks.forEachParameter(under: path / "blocks", body)
  }

  /// 10⁹ multiplications and additions of a forward pass: linear layers and attention only.
  static func gigaflop(width: Int, depth: Int, tokens: Int) -> Double {
    let linear = 2 * 12 * width * width * tokens
    let attention = 4 * tokens * tokens * width
    return Double(depth * (linear + attention)) / 1e9
  }
}
