import NeuralNetworks
import Tensors
import Testing
import VideoDiffusion
import WorldCore

/// The loss by which twins are compared.
@Suite struct DenoisingLossTests {
  /// An untrained network predicts that the last known frame stands still.
  static let standing: ClipGenerator = {
    var network = JointTransformer.Configuration()
    (network.width, network.heads, network.depth) = (32, 2, 1)
    (network.videoLatentWidth, network.soundLatentWidth) = (8, 8)
    return ClipGenerator(
      pictures: VideoAutoencoderTests.awake(), sounds: SoundAutoencoder(SoundAutoencoderTests.small),
      transformer: JointTransformer(network))
  }()

  private let still = Array(repeating: VideoAutoencoderTests.picture(64, 48, 1), count: 40)

  private func loss(
    _ frames: [Image<SRGB8>], by generator: ClipGenerator = ClipGeneratorTests.generator,
    _ change: (inout DenoisingLoss) -> Void = { _ in }
  ) throws -> DenoisingLoss.Value {
    var loss = DenoisingLoss()
    (loss.times, loss.draws) = ([0.3, 0.7], 1)
    change(&loss)
    return try loss.value(of: frames, sound: nil, framesPerSecond: 24, by: generator)
  }

  @Test("what a network expects costs nothing, and what departs from it costs from there on")
  func expectation() throws {
    // Three stretches: 16 frames, then 12 and 12 that follow a token of 4.
    let moved = still.prefix(28) + (0..<12).map { VideoAutoencoderTests.picture(64, 48, 7 + $0) }
    let (expected, other) = try (loss(still, by: Self.standing), loss(Array(moved), by: Self.standing))
    // The first stretch has no frame before it to stand still from.
    #expect(expected.stretches.count > 2 && expected.stretches[0] > 0.01)
    #expect(expected.stretches.dropFirst().allSatisfy { $0 < 1e-4 }, "\(expected.stretches)")
    #expect(other.stretches[0] == expected.stretches[0] && other.stretches[1] < 1e-4)
    #expect(other.stretches.dropFirst(2).allSatisfy { $0 > 0.01 }, "\(other.stretches)")
  }

  @Test("the same clip has the same loss; noise, words and length matter")
  func determinism() throws {
    let clip = (0..<12).map { VideoAutoencoderTests.picture(64, 48, $0) }
    let value = try loss(clip)
    #expect(try value == loss(clip) && value.total > value.picture && value.total.isFinite)
    #expect(try value != loss(clip) { $0.seed = 1 })
    #expect(try value != loss(clip) { $0.caption = "a ball falls" })
    #expect(try loss(Array(clip.prefix(1))).total.isFinite)
  }
}
