/// x·wᵀ (+ bias): x [rows, in], w [out, in], bias [out].
struct LinearOperation: DifferentiableOperation {
  static let kind = OperationKind.linear

  func forward(_ inputs: [Tensor], saving saved: inout SavedTensors) -> Tensor {
    let x = inputs[0].contiguous()
    saved.tensors = [x] + inputs.dropFirst()
    return Self.product(x, inputs[1], inputs.count > 2 ? inputs[2] : nil, isTraining: saved.isTraining)
  }

  func backward(_ gradient: Tensor, _ saved: SavedTensors, wanted: [Bool]) -> [Tensor?] {
    let dy = gradient.contiguous()
    return [
      wanted[0] ? Self.inputGradient(dy, saved[1]) : nil,
      wanted[1] ? Self.weightGradient(dy, saved[0]) : nil,
      wanted.count > 2 && wanted[2] ? dy.sum(over: [0]) : nil,
    ]
  }

  static func product(_ x: Tensor, _ weight: Tensor, _ bias: Tensor?, isTraining: Bool) -> Tensor {
    // A product of few rows is over before its weights are packed for one use.
    let once = x.shape[0] < 64 ? WeightPacking.never : .once
    return MatrixProducts.multiply(x, weight.transposed(), bias: bias, packing: isTraining ? once : .kept)
  }
  static func inputGradient(_ dy: Tensor, _ weight: Tensor) -> Tensor { MatrixProducts.multiply(dy, weight, packing: .once) }
  static func weightGradient(_ dy: Tensor, _ x: Tensor) -> Tensor { MatrixProducts.multiply(dy.transposed(), x) }

  static var examples: [OperationExample] {
    [
      OperationExample("with bias", [[2, 3, 5], [4, 5], [4]]) { $0[0].linear(weight: $0[1], bias: $0[2]) },
      OperationExample("without bias", [[7, 6], [2, 6]]) { $0[0].linear(weight: $0[1], bias: nil) },
    ]
  }
}

extension Tensor {
  /// x·wᵀ + bias along the last axis: weight [out, in], bias [out].
  public func linear(weight: Tensor, bias: Tensor?) -> Tensor {
    require(
      weight.rank == 2 && rank >= 1 && shape[rank - 1] == weight.shape[1],
      "a linear layer with weights of shape \(weight.shape) takes a last axis of \(weight.shape.last ?? 0), and the input has shape \(shape)"
    )
    require(
      bias == nil || bias!.shape == [weight.shape[0]],
      "a bias of shape \(bias?.shape ?? []) does not fit weights of shape \(weight.shape)")
    require(
      elementType == weight.elementType, "an input of \(elementType) meets weights of \(weight.elementType); convert one first")
    let rows = reshaped([count / weight.shape[1], weight.shape[1]])
    return LinearOperation().apply([rows, weight] + (bias.map { [$0] } ?? [])).reshaped(shape.dropLast() + [weight.shape[0]])
  }
}
