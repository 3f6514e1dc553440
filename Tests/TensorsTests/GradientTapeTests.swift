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

  @Test("checkpointed blocks give the same gradients and keep less", arguments: [1, 2, 4])
  func checkpointing(blocks: Int) {
    let x = randomTensor([1, 256, 64], .float64)
    let weights = (0..<blocks).map { randomTensor([64, 64], .float64, seed: UInt64($0 + 2), in: -0.2...0.2) }
    func block(_ x: Tensor, _ w: Tensor) -> Tensor { x + x.linear(weight: w, bias: nil).gelu().linear(weight: w, bias: nil).tanh() }

    let plain = valueAndGradients(at: [x] + weights) { all in
      all.dropFirst().reduce(all[0]) { block($0, $1) }.squared().mean()
    }
    var kept = 0
    let checkpointed = valueAndGradients(at: [x] + weights) { all in
      let y = all.dropFirst().reduce(all[0]) { x, w in GradientTape.checkpoint([x]) { block($0[0], w) } }
      kept = MemoryPool.shared.statistics.bytesInUse
      return y.squared().mean()
    }
    #expect(kept > 0)
    #expect(plain.value.scalar == checkpointed.value.scalar)
    for (a, b) in zip(plain.gradients, checkpointed.gradients) { #expect(relativeError(b, to: a) <= 1e-14) }
  }
}
