/// A function of tensors and its gradient, side by side.
///
/// `forward` sees detached tensors and keeps what `backward` will need. Every conforming type has a case in `OperationKind`,
/// and examples that the gradient tests run over: without either it does not compile.
package protocol DifferentiableOperation: Sendable {
  static var kind: OperationKind { get }
  static var examples: [OperationExample] { get }

  func forward(_ inputs: [Tensor], saving saved: inout SavedTensors) -> Tensor
  /// The gradients at the inputs; `wanted` says which will be used, the others may be nil.
  func backward(_ gradient: Tensor, _ saved: SavedTensors, wanted: [Bool]) -> [Tensor?]
}

/// What a forward pass leaves for its backward pass.
package struct SavedTensors {
  /// Whether anything will ever be asked for: otherwise an operation may take a shorter way.
  package let isRecording: Bool
  /// Whether some input is watched, be it by a tape that pauses inside a checkpointed block: its weights will change before
  /// long.
  package let isTraining: Bool
  package var tensors: [Tensor] = []

  package subscript(index: Int) -> Tensor { tensors[index] }
}

extension DifferentiableOperation {
  /// Computes the operation and records it on the inputs' tape, if any input is watched.
  func callAsFunction(_ inputs: Tensor...) -> Tensor { apply(inputs) }

  func apply(_ inputs: [Tensor]) -> Tensor {
    for input in inputs.dropFirst() {
      require(
        input.elementType == inputs[0].elementType,
        "operands of \(inputs[0].elementType) and \(input.elementType) do not mix; convert one of them first")
    }
    let tape = inputs.lazy.compactMap { $0.node?.tape }.first { !$0.isPaused }
    var saved = SavedTensors(isRecording: tape != nil, isTraining: inputs.contains { $0.node != nil })
    var output = forward(inputs.map(\.detached), saving: &saved).detached
    guard let tape else { return output }
    let node = TapeNode(tape: tape, inputs: inputs.map(\.node))
    node.backward = { gradient, wanted in self.backward(gradient, saved, wanted: wanted) }
    tape.append(node)
    output.node = node
    return output
  }
}

/// A use of an operation for the tests: input shapes, the range their values are drawn from, and the call.
package struct OperationExample: Sendable {
  package struct Input: Sendable {
    package let shape: [Int]
    package let range: ClosedRange<Double>
  }
  package let name: String
  package let inputs: [Input]
  package let function: @Sendable ([Tensor]) -> Tensor

  init(
    _ name: String, _ shapes: [[Int]], in range: ClosedRange<Double> = -1.5...1.5,
    _ function: @escaping @Sendable ([Tensor]) -> Tensor
  ) {
    self.name = name
    self.inputs = shapes.map { Input(shape: $0, range: range) }
    self.function = function
  }
}

/// All operations there are. The switch makes the compiler ask for a new one's type, and the tests run over all cases.
package enum OperationKind: CaseIterable, Sendable {
  case binary, unary, affine, convert, sum, maximum
  case reshape, permute, slice, broadcast, concatenate
  case matrixProduct, linear, feedForward, gatedAdd
  case rowNormalization, groupNormalization, softmax, attention, selfAttention, rotation
  case gather, resample, convolution, transposedConvolution

  package var operation: any DifferentiableOperation.Type {
    switch self {
    case .binary: BinaryOperation.self
    case .unary: UnaryOperation.self
    case .affine: AffineOperation.self
    case .convert: ConversionOperation.self
    case .sum: SumOperation.self
    case .maximum: MaximumOperation.self
    case .reshape: ReshapeOperation.self
    case .permute: PermuteOperation.self
    case .slice: SliceOperation.self
    case .broadcast: BroadcastOperation.self
    case .concatenate: ConcatenateOperation.self
    case .matrixProduct: MatrixProductOperation.self
    case .linear: LinearOperation.self
    case .feedForward: FeedForwardOperation.self
    case .gatedAdd: GatedAddOperation.self
    case .rowNormalization: RowNormalizationOperation.self
    case .groupNormalization: GroupNormalizationOperation.self
    case .softmax: SoftmaxOperation.self
    case .attention: AttentionOperation.self
    case .selfAttention: SelfAttentionOperation.self
    case .rotation: RotationOperation.self
    case .gather: GatherOperation.self
    case .resample: ResampleOperation.self
    case .convolution: ConvolutionOperation.self
    case .transposedConvolution: TransposedConvolutionOperation.self
    }
  }
}
