import Foundation
import NeuralNetworks
import Tensors
import Testing
import VideoDiffusion
import WorldCore

/// The small networks together, as they are trained and used.
@Suite struct GenerationTests {
  private static func clips(geometry: NeuralShader? = nil, soundShader: SoundShader? = nil) -> ConditionedClips {
    ConditionedClips(
      TestData.shards, pictures: VideoAutoencoderTests.awake(), sounds: SoundAutoencoder(SoundAutoencoderTests.small),
      shader: NeuralShaderTests.awake(), geometry: geometry, soundShader: soundShader)
  }

  private static func training(steps: Int) -> Training<FlowMatching> {
    var settings = FlowMatching.Settings()
    (settings.stretches, settings.questions.times) = (1, 1)
    var network = JointTransformer.Configuration()
    (network.width, network.heads, network.depth) = (32, 2, 1)
    var schedule = FlowMatching.schedule
    schedule.steps = steps
    let geometry = NeuralShaderTests.awake(NeuralShaderTests.smallGeometry)
    return Training(
      FlowMatching(on: clips(geometry: geometry, soundShader: SoundShaderTests.awake()), settings, network: network), schedule)
  }

  private static func training(of teacher: JointTransformer, steps: Int) -> Training<Distillation> {
    var settings = Distillation.Settings()
    (settings.questions.times, settings.teacherSteps) = (1, 4)
    var schedule = Distillation.schedule
    (schedule.steps, schedule.learningRate) = (steps, 2e-3)
    return Training(Distillation(of: teacher, on: clips(), settings), schedule)
  }

  /// One whose path bends: what it would have at once isn't where it arrives.
  private static func teacher() -> JointTransformer {
    var teacher = JointTransformer(training(steps: 1).objective.configuration)
    var random = RandomStream(seed: 7, "teacher")
    teacher.forEachParameter { _, tensor in
      tensor = tensor + Tensor((0..<tensor.count).map { _ in Float(0.08 * random.normal()) }, shape: tensor.shape)
    }
    return teacher.converted(to: .bfloat16)
  }

  @Test("training resumed from its state is training that never stopped, bit for bit")
  func resuming() throws {
    try expectResumable { Self.training(steps: 8) }
    let teacher = Self.teacher()
    try expectResumable { Self.training(of: teacher, steps: 8) }
  }

  @Test("what both views lack is measured before the first step, each for itself")
  func deviations() throws {
    let training = Self.training(steps: 1)
    _ = try training.advance()
    let residual = try training.trained().residual
    let (plain, flat) = (residual.plain.floats(), residual.flat.floats())
    #expect(plain != flat && (plain + flat).allSatisfy { $0 > 0 && $0 != 1 })
    #expect(residual.sound.floats().allSatisfy { $0 > 0 && $0 != 1 })
  }

  @Test("a student's jump comes nearer to where its teacher's path ends")
  func distilling() throws {
    let teacher = Self.teacher()
    let training = Self.training(of: teacher, steps: 120)
    for _ in 0..<120 { _ = try training.advance() }
    let student = try training.trained()
    // A world that it wasn't trained on.
    let world = try ClipGeneratorTests().world(frames: 16)
    func clip(_ network: JointTransformer, steps: Int) throws -> [Double] {
      let generator = ClipGenerator(
        pictures: VideoAutoencoderTests.awake(), sounds: SoundAutoencoder(SoundAutoencoderTests.small),
        shader: NeuralShaderTests.awake(), transformer: network)
      var options = ClipGenerator.Options()
      (options.steps, options.seed) = (steps, 5)
      var values: [Double] = []
      _ = try generator.generate(world, options: options) { frame in
        values += frame.pixels.flatMap { [Double($0.red), Double($0.green), Double($0.blue)] }
      }
      return values
    }
    let end = try clip(teacher, steps: 4)
    func distance(_ made: [Double]) -> Double { zip(made, end).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(end.count) }
    let (before, after) = (distance(try clip(teacher, steps: 1)), distance(try clip(student, steps: 1)))
    #expect(after < 0.7 * before, "\(before) to \(after)")
  }
}
