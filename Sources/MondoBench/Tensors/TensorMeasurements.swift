import Foundation
import NeuralNetworks
import Tensors
import WorldCore

/// One line of the benchmark; the keys are those of `peers/network_peer.py`, and what a line has not is left out.
struct TensorMeasurement: Encodable {
  var engine = "mondo"
  var dtype: String
  /// What was measured, where it is not the block stack.
  var layer: String?
  var width, depth, tokens: Int?
  var channels, frames, height: Int?
  var forward_ms, forward_gflops, train_ms, train_gflops: Double?
  var gigabytes_per_second: Double?
  /// Of living tensors during a training step, parameters included.
  var train_peak_mb: Double?
  /// The process's resident memory at its highest during a training step, less what it held before the network was made.
  var train_resident_mb: Double?
}

/// Times of the best of some repetitions: the machine's other work only ever adds.
enum TensorMeasurements {
  static func best(_ repetitions: Int, _ body: () -> Void) -> Double {
    (0..<repetitions).map { _ in
      let start = ContinuousClock.now
      body()
      return start.duration(to: .now) / .seconds(1)
    }.min()!
  }

  private static func random(_ shape: [Int], _ type: ElementType) -> Tensor {
    var stream = RandomStream(seed: 2, "benchmark \(shape)")
    return Initialization.normal(standardDeviation: 1).tensor(shape, random: &stream).converted(to: type)
  }

  private static func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }

  // MARK: the machine

  /// Bare products of 2048³: with both operands row by row, and with the right one packed beforehand.
  static func roofline(_ type: ElementType) -> [TensorMeasurement] {
    let extent = 2048
    let gigaflop = 2 * pow(Double(extent), 3) / 1e9
    let (x, w) = (random([extent, extent], type), random([extent, extent], type))
    _ = x.linear(weight: w, bias: nil)
    let plain = best(8) { _ = x.multiplied(w) }
    let packed = best(8) { _ = x.linear(weight: w, bias: nil) }
    return [("matmul", plain), ("matmul, packed weights", packed)].map { name, time in
      TensorMeasurement(
        dtype: "\(type)", layer: name, width: extent, forward_ms: rounded(time * 1e3), forward_gflops: rounded(gigaflop / time))
    }
  }

  /// Reading and writing 256 MB.
  static func copyBandwidth() -> TensorMeasurement {
    let x = Tensor.ones([32 << 20])
    let time = best(5) { _ = x * 1.5 }
    return TensorMeasurement(
      dtype: "float32", layer: "copy", gigabytes_per_second: rounded(2 * 4 * Double(x.count) / time / 1e9))
  }

  // MARK: networks

  /// Forward and training step of a module; the weights are packed anew in every training step, as after an optimiser's update.
  private static func measure<M: Module>(
    gigaflop: Double, into line: TensorMeasurement, _ make: () -> M, _ call: (M) -> Tensor
  ) -> TensorMeasurement {
    MemoryPool.shared.trim()
    let residentBefore = ResidentMemory.current
    var module = make()
    var line = line
    _ = call(module)
    let forward = best(6) { _ = call(module) }
    // A training step finds weights that an optimiser has just changed: nothing that was packed for inference is left.
    module.forEachParameter { $1.withMutableBytes { _ in } }
    MemoryPool.shared.trim()
    MemoryPool.shared.resetPeak()
    ResidentMemory.resetPeak()
    let training = best(5) {
      _ = valueAndGradients(of: module) { call($0).converted(to: .float32).squared().mean() }
      module.forEachParameter { $1.withMutableBytes { _ in } }
    }
    line.forward_ms = rounded(forward * 1e3)
    line.forward_gflops = rounded(gigaflop / forward)
    line.train_ms = rounded(training * 1e3)
    line.train_gflops = rounded(3 * gigaflop / training)
    line.train_peak_mb = rounded(Double(MemoryPool.shared.statistics.peakBytesInUse) / 1e6)
    if let peak = ResidentMemory.peak, let residentBefore { line.train_resident_mb = rounded(peak - residentBefore) }
    return line
  }

  static func stack(width: Int, depth: Int, tokens: Int, _ type: ElementType) -> TensorMeasurement {
    let (x, condition) = (random([1, tokens, width], type), random([1, width], type))
    return measure(
      gigaflop: TransformerStack.gigaflop(width: width, depth: depth, tokens: tokens),
      into: TensorMeasurement(dtype: "\(type)", width: width, depth: depth, tokens: tokens),
      { TransformerStack(width: width, depth: depth).converted(to: type) }, { $0(x, condition: condition) })
  }

  /// A causal autoencoder's residual block, [1, frames, height, width, channels].
  static func causalBlock(channels: Int, frames: Int, height: Int, width: Int, _ type: ElementType) -> TensorMeasurement {
    let x = random([1, frames, height, width, channels], type)
    let positions = frames * height * width
    let products = 2 * 27 * channels * channels * positions
    return measure(
      gigaflop: 2 * Double(products) / 1e9,
      into: TensorMeasurement(
        dtype: "\(type)", layer: "causal block", width: width, channels: channels, frames: frames, height: height),
      {
        var stream = RandomStream(seed: 1, "benchmark")
        return CausalResidualBlock(channels: channels, groups: 8, random: &stream).converted(to: type)
      }, { $0(x) })
  }

  /// The parts of one transformer block, one after the other.
  static func layers(width: Int, tokens: Int, _ type: ElementType) -> [TensorMeasurement] {
    var stream = RandomStream(seed: 1, "benchmark")
    let block = AdaptiveTransformerBlock(width: width, heads: max(1, width / 64), random: &stream).converted(to: type)
    let (x, m) = (random([1, tokens, width], type), random([1, width], type))
    let packed = random([1, tokens, 3, max(1, width / 64), min(width, 64)], type)
    func linear(_ outputs: Int) -> Double { Double(2 * tokens * width * outputs) / 1e9 }
    let line = TensorMeasurement(dtype: "\(type)", width: width, tokens: tokens)
    // A training step gives the gradients of all inputs, weights included, for a gradient of the result that is at hand.
    func timed(_ name: String, gigaflop: Double? = nil, _ inputs: [Tensor], _ body: ([Tensor]) -> Tensor) -> TensorMeasurement {
      var line = line
      let seed = random(body(inputs).shape, type)
      let forward = best(10) { _ = body(inputs) }
      let training = best(5) {
        let tape = GradientTape()
        let watched = inputs.map(tape.watch)
        _ = tape.gradients(of: body(watched), seed: seed, at: watched)
      }
      line.layer = name
      line.forward_ms = (forward * 1e5).rounded() / 100
      line.forward_gflops = gigaflop.map { rounded($0 / forward) }
      line.train_ms = (training * 1e5).rounded() / 100
      line.train_gflops = gigaflop.map { rounded(3 * $0 / training) }
      return line
    }
    func timed(_ name: String, gigaflop: Double, _ layer: Linear) -> TensorMeasurement {
      timed(name, gigaflop: gigaflop, [x, layer.weight, layer.bias!]) { $0[0].linear(weight: $0[1], bias: $0[2]) }
    }
    return [
      timed("linear, queries keys values", gigaflop: linear(3 * width), block.qkv),
      timed("linear, output", gigaflop: linear(width), block.out),
      timed("attention", gigaflop: 4e-9 * Double(tokens * tokens * width), [packed]) { Tensor.selfAttention($0[0]) },
      timed(
        "feed-forward", gigaflop: 2 * linear(4 * width),
        [x, block.up.weight, block.up.bias!, block.down.weight, block.down.bias!]
      ) {
        $0[0].feedForward(up: $0[1], upBias: $0[2], down: $0[3], downBias: $0[4])
      },
      timed("modulated layer norm", [x, m]) { $0[0].layerNormalized(scale: $0[1], shift: $0[1]) },
      timed("gated residual", [x, m]) { $0[0].adding($0[0], gatedBy: $0[1]) },
      timed("GELU", [x]) { $0[0].gelu() },
    ]
  }
}
