/// a·b over the last two axes; leading axes, if any, must agree.
struct MatrixProductOperation: DifferentiableOperation {
  static let kind = OperationKind.matrixProduct

  func forward(_ inputs: [Tensor], saving saved: inout SavedTensors) -> Tensor {
    saved.tensors = inputs
    return MatrixProducts.multiply(inputs[0], inputs[1])
  }

  func backward(_ gradient: Tensor, _ saved: SavedTensors, wanted: [Bool]) -> [Tensor?] {
    [
      wanted[0] ? MatrixProducts.multiply(gradient, saved[1].transposed()) : nil,
      wanted[1] ? MatrixProducts.multiply(saved[0].transposed(), gradient) : nil,
    ]
  }

  static var examples: [OperationExample] {
    [
      OperationExample("[3, 4]·[4, 5]", [[3, 4], [4, 5]]) { $0[0].multiplied($0[1]) },
      OperationExample("transposed [4, 3]·[5, 4]", [[4, 3], [5, 4]]) { $0[0].transposed().multiplied($0[1].transposed()) },
      OperationExample("[2, 2, 3, 4]·[2, 2, 4, 2]", [[2, 2, 3, 4], [2, 2, 4, 2]]) { $0[0].multiplied($0[1]) },
    ]
  }
}

extension Tensor {
  /// The matrix product over the last two axes: [..., rows, inner] · [..., inner, columns].
  public func multiplied(_ right: Tensor) -> Tensor {
    require(
      rank >= 2 && right.rank == rank && shape[rank - 1] == right.shape[rank - 2]
        && shape.dropLast(2) == right.shape.dropLast(2),
      "matrices of shapes \(shape) and \(right.shape) cannot be multiplied: the last axis of the first must be the last but one "
        + "of the second, and the leading axes the same")
    require(
      elementType == right.elementType, "matrices of \(elementType) and \(right.elementType) do not mix; convert one first")
    if rank <= 3 { return MatrixProductOperation()(self, right) }
    let batch = shape.dropLast(2).reduce(1, *)
    let product = MatrixProductOperation()(
      reshaped([batch] + shape.suffix(2)), right.reshaped([batch] + right.shape.suffix(2)))
    return product.reshaped(shape.dropLast(2) + product.shape.suffix(2))
  }
}
