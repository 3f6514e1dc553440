public import Tensors
public import WorldCore

/// A transformer block whose layer norms and residuals are modulated by a condition: DiT with adaLN (Peebles & Xie 2023).
///
/// x is [batch, tokens, width], condition [batch, width].
public struct AdaptiveTransformerBlock: Module {
  public let heads: Int
  public var qkv, out, up, down, modulation: Linear
  public var epsilon = 1e-5

  /// `modulation` starts at zero, so that a fresh block passes its input on.
  public init(width: Int, heads: Int, hidden: Int? = nil, random: inout RandomStream) {
    require(width % heads == 0, "a width of \(width) does not divide into \(heads) heads")
    self.heads = heads
    let hidden = hidden ?? 4 * width
    qkv = Linear(width, 3 * width, random: &random)
    out = Linear(width, width, random: &random)
    up = Linear(width, hidden, random: &random)
    down = Linear(hidden, width, random: &random)
    modulation = Linear(width, 6 * width, initialization: .zeros, random: &random)
  }

  public func callAsFunction(_ x: Tensor, condition: Tensor) -> Tensor {
    let (batch, tokens, width) = (x.shape[0], x.shape[1], x.shape[2])
    // Scale, shift and gate of the attention, then of the perceptron.
    let m = modulation(condition.silu()).split(axis: 1, into: 6)

    let packed = qkv(x.layerNormalized(scale: m[0], shift: m[1], epsilon: epsilon))
    let attended = Tensor.selfAttention(packed.reshaped([batch, tokens, 3, heads, width / heads])).reshaped(x.shape)
    let y = x.adding(out(attended), gatedBy: m[2])

    let normalized = y.layerNormalized(scale: m[3], shift: m[4], epsilon: epsilon)
    let h = normalized.feedForward(up: up.weight, upBias: up.bias!, down: down.weight, downBias: down.bias!)
    return y.adding(h, gatedBy: m[5])
  }

  public mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    try qkv.forEachParameter(under: path / "qkv", body)
    try out.forEachParameter(under: path / "out", body)
    try up.forEachParameter(under: path / "up", body)
    try down.forEachParameter(under: path / "down", body)
    try modulation.forEachParameter(under: path / "modulation", body)
  }
}
