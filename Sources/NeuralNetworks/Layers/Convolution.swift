public import Tensors
public import WorldCore

/// A convolution over one to three spatial axes, channels last.
public struct Convolution: Module {
  public let geometry: ConvolutionGeometry
  /// [out, kernel..., in]
  public var weight: Tensor
  /// [out]
  public var bias: Tensor?

  public init(
    _ inputs: Int, _ outputs: Int, kernel: [Int], _ geometry: ConvolutionGeometry? = nil, bias: Bool = true,
    initialization: Initialization = .fanInUniform, random: inout RandomStream
  ) {
    self.geometry = geometry ?? .same(kernel: kernel)
    weight = initialization.tensor([outputs] + kernel + [inputs], random: &random)
    self.bias = bias ? .zeros([outputs]) : nil
  }

  /// [batch, spatial..., in] to [batch, spatial..., out]
  public func callAsFunction(_ x: Tensor) -> Tensor { x.convolved(weight: weight, bias: bias, geometry) }

  public mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    try body((path / "weight").name, &weight)
    if var tensor = bias {
      bias = nil
      try body((path / "bias").name, &tensor)
      bias = tensor
    }
  }
}

/// The transpose of a convolution: strides enlarge.
public struct TransposedConvolution: Module {
  public let geometry: ConvolutionGeometry
  /// [in, kernel..., out]
  public var weight: Tensor
  /// [out]
  public var bias: Tensor

  public init(
    _ inputs: Int, _ outputs: Int, kernel: [Int], _ geometry: ConvolutionGeometry,
    initialization: Initialization = .fanInUniform,
    random: inout RandomStream
  ) {
    self.geometry = geometry
    weight = initialization.tensor([inputs] + kernel + [outputs], random: &random)
    bias = .zeros([outputs])
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { x.convolvedTransposed(weight: weight, bias: bias, geometry) }

  public mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    try body((path / "weight").name, &weight)
    try body((path / "bias").name, &bias)
  }
}

/// Two causal 3-D convolutions, each after group norm and SiLU, added to the input: the block of a causal video autoencoder.
///
/// x is [batch, frames, height, width, channels]; no frame sees a later one through the convolutions.
public struct CausalResidualBlock: Module {
  public var norm1, norm2: GroupNorm
  public var convolution1, convolution2: Convolution

  public init(channels: Int, groups: Int, random: inout RandomStream) {
    let geometry = ConvolutionGeometry.same(kernel: [3, 3, 3], causal: [0])
    norm1 = GroupNorm(groups: groups, channels: channels)
    norm2 = GroupNorm(groups: groups, channels: channels)
    convolution1 = Convolution(channels, channels, kernel: [3, 3, 3], geometry, random: &random)
    convolution2 = Convolution(channels, channels, kernel: [3, 3, 3], geometry, random: &random)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    let h = convolution1(norm1(x, thenSiLU: true))
    return x + convolution2(norm2(h, thenSiLU: true))
  }

  public mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    try norm1.forEachParameter(under: path / "norm1", body)
    try convolution1.forEachParameter(under: path / "convolution1", body)
    try norm2.forEachParameter(under: path / "norm2", body)
    try convolution2.forEachParameter(under: path / "convolution2", body)
  }
}
