internal import CTensorKernels

/// A transformer block's perceptron, w₂·gelu(w₁·x + b₁) + b₂.
///
/// One operation because it then keeps only x and the values before GELU; those after it, the largest tensor of a block, are
/// computed again when the gradient passes (a tenth of the time of storing and reading them is saved, and half the memory).
struct FeedForwardOperation: DifferentiableOperation {
  static let kind = OperationKind.feedForward

  func forward(_ inputs: [Tensor], saving saved: inout SavedTensors) -> Tensor {
    let x = inputs[0].contiguous()
    let hidden = LinearOperation.product(x, inputs[1], inputs[2], isTraining: saved.isTraining)
    let activated = saved.isRecording ? Tensor.uninitialized(hidden.shape, hidden.elementType) : hidden
    kernels.unary(hidden.elementType.kernel, TKGelu, Int64(hidden.count), hidden.pointer, activated.pointer)
    saved.tensors = [x, hidden, inputs[1], inputs[3]]
    return LinearOperation.product(activated, inputs[3], inputs[4], isTraining: saved.isTraining)
  }

  func backward(_ gradient: Tensor, _ saved: SavedTensors, wanted: [Bool]) -> [Tensor?] {
    let (x, hidden, up, down) = (saved[0], saved[1], saved[2], saved[3])
    let dy = gradient.contiguous()
    let activated = hidden.gelu()
    let downGradient = wanted[3] ? LinearOperation.weightGradient(dy, activated) : nil
    let hiddenGradient = LinearOperation.inputGradient(dy, down)
    kernels.unaryBackward(
      hidden.elementType.kernel, TKGelu, Int64(hidden.count), hidden.pointer, hiddenGradient.pointer, hiddenGradient.pointer)
    return [
      wanted[0] ? LinearOperation.inputGradient(hiddenGradient, up) : nil,
      wanted[1] ? LinearOperation.weightGradient(hiddenGradient, x) : nil,
      wanted[2] ? hiddenGradient.sum(over: [0]) : nil,
      downGradient,
      wanted[4] ? dy.sum(over: [0]) : nil,
    ]
  }

  static var examples: [OperationExample] {
    [
      OperationExample("[2, 3, 4] through 7", [[2, 3, 4], [7, 4], [7], [4, 7], [4]]) {
        $0[0].feedForward(up: $0[1], upBias: $0[2], down: $0[3], downBias: $0[4])
      }
    ]
  }
}

extension Tensor {
  /// down·gelu(up·x + upBias) + downBias along the last axis: up [hidden, in], down [out, hidden].
  public func feedForward(up: Tensor, upBias: Tensor, down: Tensor, downBias: Tensor) -> Tensor {
    require(
      up.rank == 2 && down.rank == 2 && shape.last == up.shape[1] && down.shape[1] == up.shape[0]
        && upBias.shape == [up.shape[0]]
        && downBias.shape == [down.shape[0]],
      "an input of shape \(shape) does not pass through weights of shapes \(up.shape) and \(down.shape) with biases of shapes "
        + "\(upBias.shape) and \(downBias.shape)")
    let rows = reshaped([count / up.shape[1], up.shape[1]])
    return FeedForwardOperation()(rows, up, upBias, down, downBias).reshaped(shape.dropLast() + [down.shape[0]])
  }
}
