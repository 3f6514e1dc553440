public import Tensors
public import WorldCore

/// x·wᵀ + b along the last axis.
public struct Linear: Module {
  /// [out, in]
  public var weight: Tensor
  /// [out]
  public var bias: Tensor?

  public init(weight: Tensor, bias: Tensor?) {
    self.weight = weight
    self.bias = bias
  }

  public init(
    _ inputs: Int, _ outputs: Int, bias: Bool = true, initialization: Initialization = .glorotUniform,
    random: inout RandomStream
  ) {
    weight = initialization.tensor([outputs, inputs], random: &random)
    self.bias = bias ? .zeros([outputs]) : nil
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { x.linear(weight: weight, bias: bias) }

  public mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    try body((path / "weight").name, &weight)
    if var tensor = bias {
      bias = nil
      try body((path / "bias").name, &tensor)
      bias = tensor
    }
  }
}
