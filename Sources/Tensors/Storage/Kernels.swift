internal import CTensorKernels

/// The kernels for this processor. The table and what it points to are constant.
nonisolated(unsafe) let kernels = TKBestKernels().pointee

/// What runs underneath.
public enum TensorRuntime {
  /// The instruction set in use: "amx", "avx512bf16", "avx512", "avx2" or "baseline".
  public static var instructionSet: String { String(cString: kernels.name) }

  /// Threads that all operations share.
  public static var threadCount: Int {
    get { Int(TKThreadCount()) }
    set { TKSetThreadCount(Int32(newValue)) }
  }
}

/// A walk over a shape with the strides of up to two operands, in as few axes as they allow.
struct Walk {
  private(set) var kernel = TKWalk()

  init(_ shape: [Int], _ first: [Int], _ second: [Int]) {
    var extents: [Int] = []
    var firsts: [Int] = []
    var seconds: [Int] = []
    for axis in shape.indices where shape[axis] != 1 {
      // An axis continues the previous one when both operands step over it without a gap.
      if let last = extents.indices.last, firsts[last] == first[axis] * shape[axis], seconds[last] == second[axis] * shape[axis]
      {
        extents[last] *= shape[axis]
        firsts[last] = first[axis]
        seconds[last] = second[axis]
      } else {
        extents.append(shape[axis])
        firsts.append(first[axis])
        seconds.append(second[axis])
      }
    }
    if extents.isEmpty { (extents, firsts, seconds) = ([1], [1], [1]) }
    require(
      extents.count <= Int(TKMaximumRank),
      "a tensor of shape \(shape) has more axes than the \(TKMaximumRank) an operation can walk")
    kernel.rank = Int64(extents.count)
    fill(&kernel.extent, extents)
    fill(&kernel.firstStride, firsts)
    fill(&kernel.secondStride, seconds)
  }

  private func fill<Tuple>(_ tuple: inout Tuple, _ values: [Int]) {
    withUnsafeMutableBytes(of: &tuple) { bytes in
      let slots = bytes.bindMemory(to: Int64.self)
      for (slot, value) in values.enumerated() { slots[slot] = Int64(value) }
    }
  }
}

/// Memory of the pool that an operation needs while it runs.
func withScratch<Result>(bytes: Int, _ body: (UnsafeMutableRawPointer) -> Result) -> Result {
  let storage = TensorStorage(bytes: max(bytes, 64))
  return withExtendedLifetime(storage) { body(storage.pointer) }
}
