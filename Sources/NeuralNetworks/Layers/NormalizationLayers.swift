public import Tensors

/// Layer norm over the last axis with a learnt weight and bias.
public struct LayerNorm: Module {
  /// [width]
  public var weight, bias: Tensor
  public var epsilon: Double

  public init(_ width: Int, epsilon: Double = 1e-6) {
    weight = .ones([width])
    bias = .zeros([width])
    self.epsilon = epsilon
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { x.layerNormalized(weight: weight, bias: bias, epsilon: epsilon) }

  public mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    try body((path / "weight").name, &weight)
    try body((path / "bias").name, &bias)
  }
}

/// RMS norm over the last axis with a learnt weight.
public struct RMSNorm: Module {
  /// [width]
  public var weight: Tensor
  public var epsilon: Double

  public init(_ width: Int, epsilon: Double = 1e-6) {
    weight = .ones([width])
    self.epsilon = epsilon
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { x.rootMeanSquareNormalized(weight: weight, epsilon: epsilon) }

  public mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    try body((path / "weight").name, &weight)
  }
}

/// Group norm of [batch, ..., channels] with a learnt weight and bias.
public struct GroupNorm: Module {
  public let groups: Int
  /// [channels]
  public var weight, bias: Tensor
  public var epsilon: Double

  public init(groups: Int, channels: Int, epsilon: Double = 1e-5) {
    self.groups = groups
    weight = .ones([channels])
    bias = .zeros([channels])
    self.epsilon = epsilon
  }

  public func callAsFunction(_ x: Tensor, thenSiLU: Bool = false) -> Tensor {
    x.groupNormalized(groups: groups, weight: weight, bias: bias, epsilon: epsilon, thenSiLU: thenSiLU)
  }

  public mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    try body((path / "weight").name, &weight)
    try body((path / "bias").name, &bias)
  }
}
