internal import CTensorKernels

/// Rows of a table [rows, width], picked by index.
struct GatherOperation: DifferentiableOperation {
  let indices: [Int32]

  static let kind = OperationKind.gather

  func forward(_ inputs: [Tensor], saving saved: inout SavedTensors) -> Tensor {
    let table = inputs[0].contiguous()
    saved.tensors = [table.withoutValues]
    let result = Tensor.uninitialized([indices.count, table.shape[1]], table.elementType)
    kernels.gather(
      table.elementType.kernel, Int64(indices.count), Int64(table.shape[1]), indices, table.pointer, result.pointer)
    return result
  }

  func backward(_ gradient: Tensor, _ saved: SavedTensors, wanted: [Bool]) -> [Tensor?] {
    let (shape, dy) = (saved[0].shape, gradient.contiguous())
    let result = Tensor.uninitialized(shape, gradient.elementType)
    kernels.gatherBackward(
      gradient.elementType.kernel, Int64(indices.count), Int64(shape[1]), Int64(shape[0]), indices, dy.pointer, result.pointer)
    return [result]
  }

  static var examples: [OperationExample] {
    [OperationExample("rows 3, 0, 3 of [4, 5]", [[4, 5]]) { $0[0].rows([3, 0, 3]) }]
  }
}

extension Tensor {
  /// The rows of a table [rows, width] at the indices; an index may come more than once.
  public func rows(_ indices: [Int]) -> Tensor {
    require(rank == 2, "rows are picked from a table, and the tensor has shape \(shape)")
    if let outside = indices.first(where: { !(0..<shape[0]).contains($0) }) {
      fatalError("the index \(outside) lies outside a table of shape \(shape)")
    }
    return GatherOperation(indices: indices.map(Int32.init))(self)
  }
}
