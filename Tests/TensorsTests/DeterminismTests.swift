import Tensors
import Testing

/// Serialized: the number of threads is the process's.
@Suite(.serialized) struct DeterminismTests {
  @Test("values and gradients have the same bits on one thread and on two", arguments: [ElementType.float32, .bfloat16])
  func threads(_ type: ElementType) {
    let x = randomTensor([2, 300, 96], type)
    let parameters = [
      randomTensor([288, 96], type, seed: 2), randomTensor([288], type, seed: 3), randomTensor([2, 96], type, seed: 4),
    ]
    func bits(_ threads: Int) -> [[Float]] {
      let before = TensorRuntime.threadCount
      TensorRuntime.threadCount = threads
      defer { TensorRuntime.threadCount = before }
      let (value, gradients) = valueAndGradients(at: [x] + parameters) { inputs in
        let y = inputs[0].layerNormalized(scale: inputs[3], shift: inputs[3])
        let packed = y.linear(weight: inputs[1], bias: inputs[2])
        let attended = Tensor.selfAttention(packed.reshaped([2, 300, 3, 2, 48])).reshaped([2, 300, 96])
        return inputs[0].adding(attended.gelu(), gatedBy: inputs[3]).squared().mean()
      }
      return ([value] + gradients).map { $0.floats() }
    }
    #expect(bits(1) == bits(2))
  }

  @Test("a convolution by tiles has the same bits on one thread and on two")
  func convolutionThreads() {
    let inputs = [randomTensor([1, 6, 20, 24, 32]), randomTensor([48, 3, 3, 3, 32], seed: 2)]
    func bits(_ threads: Int) -> [[Float]] {
      let before = TensorRuntime.threadCount
      TensorRuntime.threadCount = threads
      defer { TensorRuntime.threadCount = before }
      let (value, gradients) = valueAndGradients(at: inputs) {
        $0[0].convolved(weight: $0[1], bias: nil, .same(kernel: [3, 3, 3], causal: [0])).squared().mean()
      }
      return ([value] + gradients).map { $0.floats() }
    }
    #expect(bits(1) == bits(2))
  }
}
