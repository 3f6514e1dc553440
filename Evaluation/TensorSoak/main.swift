// A thousand training steps of two small networks on two tapes at once, for a sanitizer or valgrind to watch (see the Makefile).
//
//     tensor-soak [STEPS]
//
// It says whether memory stood still after the first tenth, and ends with 1 where it did not.
import Foundation
import NeuralNetworks
import Tensors
import WorldCore

/// A strided convolution, a causal block, attention among the positions, and the way back: every kernel that training uses.
struct SoakNetwork: Module {
  var encode: Convolution
  var block: CausalResidualBlock
  var attention: AdaptiveTransformerBlock
  var decode: TransposedConvolution

  init(seed: UInt64) {
    var random = RandomStream(seed: seed, "soak")
    let halving = ConvolutionGeometry(stride: [1, 2, 2], paddingBefore: [0, 0, 0], paddingAfter: [0, 0, 0])
    encode = Convolution(3, 16, kernel: [1, 2, 2], halving, random: &random)
    block = CausalResidualBlock(channels: 16, groups: 4, random: &random)
    attention = AdaptiveTransformerBlock(width: 16, heads: 2, random: &random)
    decode = TransposedConvolution(16, 3, kernel: [1, 2, 2], halving, random: &random)
  }

  func callAsFunction(_ clip: Tensor, condition: Tensor) -> Tensor {
    let encoded = block(encode(clip))
    let tokens = encoded.reshaped([encoded.shape[0], -1, 16])
    let attended = GradientTape.checkpoint([tokens]) { attention($0[0], condition: condition) }
    return decode(attended.reshaped(encoded.shape))
  }

  mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    try encode.forEachParameter(under: path / "encode", body)
    try block.forEachParameter(under: path / "block", body)
    try attention.forEachParameter(under: path / "attention", body)
    try decode.forEachParameter(under: path / "decode", body)
  }
}

/// Trains one network; returns its last loss.
@Sendable func train(_ type: ElementType, steps: Int) -> Double {
  var network = SoakNetwork(seed: 1).converted(to: type)
  var optimizer = AdamW(clipping: 1)
  var average = ExponentialMovingAverage(decay: 0.99)
  var random = RandomStream(seed: 2, "clip")
  let clip = Initialization.normal(standardDeviation: 1).tensor([1, 3, 8, 6, 3], random: &random)
  let condition = Tensor.ones([1, 16], elementType: type)
  var loss = Double.nan
  for _ in 0..<steps {
    let (value, gradients) = valueAndGradients(of: network) {
      ($0(clip.converted(to: type), condition: condition).converted(to: .float32) - clip).squared().mean()
    }
    optimizer.update(&network, along: gradients, learningRate: 1e-3)
    average.update(with: network)
    loss = value.scalar
  }
  return loss
}

/// Both networks at once, each on a thread of its own.
func trainBoth(steps: Int) -> [ElementType: Double] {
  let types = [ElementType.float32, .bfloat16]
  nonisolated(unsafe) var losses = [Double](repeating: .nan, count: types.count)
  let lock = NSLock()
  DispatchQueue.concurrentPerform(iterations: types.count) { index in
    let loss = train(types[index], steps: steps)
    lock.withLock { losses[index] = loss }
  }
  return Dictionary(uniqueKeysWithValues: zip(types, losses))
}

let steps = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1000
_ = trainBoth(steps: max(1, steps / 10))
let before = MemoryPool.shared.statistics
let losses = trainBoth(steps: steps)
let after = MemoryPool.shared.statistics
print(
  "\(TensorRuntime.instructionSet): \(steps) steps; last losses \(losses.map { "\($0.key) \($0.value)" }.sorted().joined(separator: ", "))"
)
print(
  "\(after.bytesInUse - before.bytesInUse) bytes more in use, \(after.systemAllocations - before.systemAllocations) more blocks from the system"
)
exit(after.bytesInUse == before.bytesInUse ? 0 : 1)
