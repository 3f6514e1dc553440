import Tensors
import Testing

@Suite struct GradientTapeTests {
  @Test("a value used twice gets both gradients")
  func accumulation() {
    let x = Tensor([2, 3] as [Double], shape: [2])
    let (value, gradients) = valueAndGradients(at: [x]) { ($0[0] * $0[0] + $0[0]).sum() }
    #expect(value.scalar == 18)
    #expect(gradients[0].doubles() == [5, 7])
  }

  @Test("what a value does not depend on has gradient zero")
  func independence() {
    let x = Tensor.ones([2])
    let y = Tensor.ones([3])
    let gradients = valueAndGradients(at: [x, y]) { $0[0].sum() }.gradients
    #expect(gradients[1].floats() == [0, 0, 0])
  }

  private static func block(_ x: Tensor, _ w: Tensor) -> Tensor {
    x + x.linear(weight: w, bias: nil).gelu().linear(weight: w, bias: nil).tanh()
  }

  @Test("checkpointed blocks give the same gradients", arguments: [1, 2, 4])
  func checkpointing(blocks: Int) {
    let x = randomTensor([1, 256, 64], .float64)
    let weights = (0..<blocks).map { randomTensor([64, 64], .float64, seed: UInt64($0 + 2), in: -0.2...0.2) }
    let plain = valueAndGradients(at: [x] + weights) { all in
      all.dropFirst().reduce(all[0]) { Self.block($0, $1) }.squared().mean()
    }
    let checkpointed = valueAndGradients(at: [x] + weights) { all in
      all.dropFirst().reduce(all[0]) { x, w in GradientTape.checkpoint([x]) { Self.block($0[0], w) } }.squared().mean()
    }
    #expect(plain.value.scalar == checkpointed.value.scalar)
    for (a, b) in zip(plain.gradients, checkpointed.gradients) { #expect(relativeError(b, to: a) <= 1e-14) }
  }

  /// In a process of its own, where nobody else uses the pool.
  @Test("checkpointed blocks keep their inputs and nothing else")
  func checkpointMemory() async {
    await #expect(processExitsWith: .success) {
      let x = randomTensor([1, 256, 64])
      let w = randomTensor([64, 64], seed: 2, in: -0.2...0.2)
      func kept(_ apply: (Tensor, Tensor) -> Tensor) -> Int {
        let before = MemoryPool.shared.statistics.bytesInUse
        var after = 0
        _ = valueAndGradients(at: [x, w]) { all in
          let y = (0..<6).reduce(all[0]) { x, _ in apply(x, all[1]) }
          after = MemoryPool.shared.statistics.bytesInUse
          return y.squared().mean()
        }
        #expect(MemoryPool.shared.statistics.bytesInUse == before)
        return after - before
      }
      let activation = x.count * 4
      // Six outputs, the last of which is the value's own.
      #expect(kept { x, w in GradientTape.checkpoint([x]) { Self.block($0[0], w) } } <= 6 * activation + 4096)
      #expect(kept { Self.block($0, $1) } >= 4 * 6 * activation)
    }
  }
}
