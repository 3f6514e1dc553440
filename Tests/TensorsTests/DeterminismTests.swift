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

  /// oneDNN's primitives divide their work among the threads there are when they are made; those of other numbers are others.
  @Test("convolutions made for one thread give two the same, and the other way round", arguments: [[1, 2], [2, 1]])
  func primitivesOfOtherThreads(order: [Int]) {
    for channels in [8 + order[0], 16 + order[0], 24 + order[0]] {
      let inputs = [
        randomTensor([3, 18, 22, channels]), randomTensor([2 * channels, 3, 3, channels], seed: 2),
        randomTensor([channels, 1, 1, 2 * channels], seed: 3),
      ]
      func values(_ threads: Int) -> [[Float]] {
        let before = TensorRuntime.threadCount
        TensorRuntime.threadCount = threads
        defer { TensorRuntime.threadCount = before }
        let (value, gradients) = valueAndGradients(at: inputs) {
          $0[0].convolved(weight: $0[1], bias: nil, .same(kernel: [3, 3], stride: [2, 2]))
            .convolved(weight: $0[2], bias: nil, .same(kernel: [1, 1])).squared().mean()
        }
        return ([value] + gradients).map { $0.floats() }
      }
      let first = values(order[0])
      for (a, b) in zip(first, values(order[1])) {
        let largest = a.reduce(0) { max($0, abs($1)) }
        #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 1e-4 * largest })
      }
    }
  }
}
