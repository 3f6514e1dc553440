internal import CTensorKernels

/// Rotary position embedding (Su et al. 2021) of [rows, groups, width] with tables [tokens, width / 2], row r taking entry r
/// mod tokens.
struct RotationOperation: DifferentiableOperation {
  let cosines, sines: Tensor

  static let kind = OperationKind.rotation

  func forward(_ inputs: [Tensor], saving saved: inout SavedTensors) -> Tensor { rotate(inputs[0], direction: 1) }
  func backward(_ gradient: Tensor, _ saved: SavedTensors, wanted: [Bool]) -> [Tensor?] { [rotate(gradient, direction: -1)] }

  private func rotate(_ x: Tensor, direction: Double) -> Tensor {
    let source = x.contiguous()
    let result = Tensor.uninitialized(x.shape, x.elementType)
    kernels.rotate(
      x.elementType.kernel, Int64(x.shape[0]), Int64(cosines.shape[0]), Int64(x.shape[1]), Int64(x.shape[2]), direction,
      cosines.pointer.assumingMemoryBound(to: Float.self), sines.pointer.assumingMemoryBound(to: Float.self), source.pointer,
      result.pointer)
    return result
  }

  static var examples: [OperationExample] {
    let cosines = Tensor((0..<15).map { Float(0.9 - 0.1 * Double($0)) }, shape: [5, 3])
    let sines = Tensor((0..<15).map { Float(0.05 * Double($0) - 0.3) }, shape: [5, 3])
    return [OperationExample("5 tokens, 2 heads of 6", [[2, 5, 2, 6]]) { $0[0].rotated(cosines: cosines, sines: sines) }]
  }
}

extension Tensor {
  /// Element i of each head's first half and element i of its second turn as a pair by the angle of (token, i).
  ///
  /// self [batch, tokens, heads, headWidth]; cosines and sines [tokens, headWidth / 2], float32.
  public func rotated(cosines: Tensor, sines: Tensor) -> Tensor {
    require(
      rank == 4 && cosines.shape == [shape[1], shape[3] / 2] && sines.shape == cosines.shape && shape[3] % 2 == 0,
      "rotations by tables of shapes \(cosines.shape) and \(sines.shape) do not fit the shape \(shape)")
    require(cosines.elementType == .float32 && sines.elementType == .float32, "rotation tables must be float32")
    let operation = RotationOperation(cosines: cosines.detached.contiguous(), sines: sines.detached.contiguous())
    return operation(reshaped([shape[0] * shape[1], shape[2], shape[3]])).reshaped(shape)
  }
}
