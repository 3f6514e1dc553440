import Foundation
import Tensors
import Testing
import VideoDiffusion
import WorldCore

/// The small networks together, as they are trained and used.
@Suite struct GenerationTests {
  private static func training(steps: Int) throws -> TransformerTraining {
    var settings = TransformerTraining.Settings()
    (settings.steps, settings.stretches, settings.times) = (steps, 1, 1)
    var network = JointTransformer.Configuration()
    (network.width, network.heads, network.depth) = (32, 2, 1)
    return TransformerTraining(
      on: TestData.shards, pictures: VideoAutoencoderTests.awake(), sounds: SoundAutoencoder(SoundAutoencoderTests.small),
      shader: NeuralShaderTests.awake(), settings, network: network)
  }

  @Test("training resumed from its state is training that never stopped, bit for bit")
  func resuming() throws {
    let (state, weights, others) = (temporaryPath(), temporaryPath(), temporaryPath())
    defer { for path in [state, weights, others] { try? FileManager.default.removeItem(atPath: path) } }
    let whole = try Self.training(steps: 8)
    for _ in 0..<4 { _ = try whole.advance() }
    try whole.writeState(to: state)
    let losses = try (0..<4).map { _ in try whole.advance() }
    #expect(losses.allSatisfy { $0.isFinite && $0 > 0 })
    let resumed = try Self.training(steps: 8)
    try resumed.resume(from: state)
    #expect(try (0..<4).map { _ in try resumed.advance() } == losses)
    for (training, path) in [(whole, weights), (resumed, others)] { try training.writeWeights(to: path) }
    #expect(try Data(contentsOf: URL(filePath: weights)) == Data(contentsOf: URL(filePath: others)))
  }
}
