import CTensorKernels
import Tensors
import Testing
import WorldCore

/// Deterministic values for tests.
func randomTensor(
  _ shape: [Int], _ elementType: ElementType = .float32, seed: UInt64 = 1, in range: ClosedRange<Double> = -1...1
) -> Tensor {
  var random = RandomStream(seed: seed, "\(shape)")
  return Tensor((0..<shape.reduce(1, *)).map { _ in random.uniform(in: range) }, shape: shape).converted(to: elementType)
}

@Suite struct TensorTests {
  @Test("views keep their elements in order", arguments: ElementType.allCases)
  func views(_ type: ElementType) {
    let x = Tensor((0..<24).map(Double.init), shape: [2, 3, 4]).converted(to: type)
    #expect(x.permuted([2, 0, 1]).doubles().prefix(6) == [0, 4, 8, 12, 16, 20])
    #expect(x.slice(axis: 1, 1..<2).doubles() == [4, 5, 6, 7, 16, 17, 18, 19])
    #expect(x.permuted([1, 0, 2]).reshaped([6, 4]).doubles().prefix(8) == [0, 1, 2, 3, 12, 13, 14, 15])
    #expect(x.slice(axis: 2, 3..<4).broadcast(to: [2, 3, 2]).doubles().prefix(4) == [3, 3, 7, 7])
    #expect(x.reshaped([-1, 12]).shape == [2, 12])
  }

  @Test("a tensor changed in place leaves its copies alone")
  func valueSemantics() {
    let original = Tensor([1, 2, 3] as [Float], shape: [3])
    var changed = original
    changed.withMutableBytes { $0.bindMemory(to: Float.self)[0] = 9 }
    #expect(original.floats() == [1, 2, 3])
    #expect(changed.floats() == [9, 2, 3])
  }

  @Test("bfloat16 rounds to nearest, ties to even, and keeps infinities and NaN")
  func rounding() {
    // 1 + 2⁻⁸ lies midway between 1 and 1 + 2⁻⁷; 1 + 3·2⁻⁸ between 1 + 2⁻⁷ and 1 + 2⁻⁶.
    let values: [Float] = [0x1.01p0, 0x1.03p0, 0x1.011p0, -.infinity, .nan]
    let expected: [Float] = [1, 0x1.04p0, 0x1.02p0, -.infinity]
    let rounded = Tensor(values, shape: [5]).converted(to: .bfloat16).floats()
    #expect(Array(rounded.prefix(4)) == expected)
    #expect(rounded[4].isNaN)
  }

  /// In a process of its own, where nobody else uses the pool.
  @Test("a repeated computation takes no memory from the system once it has run, and leaves none in use")
  func steadyState() async {
    await #expect(processExitsWith: .success) {
      for type in [ElementType.float32, .bfloat16] {
        let x = randomTensor([2, 96, 64], type)
        let w = randomTensor([64, 64], type)
        func step() -> Double {
          valueAndGradients(at: [x, w]) { $0[0].linear(weight: $0[1], bias: nil).gelu().softmax().squared().sum() }.value.scalar
        }
        _ = step()
        let before = MemoryPool.shared.statistics
        for _ in 0..<20 { _ = step() }
        let after = MemoryPool.shared.statistics
        #expect(after.systemAllocations == before.systemAllocations)
        #expect(after.bytesInUse == before.bytesInUse)
      }
    }
  }

  @Test("trimming returns what no tensor uses, and spares what one does")
  func trimming() async {
    await #expect(processExitsWith: .success) {
      MemoryPool.shared.trim()
      let before = MemoryPool.shared.statistics.bytesHeld
      do {
        // Two blocks of one region, a region of its own, and a small block.
        let kept = Tensor.ones([400_000])
        for extent in [300_000, 16_700_000, 100] { #expect(Tensor.ones([extent]).sum().scalar == Double(extent)) }
        MemoryPool.shared.trim()
        #expect(kept.sum().scalar == 400_000)
        #expect(Tensor.ones([300_000]).sum().scalar == 300_000)
      }
      MemoryPool.shared.trim()
      #expect(MemoryPool.shared.statistics.bytesHeld == before && MemoryPool.shared.statistics.bytesInUse == 0)
    }
  }

  @Test("size classes are no more than a quarter too large, and grow")
  func sizeClasses() {
    var last = 0
    for bytes in Array(stride(from: 1, through: 100_000, by: 37)) + Array(stride(from: 900_000, through: 5_000_000, by: 12_345))
    {
      let size = MemoryPool.sizeClass(bytes)
      #expect(size >= bytes && size >= last)
      let bound = max(64, bytes + bytes / 4 + 16)
      #expect(size <= bound)
      last = size
    }
  }
}

/// What a user reads who multiplies what does not fit.
@Suite struct ShapeMessageTests {
  @Test func matrices() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3]).multiplied(Tensor.zeros([4, 5]))
    }
    #expect(text(result).contains("matrices of shapes [2, 3] and [4, 5] cannot be multiplied"))
  }

  @Test func sums() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3]) + Tensor.zeros([4])
    }
    #expect(text(result).contains("shapes [2, 3] and [4] do not broadcast: extents 3 and 4 differ and neither is 1"))
  }

  @Test func linearLayers() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([7, 5]).linear(weight: Tensor.zeros([4, 6]), bias: nil)
    }
    #expect(text(result).contains("weights of shape [4, 6] takes a last axis of 6, and the input has shape [7, 5]"))
  }

  @Test func convolutions() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([1, 8, 8, 3]).convolved(weight: Tensor.zeros([16, 3, 3, 4]), bias: nil, .same(kernel: [3, 3]))
    }
    #expect(
      text(result).contains(
        "a convolution over 2 axes with weights of shape [16, 3, 3, 4] takes [batch, 2 extents, 4 channels], and the input has shape "
          + "[1, 8, 8, 3]"))
  }

  @Test func largeKernels() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let geometry = ConvolutionGeometry(stride: [2], paddingBefore: [0], paddingAfter: [0])
      _ = Tensor.zeros([1, 2, 3]).convolved(weight: Tensor.zeros([4, 3, 3]), bias: nil, geometry)
    }
    #expect(text(result).contains("a kernel of shape [4, 3, 3] is larger than the padded input of shape [1, 2, 3]"))
  }

  @Test func mixedTypes() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let q = Tensor.zeros([1, 4, 2, 8])
      _ = Tensor.attention(query: q, key: q.converted(to: .bfloat16), value: q)
    }
    #expect(text(result).contains("operands of float32 and bfloat16 do not mix; convert one of them first"))
  }

  @Test func axes() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3]).mean(over: [2])
    }
    #expect(text(result).contains("the axes [2] are not all among those of the shape [2, 3]"))
  }

  @Test func elementTypes() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2]) + Tensor.zeros([2], elementType: .bfloat16)
    }
    #expect(text(result).contains("operands of float32 and bfloat16 do not mix; convert one of them first"))
  }

  private func text(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }
}
