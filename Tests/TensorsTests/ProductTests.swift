import Foundation
import Tensors
import Testing

/// Products, convolutions and attention at sizes where blocks, tails and packing matter, against their definitions.
@Suite struct ProductTests {
  static let types: [(ElementType, Double)] = [(.float32, 2e-6), (.bfloat16, 6e-3)]

  /// Matrix products by the definition, in float64.
  func product(_ a: Tensor, _ b: Tensor) -> Tensor { a.converted(to: .float64).multiplied(b.converted(to: .float64)) }

  @Test(
    "products of odd shapes, transposed or not",
    arguments: [(1, 1, 1), (1, 384, 96), (37, 65, 129), (130, 64, 16), (70, 33, 45), (200, 600, 96)], types)
  func products(_ shape: (Int, Int, Int), _ type: (ElementType, Double)) {
    let a = randomTensor([shape.0, shape.1], type.0)
    let b = randomTensor([shape.1, shape.2], type.0, seed: 2)
    let exact = product(a, b)
    #expect(relativeError(a.multiplied(b), to: exact) <= type.1)
    let stored = randomTensor([shape.2, shape.1], type.0, seed: 3)
    #expect(relativeError(a.linear(weight: stored, bias: nil), to: product(a, stored.transposed())) <= type.1)
    let tall = randomTensor([shape.1, shape.0], type.0, seed: 4)
    #expect(relativeError(tall.transposed().multiplied(b), to: product(tall.transposed(), b)) <= type.1)
  }

  @Test(
    "a bias is added to every row, in pieces of the inner axis or whole",
    arguments: [(66, 40, 35), (64, 32, 32), (90, 700, 50)], types)
  func biases(_ shape: (Int, Int, Int), _ type: (ElementType, Double)) {
    let x = randomTensor([shape.0, shape.1], type.0)
    let w = randomTensor([shape.2, shape.1], type.0, seed: 2)
    let bias = randomTensor([shape.2], type.0, seed: 3, in: -5...5)
    let exact = product(x, w.transposed()) + bias.converted(to: .float64)
    #expect(relativeError(x.linear(weight: w, bias: bias), to: exact) <= type.1)
  }

  @Test("float32 products keep float32's precision over sixty orders of magnitude")
  func splitting() {
    // Columns of very different size, each judged by itself: an error relative to the largest would hide the others.
    let x = randomTensor([96, 64], seed: 1)
    let sizes = (0..<64).map { Float(pow(10, Double($0 - 32) / 2)) }
    let w = randomTensor([64, 64], seed: 2) * Tensor(sizes, shape: [64, 1])
    let (fast, exact) = (x.linear(weight: w, bias: nil), product(x, w.transposed()))
    for column in 0..<64 {
      #expect(relativeError(fast.slice(axis: 1, column..<column + 1), to: exact.slice(axis: 1, column..<column + 1)) <= 1e-6)
    }
  }

  @Test("a weight changed in place is packed anew")
  func packing() {
    var weight = randomTensor([32, 48])
    let x = randomTensor([64, 48], seed: 2)
    let before = x.linear(weight: weight, bias: nil)
    weight.withMutableBytes { $0.bindMemory(to: Float.self)[5] += 1 }
    let after = x.linear(weight: weight, bias: nil)
    #expect(relativeError(after, to: product(x, weight.transposed())) <= 2e-6)
    #expect(after.floats() != before.floats())
  }

  @Test(
    "attention over several blocks, with tails, apart or packed",
    arguments: [(1, 3, 8), (33, 33, 16), (64, 128, 64), (100, 77, 40), (200, 65, 128)], types)
  func attention(_ shape: (Int, Int, Int), _ type: (ElementType, Double)) {
    let (queries, keys, width) = shape
    let q = randomTensor([2, queries, 2, width], type.0, in: -2...2)
    let k = randomTensor([2, keys, 2, width], type.0, seed: 2, in: -2...2)
    let v = randomTensor([2, keys, 2, width], type.0, seed: 3)
    let seed = randomTensor([2, queries, 2, width], type.0, seed: 4)
    func evaluate(_ inputs: [Tensor], _ function: ([Tensor]) -> Tensor) -> [Tensor] {
      let tape = GradientTape()
      let watched = inputs.map(tape.watch)
      let value = function(watched)
      return [value.detached] + tape.gradients(of: value, seed: seed.converted(to: value.elementType), at: watched)
    }
    // The definition: all weights at once.
    let exact = evaluate([q, k, v].map { $0.converted(to: .float64) }) { inputs in
      let heads = inputs.map { $0.permuted([0, 2, 1, 3]) }
      let weights = (heads[0].multiplied(heads[1].transposed()) / Double(width).squareRoot()).softmax()
      return weights.multiplied(heads[2]).permuted([0, 2, 1, 3])
    }
    let fast = evaluate([q, k, v]) { Tensor.attention(query: $0[0], key: $0[1], value: $0[2]) }
    for (exact, fast) in zip(exact, fast) { #expect(relativeError(fast, to: exact) <= 2 * type.1) }

    guard queries == keys else { return }
    let packed = Tensor.concatenated([q, k, v].map { $0.reshaped([2, queries, 1, 2, width]) }, axis: 2)
    let together = evaluate([packed]) { Tensor.selfAttention($0[0]) }
    #expect(together[0].floats() == fast[0].floats())
    for part in 0..<3 { #expect(together[1].slice(axis: 2, part..<part + 1).floats() == fast[part + 1].floats()) }
  }

  /// One way to slide a kernel over [1, spatial..., in].
  struct Sliding: CustomTestStringConvertible {
    let input, weight: [Int]
    let geometry: ConvolutionGeometry
    var testDescription: String { "\(weight) over \(input)" }
  }
  static let slidings = [
    Sliding(input: [1, 5, 12, 10, 32], weight: [16, 3, 3, 3, 32], geometry: .same(kernel: [3, 3, 3], causal: [0])),
    // Odd channels, which no tile takes.
    Sliding(input: [1, 3, 7, 9, 10], weight: [6, 3, 3, 3, 10], geometry: .same(kernel: [3, 3, 3], causal: [0])),
    // Tiles that overhang, more than one clip, frames in more than one slab, seven lanes of outputs.
    Sliding(input: [2, 19, 9, 11, 16], weight: [112, 2, 3, 3, 16], geometry: .same(kernel: [2, 3, 3])),
    // A picture of more than one stripe, without padding.
    Sliding(
      input: [1, 61, 55, 16], weight: [32, 3, 3, 16],
      geometry: ConvolutionGeometry(stride: [1, 1], paddingBefore: [0, 0], paddingAfter: [0, 0])),
    // More padding than the kernel overhangs, frames that see no input.
    Sliding(
      input: [1, 2, 8, 8, 16], weight: [16, 3, 3, 3, 16],
      geometry: ConvolutionGeometry(stride: [1, 1, 1], paddingBefore: [4, 3, 0], paddingAfter: [1, 2, 5])),
  ]

  @Test("convolutions, by tiles or not, and their gradients", arguments: slidings, types)
  func convolutions(_ sliding: Sliding, _ type: (ElementType, Double)) {
    let x = randomTensor(sliding.input, type.0)
    let w = randomTensor(sliding.weight, type.0, seed: 2)
    let bias = randomTensor([sliding.weight[0]], type.0, seed: 3)
    func evaluate(_ elementType: ElementType) -> [Tensor] {
      let tape = GradientTape()
      let inputs = [x, w, bias].map { tape.watch($0.converted(to: elementType)) }
      let value = inputs[0].convolved(weight: inputs[1], bias: inputs[2], sliding.geometry)
      let seed = randomTensor(value.shape, type.0, seed: 4).converted(to: elementType)
      return [value.detached] + tape.gradients(of: value, seed: seed, at: inputs)
    }
    for (exact, fast) in zip(evaluate(.float64), evaluate(type.0)) { #expect(relativeError(fast, to: exact) <= type.1) }
  }

  @Test("a causal convolution's frame does not depend on later ones")
  func causality() {
    let w = randomTensor([4, 3, 3, 3, 4], seed: 2)
    let x = randomTensor([1, 6, 5, 5, 4])
    let later = Tensor.concatenated([x.slice(axis: 1, 0..<4), randomTensor([1, 2, 5, 5, 4], seed: 9)], axis: 1)
    func first(_ x: Tensor) -> [Float] {
      x.convolved(weight: w, bias: nil, .same(kernel: [3, 3, 3], causal: [0])).slice(axis: 1, 0..<4).floats()
    }
    #expect(first(x) == first(later))
  }
}
