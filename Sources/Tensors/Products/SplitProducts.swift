internal import CTensorKernels

/// float32 products of matrices on bfloat16 tiles, where the processor has them and the matrices are large enough to gain.
enum SplitProducts {
  /// Of a right operand, packed: what it was and where it lay.
  struct Packed: Hashable {
    let offset: Int
    let shape, strides: [Int]
  }

  /// nil where another way is faster, or the only one. One of the two strides of either operand is 1.
  static func multiply(_ left: Tensor, _ right: Tensor, bias: Tensor?, packing: WeightPacking) -> Tensor? {
    guard let pack = kernels.splitProductPack, let product = kernels.splitProduct,
      let packedBytes = kernels.splitProductPackedBytes,
      let scratchBytes = kernels.splitProductScratchBytes
    else { return nil }
    guard left.rank == 2, left.elementType == .float32 else { return nil }
    let (rows, inner, columns) = (left.shape[0], left.shape[1], right.shape[1])
    // A product of few rows is over before its right operand is packed.
    guard rows >= 64, inner >= 32, columns >= 32 else { return nil }

    func packed() -> TensorStorage {
      let storage = TensorStorage(bytes: Int(packedBytes(Int64(inner), Int64(columns))))
      pack(Int64(inner), Int64(columns), right.floatPointer, Int64(right.strides[0]), Int64(right.strides[1]), storage.pointer)
      return storage
    }
    let weights =
      packing == .kept
      ? right.storage.kept(.split(Packed(offset: right.offset, shape: right.shape, strides: right.strides)), make: packed)
      : packed()
    let output = Tensor.uninitialized([rows, columns], .float32)
    let bias = bias?.contiguous()
    withScratch(bytes: Int(scratchBytes())) {
      product(
        Int64(rows), Int64(columns), Int64(inner), left.floatPointer, Int64(left.strides[0]), Int64(left.strides[1]),
        weights.pointer,
        bias?.floatPointer, output.floatPointer, $0)
    }
    return withExtendedLifetime((left, right, bias, weights)) { output }
  }
}

extension Tensor {
  fileprivate var floatPointer: UnsafeMutablePointer<Float> { pointer.assumingMemoryBound(to: Float.self) }
}
