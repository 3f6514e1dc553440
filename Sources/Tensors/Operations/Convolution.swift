/// A convolution over one to three spatial axes: x [batch, spatial..., in], w [out, kernel..., in], bias [out].
struct ConvolutionOperation: DifferentiableOperation {
  let geometry: ConvolutionGeometry

  static let kind = OperationKind.convolution

  func forward(_ inputs: [Tensor], saving saved: inout SavedTensors) -> Tensor {
    let (x, w) = (inputs[0].contiguous(), inputs[1].contiguous())
    saved.tensors = [x, w]
    return Convolutions.forward(
      x, w, bias: inputs.count > 2 ? inputs[2].contiguous() : nil, geometry, packing: saved.isTraining ? .once : .kept)
  }

  func backward(_ gradient: Tensor, _ saved: SavedTensors, wanted: [Bool]) -> [Tensor?] {
    let (x, w, dy) = (saved[0], saved[1], gradient.contiguous())
    return [
      wanted[0] ? Convolutions.data(dy, w, shape: x.shape, geometry) : nil,
      wanted[1] ? Convolutions.weights(x, dy, shape: w.shape, geometry) : nil,
      wanted.count > 2 && wanted[2] ? dy.sum(over: Array(0..<dy.rank - 1)) : nil,
    ]
  }

  static var examples: [OperationExample] {
    [
      OperationExample("1-D, stride 2", [[2, 9, 3], [4, 3, 3], [4]]) {
        $0[0].convolved(
          weight: $0[1], bias: $0[2], ConvolutionGeometry(stride: [2], paddingBefore: [1], paddingAfter: [1]))
      },
      OperationExample("2-D, dilated", [[1, 6, 7, 2], [3, 3, 3, 2]]) {
        $0[0].convolved(weight: $0[1], bias: nil, .same(kernel: [3, 3], dilation: [2, 1]))
      },
      OperationExample("3-D, causal in time", [[1, 4, 4, 3, 2], [3, 3, 3, 3, 2], [3]]) {
        $0[0].convolved(weight: $0[1], bias: $0[2], .same(kernel: [3, 3, 3], causal: [0]))
      },
      OperationExample("3-D, stride 1, 2, 2", [[1, 3, 4, 4, 2], [2, 1, 2, 2, 2]]) {
        $0[0].convolved(
          weight: $0[1], bias: nil, ConvolutionGeometry(stride: [1, 2, 2], paddingBefore: [0, 0, 0], paddingAfter: [0, 0, 0]))
      },
    ]
  }
}

/// The transpose of a convolution: x [batch, spatial..., in], w [in, kernel..., out], bias [out]; strides enlarge.
struct TransposedConvolutionOperation: DifferentiableOperation {
  let geometry: ConvolutionGeometry

  static let kind = OperationKind.transposedConvolution

  func forward(_ inputs: [Tensor], saving saved: inout SavedTensors) -> Tensor {
    let (x, w) = (inputs[0].contiguous(), inputs[1].contiguous())
    saved.tensors = [x, w]
    let spatial = geometry.inputExtents(Array(x.shape[1..<x.rank - 1]), kernel: Array(w.shape[1..<w.rank - 1]))
    let y = Convolutions.data(
      x, w, shape: [x.shape[0]] + spatial + [w.shape[w.rank - 1]], geometry,
      packing: saved.isTraining ? .once : .kept)
    return inputs.count > 2 ? BinaryOperation.compute(.add, y, inputs[2]) : y
  }

  func backward(_ gradient: Tensor, _ saved: SavedTensors, wanted: [Bool]) -> [Tensor?] {
    let (x, w, dy) = (saved[0], saved[1], gradient.contiguous())
    return [
      wanted[0] ? Convolutions.forward(dy, w, bias: nil, geometry) : nil,
      wanted[1] ? Convolutions.weights(dy, x, shape: w.shape, geometry) : nil,
      wanted.count > 2 && wanted[2] ? dy.sum(over: Array(0..<dy.rank - 1)) : nil,
    ]
  }

  static var examples: [OperationExample] {
    [
      OperationExample("2-D, stride 2", [[1, 3, 4, 3], [3, 4, 4, 2], [2]]) {
        $0[0].convolvedTransposed(
          weight: $0[1], bias: $0[2], ConvolutionGeometry(stride: [2, 2], paddingBefore: [1, 1], paddingAfter: [1, 1]))
      },
      OperationExample("1-D, stride 3", [[2, 4, 2], [2, 3, 5]]) {
        $0[0].convolvedTransposed(
          weight: $0[1], bias: nil, ConvolutionGeometry(stride: [3], paddingBefore: [0], paddingAfter: [0]))
      },
    ]
  }
}

extension Tensor {
  /// The convolution of [batch, spatial..., in] with weights [out, kernel..., in], + bias [out].
  public func convolved(weight: Tensor, bias: Tensor?, _ geometry: ConvolutionGeometry) -> Tensor {
    checkConvolution(weight, bias, geometry, channels: weight.shape.last ?? 0, outputs: weight.shape.first ?? 0)
    let fits = geometry.stride.indices.allSatisfy { axis in
      let padded = shape[axis + 1] + geometry.paddingBefore[axis] + geometry.paddingAfter[axis]
      return padded > (weight.shape[axis + 1] - 1) * geometry.dilation[axis]
    }
    require(fits, "a kernel of shape \(weight.shape) is larger than the padded input of shape \(shape)")
    return ConvolutionOperation(geometry: geometry).apply([self, weight] + (bias.map { [$0] } ?? []))
  }

  /// The transposed convolution of [batch, spatial..., in] with weights [in, kernel..., out], + bias [out].
  public func convolvedTransposed(weight: Tensor, bias: Tensor?, _ geometry: ConvolutionGeometry) -> Tensor {
    checkConvolution(weight, bias, geometry, channels: weight.shape.first ?? 0, outputs: weight.shape.last ?? 0)
    return TransposedConvolutionOperation(geometry: geometry).apply([self, weight] + (bias.map { [$0] } ?? []))
  }

  private func checkConvolution(_ weight: Tensor, _ bias: Tensor?, _ geometry: ConvolutionGeometry, channels: Int, outputs: Int)
  {
    let axes = geometry.stride.count
    let perAxis = [geometry.stride, geometry.paddingBefore, geometry.paddingAfter, geometry.dilation]
    require(
      (1...3).contains(axes) && perAxis.allSatisfy { $0.count == axes } && geometry.stride.allSatisfy { $0 > 0 }
        && geometry.dilation.allSatisfy { $0 > 0 },
      "a convolution slides over one to three axes, with a stride and a dilation of 1 or more and a padding for each, not \(geometry)"
    )
    require(
      rank == axes + 2 && weight.rank == rank && shape[rank - 1] == channels,
      "a convolution over \(axes) axes with weights of shape \(weight.shape) takes [batch, \(axes) extents, \(channels) channels], "
        + "and the input has shape \(shape)")
    require(
      bias == nil || bias!.shape == [outputs],
      "a bias of shape \(bias?.shape ?? []) does not fit weights of shape \(weight.shape)")
    require(
      elementType == weight.elementType, "an input of \(elementType) meets weights of \(weight.elementType); convert one first")
  }
}
