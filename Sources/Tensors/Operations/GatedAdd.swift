internal import CTensorKernels

/// The gated residual x + gate·h: x and h [batch, rows, width], gate [batch, width].
struct GatedAddOperation: DifferentiableOperation {
  static let kind = OperationKind.gatedAdd

  func forward(_ inputs: [Tensor], saving saved: inout SavedTensors) -> Tensor {
    let (x, gate, h) = (inputs[0].contiguous(), inputs[1].withConsecutiveRows(), inputs[2].contiguous())
    saved.tensors = [gate, h]
    let result = Tensor.uninitialized(x.shape, x.elementType)
    kernels.gatedAdd(
      x.elementType.kernel, Int64(x.shape[0]), Int64(x.shape[1]), Int64(x.shape[2]), Int64(gate.strides[0]), x.pointer,
      gate.pointer,
      h.pointer, result.pointer)
    return result
  }

  func backward(_ gradient: Tensor, _ saved: SavedTensors, wanted: [Bool]) -> [Tensor?] {
    let (gate, h, dy) = (saved[0], saved[1], gradient.contiguous())
    let dh = Tensor.uninitialized(h.shape, h.elementType)
    let dgate = Tensor.uninitialized(gate.shape, gate.elementType)
    let pieces = h.shape[0] * ((h.shape[1] + rowsPerGradientPiece - 1) / rowsPerGradientPiece)
    withScratch(bytes: pieces * h.shape[2] * h.elementType.statisticSize) {
      kernels.gatedAddBackward(
        h.elementType.kernel, Int64(h.shape[0]), Int64(h.shape[1]), Int64(h.shape[2]), Int64(gate.strides[0]), gate.pointer,
        h.pointer,
        dy.pointer, dh.pointer, dgate.pointer, $0)
    }
    return [gradient, dgate, dh]
  }

  static var examples: [OperationExample] {
    [OperationExample("[2, 70, 5]", [[2, 70, 5], [2, 5], [2, 70, 5]]) { $0[0].adding($0[2], gatedBy: $0[1]) }]
  }
}

/// Rows that one piece of a sum over rows takes; the kernels' constant.
let rowsPerGradientPiece = 64

extension Tensor {
  /// A view whose last axis has consecutive elements, whatever the strides of the others.
  func withConsecutiveRows() -> Tensor { strides[rank - 1] == 1 || shape[rank - 1] == 1 ? self : contiguous() }

  /// self + gate·h: self and h [batch, rows, width], gate [batch, width].
  public func adding(_ h: Tensor, gatedBy gate: Tensor) -> Tensor {
    require(
      rank == 3 && h.shape == shape && gate.shape == [shape[0], shape[2]],
      "a residual of shape \(h.shape) gated by the shape \(gate.shape) does not add to the shape \(shape)")
    return GatedAddOperation()(self, gate, h)
  }
}
