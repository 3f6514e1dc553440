import Foundation
import NeuralNetworks
import SceneDescription
import Tensors
import Testing
import VideoDiffusion
import WorldCore
import WorldExport
import WorldSimulation

@Suite struct ClipGeneratorTests {
  static let generator: ClipGenerator = {
    let (pictures, sounds) = (VideoAutoencoder(VideoAutoencoderTests.small), SoundAutoencoder(SoundAutoencoderTests.small))
    var network = JointTransformer.Configuration()
    (network.width, network.heads, network.depth) = (32, 2, 1)
    (network.videoLatentWidth, network.soundLatentWidth) = (8, 8)
    var transformer = JointTransformer(network)
    var random = RandomStream(seed: 7, "awake")
    transformer.forEachParameter { _, tensor in
      tensor = tensor + Tensor((0..<tensor.count).map { _ in Float(0.05 * random.normal()) }, shape: tensor.shape)
    }
    return ClipGenerator(pictures: pictures, sounds: sounds, transformer: transformer)
  }()


  private func world(frames: Int = 24, caption: String? = nil) throws -> WorldConditions {
    let scene = try Scene(yaml: TestData.scene.replacingOccurrences(of: "0.25 s", with: "1 s"))
    let told = try SceneConditions(scene, trajectory: Simulation(of: scene).run(), seconds: Double(frames) / 24)
    return try WorldConditions(
      tensors: Data(told.tensors), plainView: told.plainView, framesPerSecond: 24, captions: caption.map { [$0] } ?? told.captions,
      style: 0, encoder: Self.generator.pictures, key: "ball")
  }

  private func clip(_ world: WorldConditions, _ change: (inout ClipGenerator.Options) -> Void = { _ in }) throws -> (
    frames: [Image<SRGB8>], sound: AudioBuffer
  ) {
    var options = ClipGenerator.Options()
    options.steps = 2
    change(&options)
    var frames: [Image<SRGB8>] = []
    let sound = try Self.generator.generate(world, options: options, show: { frames.append($0) })
    return (frames, sound)
  }

  @Test("a clip has its frames and as much sound, the same for the same seed and another for another", arguments: [24, 23, 3, 1])
  func lengths(frames: Int) throws {
    let world = try world(frames: frames)
    let (made, again) = (try clip(world), try clip(world))
    #expect(made.frames.count == frames && made.frames.allSatisfy { $0.width == 64 && $0.height == 48 })
    #expect(made.sound.samples.count == frames * 2000)
    #expect(made.frames == again.frames && made.sound == again.sound)
    let other = try clip(world) { $0.seed = 1 }
    #expect(made.frames != other.frames && made.sound != other.sound)
  }

  @Test("what was made is never changed: a longer clip begins as the shorter one does")
  func causal() throws {
    // Two whole stretches: 4 tokens, then 3 more.
    let (short, long) = (try clip(world(frames: 16)), try clip(world(frames: 24)))
    #expect(long.frames.prefix(16) == short.frames[...])
  }

  @Test("words, motion, controls, plain view and a first frame all matter; without any there is a clip too")
  func conditions() throws {
    let world = try world(frames: 4)
    let all = try clip(world).frames
    for condition in ClipGenerator.Condition.allCases { #expect(try clip(world) { $0.without = [condition] }.frames != all, "\(condition)") }
    #expect(try clip(world) { $0.without = Set(ClipGenerator.Condition.allCases) }.frames.count == 4)
    #expect(try clip(self.world(frames: 4, caption: "una palla cade")).frames != all)
    let picture = Image(width: 64, height: 48, filledWith: SRGB8(red: 200, green: 90, blue: 10))
    #expect(try clip(world) { $0.firstFrame = picture }.frames != all)
  }
}
