import CTensorKernels
import Foundation
import Tensors
import Testing
import WorldCore

/// Every operation's examples: its gradient against central differences in float64, and the fast types against float64.
@Suite struct OperationGradientTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let kind: OperationKind
    let example: OperationExample
    var testDescription: String { "\(kind): \(example.name)" }

    /// The same values in each element type: already rounded to bfloat16, so that types differ by their arithmetic alone.
    func inputs(_ elementType: ElementType) -> [Tensor] {
      example.inputs.enumerated().map { index, input in
        var random = RandomStream(seed: 3, "\(kind) \(example.name) \(index)")
        let values = (0..<input.shape.reduce(1, *)).map { _ in random.uniform(in: input.range) }
        return Tensor(values, shape: input.shape).converted(to: .bfloat16).converted(to: elementType)
      }
    }

    func seed(_ shape: [Int], _ elementType: ElementType) -> Tensor {
      var random = RandomStream(seed: 4, "\(kind) \(example.name)")
      return Tensor((0..<shape.reduce(1, *)).map { _ in random.uniform(in: -1...1) }, shape: shape)
        .converted(to: .bfloat16).converted(to: elementType)
    }

    /// The value and the gradients of Σ seed·f at all inputs.
    func evaluate(_ inputs: [Tensor]) -> [Tensor] {
      let tape = GradientTape()
      let watched = inputs.map(tape.watch)
      let value = example.function(watched)
      return [value.detached] + tape.gradients(of: value, seed: seed(value.shape, value.elementType), at: watched)
    }
  }

  static let cases = OperationKind.allCases.flatMap { kind in kind.operation.examples.map { Case(kind: kind, example: $0) } }

  @Test("each operation has examples and is filed under its own kind", arguments: OperationKind.allCases)
  func registry(_ kind: OperationKind) {
    #expect(kind.operation.kind == kind)
    #expect(!kind.operation.examples.isEmpty)
  }

  @Test("gradients agree with central differences", arguments: cases)
  func finiteDifferences(_ test: Case) {
    let inputs = test.inputs(.float64)
    let gradients = test.evaluate(inputs).dropFirst()
    let seed = test.seed(test.example.function(inputs).shape, .float64).doubles()
    // Fourth-order differences: their own error, step⁴, and rounding, 1e-16/step, are both about 1e-12.
    let step = 1e-3
    for (index, gradient) in gradients.enumerated() {
      let values = inputs[index].doubles()
      let analytic = gradient.doubles()
      for element in values.indices {
        func sum(_ offset: Double) -> Double {
          var moved = values
          moved[element] += offset
          var all = inputs
          all[index] = Tensor(moved, shape: inputs[index].shape)
          return zip(test.example.function(all).doubles(), seed).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let near = (sum(step) - sum(-step)) / (2 * step)
        let far = (sum(2 * step) - sum(-2 * step)) / (4 * step)
        let numeric = (4 * near - far) / 3
        #expect(
          abs(numeric - analytic[element]) <= 1e-7 * max(1, abs(numeric)),
          "input \(index), element \(element): \(analytic[element]) and by differences \(numeric)")
      }
    }
  }

  @Test("float32 agrees with float64 to 2e-6", arguments: cases)
  func float32(_ test: Case) { expectAgreement(test, .float32, tolerance: 2e-6) }

  @Test("bfloat16 agrees with float64 to 1e-2", arguments: cases)
  func bfloat16(_ test: Case) { expectAgreement(test, .bfloat16, tolerance: 1e-2) }

  /// What ONEDNN_MAX_CPU_ISA names is the most that oneDNN and the own kernels use; each process of its own reads it once.
  @Test("lesser processors compute the same")
  func fallbackAVX2() async { await #expect(processExitsWith: .success) { Self.expectAgreement(limitedTo: "AVX2", "avx2") } }

  @Test("processors with AVX-512 but no bfloat16 compute the same")
  func fallbackAVX512() async {
    await #expect(processExitsWith: .success) { Self.expectAgreement(limitedTo: "AVX512_CORE", "avx512") }
  }

  @Test("processors with AVX-512's bfloat16 but no tiles compute the same")
  func fallbackAVX512BF16() async {
    await #expect(processExitsWith: .success) { Self.expectAgreement(limitedTo: "AVX512_CORE_BF16", "avx512bf16") }
  }

  @Test("any processor computes the same")
  func fallbackBaseline() async {
    await #expect(processExitsWith: .success) { Self.expectAgreement(limitedTo: "SSE41", "baseline") }
  }

  private static func expectAgreement(limitedTo limit: String, _ instructionSet: String) {
    setenv("ONEDNN_MAX_CPU_ISA", limit, 1)
    #expect(TensorRuntime.instructionSet == instructionSet || TKKernelsNamed(instructionSet) == nil)
    for test in cases {
      expectAgreement(test, .float32, tolerance: 2e-6)
      expectAgreement(test, .bfloat16, tolerance: 1e-2)
    }
  }

  private func expectAgreement(_ test: Case, _ elementType: ElementType, tolerance: Double) {
    Self.expectAgreement(test, elementType, tolerance: tolerance)
  }
  private static func expectAgreement(_ test: Case, _ elementType: ElementType, tolerance: Double) {
    let exact = test.evaluate(test.inputs(.float64))
    let fast = test.evaluate(test.inputs(elementType))
    for (index, (exact, fast)) in zip(exact, fast).enumerated() {
      #expect(exact.shape == fast.shape)
      let error = relativeError(fast, to: exact)
      #expect(
        error <= tolerance,
        "\(test.testDescription), \(elementType), \(index == 0 ? "value" : "gradient \(index - 1)"): relative error \(error)")
    }
  }
}

/// ‖a − b‖ / ‖b‖
func relativeError(_ a: Tensor, to b: Tensor) -> Double {
  let pairs = zip(a.doubles(), b.doubles())
  let difference = pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  let size = b.doubles().reduce(0) { $0 + $1 * $1 }
  return (difference / max(size, 1e-30)).squareRoot()
}
