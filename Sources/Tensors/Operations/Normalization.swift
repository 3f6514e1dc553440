internal import CTensorKernels

/// Layer norm (Ba et al. 2016) or RMS norm (Zhang & Sennrich 2019) over the last axis of [batch, rows, width], then
/// × (scaleOffset + scale) + shift with scale and shift [batch, width], or [1, width] for all.
struct RowNormalizationOperation: DifferentiableOperation {
  /// Layer norm subtracts the mean; RMS norm does not.
  let centered: Bool
  /// 1 where the scale modulates about identity (Peebles & Xie 2023), 0 where it is a weight.
  let scaleOffset: Double
  let epsilon: Double
  /// Which of scale and shift follow x among the inputs.
  let hasScale, hasShift: Bool

  static let kind = OperationKind.rowNormalization

  func forward(_ inputs: [Tensor], saving saved: inout SavedTensors) -> Tensor {
    let x = inputs[0].contiguous()
    let scale = hasScale ? inputs[1].withConsecutiveRows() : nil
    let shift = hasShift ? inputs[inputs.count - 1].withConsecutiveRows() : nil
    var plan = plan(x, scale: scale, shift: shift)
    let statistics = Tensor.uninitialized([2, x.shape[0] * x.shape[1]], x.elementType == .float64 ? .float64 : .float32)
    let result = Tensor.uninitialized(x.shape, x.elementType)
    saved.tensors = [x, statistics] + (scale.map { [$0] } ?? [])
    kernels.rowNormalization(
      x.elementType.kernel, &plan, x.pointer, scale?.pointer, shift?.pointer, result.pointer, statistics.pointer,
      statistics.slice(axis: 0, 1..<2).pointer)
    return result
  }

  func backward(_ gradient: Tensor, _ saved: SavedTensors, wanted: [Bool]) -> [Tensor?] {
    let (x, statistics, dy) = (saved[0], saved[1], gradient.contiguous())
    let scale = hasScale ? saved[2] : nil
    var plan = plan(x, scale: scale, shift: nil)
    let (batch, width) = (Int(plan.rows / plan.rowsPerBatch), x.shape[2])
    let dx = Tensor.uninitialized(x.shape, x.elementType)
    let dscale = hasScale ? Tensor.uninitialized([batch, width], x.elementType) : nil
    let dshift = hasShift ? Tensor.uninitialized([batch, width], x.elementType) : nil
    let pieces = batch * ((Int(plan.rowsPerBatch) + rowsPerGradientPiece - 1) / rowsPerGradientPiece)
    withScratch(bytes: 2 * pieces * width * x.elementType.statisticSize) {
      kernels.rowNormalizationBackward(
        x.elementType.kernel, &plan, x.pointer, scale?.pointer, statistics.pointer, statistics.slice(axis: 0, 1..<2).pointer,
        dy.pointer,
        dx.pointer, dscale?.pointer, dshift?.pointer, $0)
    }
    // One scale for all rows of all batches where the input gave one.
    return [dx] + [dscale, dshift].compactMap { $0 }
  }

  private func plan(_ x: Tensor, scale: Tensor?, shift: Tensor?) -> TKRowNormalization {
    let shared = (scale ?? shift).map { $0.shape[0] == 1 } ?? true
    let rows = x.shape[0] * x.shape[1]
    return TKRowNormalization(
      rows: Int64(rows), width: Int64(x.shape[2]), rowsPerBatch: Int64(shared ? rows : x.shape[1]), centered: centered,
      epsilon: epsilon,
      scaleOffset: scaleOffset, scaleStride: Int64(scale?.strides[0] ?? 0), shiftStride: Int64(shift?.strides[0] ?? 0))
  }

  static var examples: [OperationExample] {
    [
      OperationExample("layer norm", [[2, 3, 9]]) { $0[0].layerNormalized() },
      OperationExample("layer norm, weight and bias", [[2, 70, 9], [9], [9]]) {
        $0[0].layerNormalized(weight: $0[1], bias: $0[2])
      },
      OperationExample("layer norm, modulated", [[2, 70, 9], [2, 9], [2, 9]]) {
        $0[0].layerNormalized(scale: $0[1], shift: $0[2])
      },
      OperationExample("RMS norm", [[4, 33], [33]]) { $0[0].rootMeanSquareNormalized(weight: $0[1]) },
    ]
  }
}

extension Tensor {
  /// Layer norm over the last axis.
  public func layerNormalized(epsilon: Double = 1e-6) -> Tensor {
    normalizedRows(centered: true, scaleOffset: 1, epsilon: epsilon, scale: nil, shift: nil)
  }

  /// Layer norm over the last axis, × weight + bias, both [width].
  public func layerNormalized(weight: Tensor, bias: Tensor, epsilon: Double = 1e-6) -> Tensor {
    require(
      weight.shape == [shape.last ?? 0] && bias.shape == weight.shape,
      "a layer norm with weight \(weight.shape) and bias \(bias.shape) does not fit the shape \(shape)")
    let width = weight.shape[0]
    return normalizedRows(
      centered: true, scaleOffset: 0, epsilon: epsilon, scale: weight.reshaped([1, width]), shift: bias.reshaped([1, width]))
  }

  /// Layer norm over the last axis of [batch, rows, width], × (1 + scale) + shift, both [batch, width].
  public func layerNormalized(scale: Tensor, shift: Tensor, epsilon: Double = 1e-6) -> Tensor {
    require(
      rank == 3 && scale.shape == [shape[0], shape[2]] && shift.shape == scale.shape,
      "a modulation with scale \(scale.shape) and shift \(shift.shape) does not fit the shape \(shape)")
    return normalizedRows(centered: true, scaleOffset: 1, epsilon: epsilon, scale: scale, shift: shift)
  }

  /// RMS norm over the last axis, × weight [width].
  public func rootMeanSquareNormalized(weight: Tensor, epsilon: Double = 1e-6) -> Tensor {
    require(weight.shape == [shape.last ?? 0], "an RMS norm with weight \(weight.shape) does not fit the shape \(shape)")
    return normalizedRows(
      centered: false, scaleOffset: 0, epsilon: epsilon, scale: weight.reshaped([1, weight.shape[0]]), shift: nil)
  }

  private func normalizedRows(centered: Bool, scaleOffset: Double, epsilon: Double, scale: Tensor?, shift: Tensor?) -> Tensor {
    require(rank > 0, "a norm runs over the last axis, and a tensor of shape [] has none")
    let rows = rank == 3 ? self : reshaped([1, -1, shape[rank - 1]])
    let operation = RowNormalizationOperation(
      centered: centered, scaleOffset: scaleOffset, epsilon: epsilon, hasScale: scale != nil, hasShift: shift != nil)
    return operation.apply([rows] + [scale, shift].compactMap { $0 }).reshaped(shape)
  }
}
