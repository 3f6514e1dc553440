internal import CTensorKernels

/// Softmax over the last axis.
struct SoftmaxOperation: DifferentiableOperation {
  static let kind = OperationKind.softmax

  func forward(_ inputs: [Tensor], saving saved: inout SavedTensors) -> Tensor {
    let x = inputs[0].contiguous()
    let (width, result) = (x.shape[x.rank - 1], Tensor.uninitialized(x.shape, x.elementType))
    kernels.softmax(x.elementType.kernel, Int64(x.count / width), Int64(width), x.pointer, result.pointer)
    saved.tensors = [result]
    return result
  }

  func backward(_ gradient: Tensor, _ saved: SavedTensors, wanted: [Bool]) -> [Tensor?] {
    let (y, dy) = (saved[0], gradient.contiguous())
    let (width, result) = (y.shape[y.rank - 1], Tensor.uninitialized(y.shape, y.elementType))
    kernels.softmaxBackward(y.elementType.kernel, Int64(y.count / width), Int64(width), y.pointer, dy.pointer, result.pointer)
    return [result]
  }

  static var examples: [OperationExample] {
    [OperationExample("[2, 3, 21]", [[2, 3, 21]], in: -4...4) { $0[0].softmax() }]
  }
}

extension Tensor {
  /// Over the last axis.
  public func softmax() -> Tensor {
    require(rank > 0, "softmax runs over the last axis, and a tensor of shape [] has none")
    return SoftmaxOperation()(self)
  }
}
