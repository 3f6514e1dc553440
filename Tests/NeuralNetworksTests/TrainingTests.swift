import Foundation
import NeuralNetworks
import Tensors
import Testing
import WorldCore

/// One parameter, for what an optimiser does to it.
private struct Weights: Module {
  var weight: Tensor
  mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    try body((path / "weight").name, &weight)
  }
}

@Suite struct TrainingTests {
  private static func loss(_ network: TinyAutoencoder) -> Tensor {
    var random = RandomStream(seed: 5, "clip")
    let clip = Initialization.normal(standardDeviation: 1).tensor([1, 3, 8, 8, 3], random: &random)
    return (network(clip) - clip).squared().mean()
  }

  private static func train(_ network: inout TinyAutoencoder, _ optimizer: inout AdamW, steps: Int) {
    for _ in 0..<steps {
      let (_, gradients) = valueAndGradients(of: network, Self.loss)
      optimizer.update(&network, along: gradients, learningRate: 1e-3)
    }
  }

  private func bits(_ module: some Module) -> [[Float]] { module.parameters.map { $0.tensor.floats() } }

  @Test("the same seed gives the same network, another seed another")
  func initialization() {
    #expect(bits(TinyTransformer(seed: 3)) == bits(TinyTransformer(seed: 3)))
    #expect(bits(TinyTransformer(seed: 3)) != bits(TinyTransformer(seed: 4)))
  }

  @Test("parameters are named from the outside in")
  func names() {
    let names = TinyTransformer().parameters.map(\.name)
    #expect(names.first == "embedding.weight" && names.last == "head.bias")
    #expect(names.contains("blocks.1.modulation.bias"))
    #expect(Set(names).count == names.count)
  }

  @Test("a step of AdamW is the paper's")
  func adam() {
    var module = Weights(weight: Tensor([1, -2] as [Float], shape: [1, 2]))
    var optimizer = AdamW(beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.1)
    var (w, m, v) = ([1.0, -2.0], [0.0, 0.0], [0.0, 0.0])
    for step in 1...5 {
      let (_, gradients) = valueAndGradients(of: module) { ($0.weight * $0.weight * 0.5).sum() }
      optimizer.update(&module, along: gradients, learningRate: 0.01)
      for i in 0..<2 {
        let g = w[i]
        m[i] = 0.9 * m[i] + 0.1 * g
        v[i] = 0.99 * v[i] + 0.01 * g * g
        let corrected = m[i] / (1 - pow(0.9, Double(step)))
        let spread = (v[i] / (1 - pow(0.99, Double(step)))).squareRoot()
        w[i] -= 0.01 * (0.1 * w[i] + corrected / (spread + 1e-8))
      }
    }
    for (computed, exact) in zip(module.weight.doubles(), w) { #expect(abs(computed - exact) < 1e-6) }
  }

  @Test("steps below bfloat16's resolution add up in the master weights")
  func masterWeights() {
    var module = Weights(weight: Tensor.ones([4], elementType: .bfloat16))
    var optimizer = AdamW(weightDecay: 0)
    for _ in 0..<100 {
      let (_, gradients) = valueAndGradients(of: module) { $0.weight.sum() }
      optimizer.update(&module, along: gradients, learningRate: 1e-4)
    }
    // One step of 1e-4 rounds away at 1 (spacing 4e-3 below it); a hundred make 0.01.
    #expect(abs(module.weight.doubles()[0] - 0.99) < 0.002)
  }

  @Test("clipping scales the gradients to the bound and reports their norm", arguments: [0.5, 1, 5, 50])
  func clipping(bound: Double) {
    var module = Weights(weight: Tensor([3, 4] as [Float], shape: [2]))
    // With ε far above the gradients a step is proportional to them: lr·g/ε.
    var optimizer = AdamW(epsilon: 1e6, weightDecay: 0, clipping: bound)
    let (_, gradients) = valueAndGradients(of: module) { ($0.weight * $0.weight * 0.5).sum() }
    #expect(abs(optimizer.update(&module, along: gradients, learningRate: 1e5) - 5) < 1e-6)
    let scale = min(1, bound / 5)
    for (moved, start) in zip(module.weight.doubles(), [3.0, 4]) { #expect(abs(start - moved - 0.1 * start * scale) < 1e-4) }
  }

  @Test("a network learns its data; its average follows")
  func learning() {
    var network = TinyAutoencoder()
    var optimizer = AdamW()
    var average = ExponentialMovingAverage(decay: 0.9)
    let before = Self.loss(network).scalar
    for _ in 0..<40 {
      Self.train(&network, &optimizer, steps: 1)
      average.update(with: network)
    }
    let after = Self.loss(network).scalar
    #expect(after < 0.8 * before)
    let averaged = Self.loss(average.applied(to: network)).scalar
    #expect(averaged < before && averaged > 0.5 * after)
  }

  /// In a process of its own, where nobody else uses the pool.
  @Test("a training step takes nothing from the system once it has run, and leaves nothing in use")
  func steadyState() async {
    await #expect(processExitsWith: .success) {
      var network = TinyAutoencoder()
      var optimizer = AdamW(clipping: 1)
      var average = ExponentialMovingAverage(decay: 0.9)
      func step() {
        Self.train(&network, &optimizer, steps: 1)
        average.update(with: network)
      }
      for _ in 0..<2 { step() }
      let before = MemoryPool.shared.statistics
      for _ in 0..<20 { step() }
      let after = MemoryPool.shared.statistics
      #expect(after.systemAllocations == before.systemAllocations)
      #expect(after.bytesInUse == before.bytesInUse)
    }
  }

  @Test("rates rise, hold and fall")
  func schedule() {
    let constant = LearningRateSchedule(peak: 2, warmup: 4)
    #expect((0..<6).map(constant.rate) == [0.5, 1, 1.5, 2, 2, 2])
    let falling = LearningRateSchedule(peak: 2, warmup: 0, fall: (steps: 10, final: 1))
    #expect(falling.rate(at: 0) == 2 && falling.rate(at: 10) == 1 && falling.rate(at: 99) == 1)
    #expect(abs(falling.rate(at: 5) - 1.5) < 1e-12)
  }

  // MARK: checkpoints

  private func temporaryPath() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString + ".safetensors").path
  }

  @Test("training resumed from a file goes on as if it had not stopped")
  func resuming() throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    var (whole, wholeOptimizer) = (TinyAutoencoder(), AdamW())
    Self.train(&whole, &wholeOptimizer, steps: 3)
    var checkpoint = Checkpoint()
    checkpoint.add(whole)
    checkpoint.add(wholeOptimizer)
    try checkpoint.write(to: path)
    Self.train(&whole, &wholeOptimizer, steps: 3)

    var (resumed, resumedOptimizer) = (TinyAutoencoder(seed: 9), AdamW())
    let stored = try Checkpoint(contentsOf: path)
    try stored.load(into: &resumed)
    try stored.load(into: &resumedOptimizer, for: resumed)
    Self.train(&resumed, &resumedOptimizer, steps: 3)
    #expect(bits(resumed) == bits(whole))
    #expect(resumedOptimizer.step == 6)
  }

  @Test("averages and bfloat16 parameters survive the file")
  func averages() throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let network = TinyTransformer().converted(to: .bfloat16)
    var average = ExponentialMovingAverage(decay: 0.99)
    average.update(with: network)
    var checkpoint = Checkpoint()
    checkpoint.add(network)
    checkpoint.add(average)
    try checkpoint.write(to: path)
    let stored = try Checkpoint(contentsOf: path)
    #expect(stored.tensors["head.weight"]?.elementType == .bfloat16)
    var restored = ExponentialMovingAverage(decay: 0.99)
    try stored.load(into: &restored, for: network)
    #expect(restored.steps == 1)
    #expect(bits(restored.applied(to: network)) == bits(network))
  }

  @Test("a checkpoint that does not fit says what and why, and changes nothing")
  func misfits() {
    var checkpoint = Checkpoint()
    checkpoint.add(TinyTransformer(width: 16))
    var network = TinyTransformer()
    let before = bits(network)
    let shapes = #expect(throws: CheckpointError.self) { try checkpoint.load(into: &network) }
    #expect(
      shapes?.description
        == "\"embedding.weight\" has shape [7, 16] in the checkpoint and [7, 32] in the network; load it into the network it was trained in"
    )
    #expect(bits(network) == before)
    let missing = #expect(throws: CheckpointError.self) { try Checkpoint().load(into: &network) }
    #expect(missing == .missing(name: "embedding.weight"))
    #expect(missing?.description.contains("the checkpoint has no \"embedding.weight\"") == true)
  }
}
