internal import CTensorKernels

/// scale × the sum over one axis of [outer, reduced, inner].
struct SumOperation: DifferentiableOperation {
  let scale: Double

  static let kind = OperationKind.sum

  func forward(_ inputs: [Tensor], saving saved: inout SavedTensors) -> Tensor {
    let x = inputs[0].contiguous()
    saved.tensors = [x.withoutValues]
    let (outer, reduced, inner) = (Int64(x.shape[0]), Int64(x.shape[1]), Int64(x.shape[2]))
    let result = Tensor.uninitialized([x.shape[0], x.shape[2]], x.elementType)
    withScratch(bytes: 8 * Int(TKReductionScratch(outer, reduced, inner))) {
      kernels.sum(x.elementType.kernel, outer, reduced, inner, scale, x.pointer, result.pointer, $0)
    }
    return result
  }

  func backward(_ gradient: Tensor, _ saved: SavedTensors, wanted: [Bool]) -> [Tensor?] {
    let shape = saved[0].shape
    let scaled = scale == 1 ? gradient : gradient * scale
    return [scaled.reshaped([shape[0], 1, shape[2]]).broadcast(to: shape)]
  }

  static var examples: [OperationExample] {
    [
      OperationExample("sum of all", [[3, 7]]) { $0[0].sum() },
      OperationExample("mean over axis 0", [[3, 7]]) { $0[0].mean(over: [0]) },
      OperationExample("sum over axes 0 and 2", [[3, 4, 5]]) { $0[0].sum(over: [0, 2]) },
      OperationExample("sum over axis 1", [[2, 150, 3]]) { $0[0].sum(over: [1]) },
    ]
  }
}

/// The largest along one axis of [outer, reduced, inner]; the gradient goes to the first of equals.
struct MaximumOperation: DifferentiableOperation {
  static let kind = OperationKind.maximum

  func forward(_ inputs: [Tensor], saving saved: inout SavedTensors) -> Tensor {
    let x = inputs[0].contiguous()
    let result = Tensor.uninitialized([x.shape[0], x.shape[2]], x.elementType)
    let index = Tensor.uninitialized(result.shape, .float32)
    saved.tensors = [x.withoutValues, index]
    kernels.maximum(
      x.elementType.kernel, Int64(x.shape[0]), Int64(x.shape[1]), Int64(x.shape[2]), x.pointer, result.pointer,
      index.pointer.assumingMemoryBound(to: Int32.self))
    return result
  }

  func backward(_ gradient: Tensor, _ saved: SavedTensors, wanted: [Bool]) -> [Tensor?] {
    let (shape, index, dy) = (saved[0].shape, saved[1], gradient.contiguous())
    let result = Tensor.uninitialized(shape, gradient.elementType)
    kernels.maximumBackward(
      gradient.elementType.kernel, Int64(shape[0]), Int64(shape[1]), Int64(shape[2]),
      index.pointer.assumingMemoryBound(to: Int32.self), dy.pointer, result.pointer)
    return [result]
  }

  static var examples: [OperationExample] {
    [OperationExample("largest over axis 1", [[2, 5, 3]]) { $0[0].maximum(over: 1) }]
  }
}

extension Tensor {
  /// The sum of all elements, of shape [].
  public func sum() -> Tensor { sum(over: Array(shape.indices)) }
  public func mean() -> Tensor { mean(over: Array(shape.indices)) }

  /// Summed over the given axes, which the result lacks.
  public func sum(over axes: [Int]) -> Tensor { reduced(axes, averaging: false) }
  public func mean(over axes: [Int]) -> Tensor { reduced(axes, averaging: true) }

  private func reduced(_ axes: [Int], averaging: Bool) -> Tensor {
    require(
      axes.allSatisfy(shape.indices.contains) && Set(axes).count == axes.count,
      "the axes \(axes) are not all among those of the shape \(shape), or one comes twice")
    let scale = averaging ? 1 / Double(axes.reduce(1) { $0 * shape[$1] }) : 1
    guard !axes.isEmpty else { return self }
    let kept = shape.indices.filter { !axes.contains($0) }
    let result = kept.map { shape[$0] }
    // Neighbouring axes are summed where they lie; scattered ones are brought together first.
    let sorted = axes.sorted()
    if sorted.last! - sorted[0] == axes.count - 1 {
      let outer = shape[..<sorted[0]].reduce(1, *), inner = shape[(sorted.last! + 1)...].reduce(1, *)
      return SumOperation(scale: scale)(reshaped([outer, count / outer / inner, inner])).reshaped(result)
    }
    let outer = result.reduce(1, *)
    return SumOperation(scale: scale)(permuted(kept + sorted).reshaped([outer, count / outer, 1])).reshaped(result)
  }

  /// The largest along an axis, which the result lacks.
  public func maximum(over axis: Int) -> Tensor {
    require(shape.indices.contains(axis), "there is no axis \(axis) in the shape \(shape)")
    let outer = shape[..<axis].reduce(1, *), inner = shape[(axis + 1)...].reduce(1, *)
    return MaximumOperation()(reshaped([outer, shape[axis], inner])).reshaped(Array(shape[..<axis] + shape[(axis + 1)...]))
  }
}
