import NeuralNetworks
import Tensors
import WorldCore

/// A transformer block over all kinds of tokens at once, with rotary positions; scales, shifts and gates come from one
/// modulation that all blocks share, plus the block's own constants (adaLN-single: Chen et al. 2024).
struct JointBlock: Module {
  let heads: Int
  var qkv, out, up, down: Linear
  /// [1, 6·width], added to the shared modulation.
  var modulation: Tensor

  /// The gates start at zero, so that a fresh block passes its input on.
  init(width: Int, heads: Int, random: inout RandomStream) {
    self.heads = heads
    qkv = Linear(width, 3 * width, random: &random)
    out = Linear(width, width, random: &random)
    up = Linear(width, 4 * width, random: &random)
    down = Linear(4 * width, width, random: &random)
    modulation = .zeros([1, 6 * width])
  }

  /// x [1, tokens, width], shared [1, 6·width].
  func callAsFunction(_ x: Tensor, shared: Tensor, rotary: RotaryTables) -> Tensor {
    let (tokens, width) = (x.shape[1], x.shape[2])
    let m = (shared + modulation).split(axis: 1, into: 6)

    let packed = qkv(x.layerNormalized(scale: m[0], shift: m[1])).reshaped([1, tokens, 3 * heads, width / heads])
    // Queries and keys turn together.
    let turned = packed.slice(axis: 2, 0..<2 * heads).rotated(cosines: rotary.cosines, sines: rotary.sines)
    let attended = Tensor.attention(
      query: turned.slice(axis: 2, 0..<heads), key: turned.slice(axis: 2, heads..<2 * heads),
      value: packed.slice(axis: 2, 2 * heads..<3 * heads))
    let y = x.adding(out(attended.reshaped(x.shape)), gatedBy: m[2])

    let h = y.layerNormalized(scale: m[3], shift: m[4])
    return y.adding(h.feedForward(up: up.weight, upBias: up.bias!, down: down.weight, downBias: down.bias!), gatedBy: m[5])
  }

  mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    try qkv.forEachParameter(under: path / "qkv", body)
    try out.forEachParameter(under: path / "out", body)
    try up.forEachParameter(under: path / "up", body)
    try down.forEachParameter(under: path / "down", body)
    try body((path / "modulation").name, &modulation)
  }
}
