public import NeuralNetworks
public import Tensors
public import WorldCore

/// x + mix(silu(convolution(x))): one convolution and one product at each place, without a norm.
///
/// x is [batch, spatial..., width].
public struct ResidualBlock: Module {
  public var convolution: Convolution
  public var mix: Linear

  /// `mix` starts at zero, so that a fresh block passes its input on.
  public init(width: Int, kernel: [Int] = [3, 3], dilation: [Int]? = nil, random: inout RandomStream) {
    convolution = Convolution(
      width, width, kernel: kernel, .same(kernel: kernel, dilation: dilation), random: &random)
    mix = Linear(width, width, initialization: .zeros, random: &random)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { x + mix(convolution(x).silu()) }

  public mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    try convolution.forEachParameter(under: path / "convolution", body)
    try mix.forEachParameter(under: path / "mix", body)
  }
}
