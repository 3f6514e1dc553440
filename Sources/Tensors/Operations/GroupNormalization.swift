internal import CTensorKernels

/// Group norm (Wu & He 2018) of [batch, positions, channels], × weight + bias, both [channels], then SiLU if wished.
///
/// Together with SiLU it keeps x alone: a causal block's training step needs two activations less, and reads and writes them
/// less.
struct GroupNormalizationOperation: DifferentiableOperation {
  let groups: Int
  let epsilon: Double
  let isActivated: Bool

  static let kind = OperationKind.groupNormalization

  func forward(_ inputs: [Tensor], saving saved: inout SavedTensors) -> Tensor {
    let (x, weight, bias) = (inputs[0].contiguous(), inputs[1].contiguous(), inputs[2].contiguous())
    var plan = plan(x)
    let statistics = Tensor.uninitialized([2, x.shape[0] * x.shape[2]], x.elementType == .float64 ? .float64 : .float32)
    let result = Tensor.uninitialized(x.shape, x.elementType)
    saved.tensors = [x, weight, statistics, bias]
    withScratch(bytes: scratchBytes(x)) {
      kernels.groupNormalization(
        x.elementType.kernel, &plan, x.pointer, weight.pointer, bias.pointer, result.pointer, statistics.pointer,
        statistics.slice(axis: 0, 1..<2).pointer, $0)
    }
    return result
  }

  func backward(_ gradient: Tensor, _ saved: SavedTensors, wanted: [Bool]) -> [Tensor?] {
    let (x, weight, statistics, dy) = (saved[0], saved[1], saved[2], gradient.contiguous())
    var plan = plan(x)
    let dx = Tensor.uninitialized(x.shape, x.elementType)
    let dweight = Tensor.uninitialized(weight.shape, x.elementType)
    let dbias = Tensor.uninitialized(weight.shape, x.elementType)
    withScratch(bytes: scratchBytes(x)) {
      kernels.groupNormalizationBackward(
        x.elementType.kernel, &plan, x.pointer, weight.pointer, saved[3].pointer, statistics.pointer,
        statistics.slice(axis: 0, 1..<2).pointer, dy.pointer, dx.pointer, dweight.pointer, dbias.pointer, $0)
    }
    return [dx, dweight, dbias]
  }

  private func plan(_ x: Tensor) -> TKGroupNormalization {
    TKGroupNormalization(
      batch: Int64(x.shape[0]), positions: Int64(x.shape[1]), channels: Int64(x.shape[2]), groups: Int64(groups),
      epsilon: epsilon,
      activated: isActivated)
  }

  /// Two partial sums over pieces of the positions, and the backward pass's four tables of [batch, channels].
  private func scratchBytes(_ x: Tensor) -> Int {
    (2 * Int(TKReductionScratch(Int64(x.shape[0]), Int64(x.shape[1]), Int64(max(2, x.shape[2])))) + 4 * x.shape[0] * x.shape[2])
      * 8
  }

  static var examples: [OperationExample] {
    [
      OperationExample("6 channels in 3 groups", [[2, 4, 5, 6], [6], [6]]) {
        $0[0].groupNormalized(groups: 3, weight: $0[1], bias: $0[2])
      },
      OperationExample("one group, 140 positions", [[1, 140, 3], [3], [3]]) {
        $0[0].groupNormalized(groups: 1, weight: $0[1], bias: $0[2])
      },
      OperationExample("then SiLU", [[2, 7, 6], [6], [6]]) {
        $0[0].groupNormalized(groups: 2, weight: $0[1], bias: $0[2], thenSiLU: true)
      },
    ]
  }
}

extension Tensor {
  /// Group norm of [batch, ..., channels] over all positions and the channels of each group, × weight + bias, both [channels].
  /// `thenSiLU` applies x·σ(x) to the result, in one pass.
  public func groupNormalized(groups: Int, weight: Tensor, bias: Tensor, epsilon: Double = 1e-5, thenSiLU: Bool = false)
    -> Tensor
  {
    let channels = shape.last ?? 0
    require(
      rank >= 3 && weight.shape == [channels] && bias.shape == [channels] && groups > 0 && channels % groups == 0,
      "a group norm of \(groups) groups with weight \(weight.shape) and bias \(bias.shape) does not fit the shape \(shape)")
    let rows = reshaped([shape[0], -1, channels])
    return GroupNormalizationOperation(groups: groups, epsilon: epsilon, isActivated: thenSiLU)(rows, weight, bias).reshaped(
      shape)
  }
}
