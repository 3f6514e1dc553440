import Foundation
import NeuralNetworks
import Tensors
import Testing
import VideoDiffusion
import WorldCore

/// The small networks together, as they are trained and used.
@Suite struct GenerationTests {
  private static var clips: ConditionedClips {
    ConditionedClips(
      TestData.shards, pictures: VideoAutoencoderTests.awake(), sounds: SoundAutoencoder(SoundAutoencoderTests.small),
      shader: NeuralShaderTests.awake())
  }

  private static func training(steps: Int) -> Training<FlowMatching> {
    var settings = FlowMatching.Settings()
    (settings.stretches, settings.questions.times) = (1, 1)
    var network = JointTransformer.Configuration()
    (network.width, network.heads, network.depth) = (32, 2, 1)
    var schedule = FlowMatching.schedule
    schedule.steps = steps
    return Training(FlowMatching(on: clips, settings, network: network), schedule)
  }

  private static func training(of teacher: JointTransformer, steps: Int) -> Training<Distillation> {
    var settings = Distillation.Settings()
    (settings.questions.times, settings.teacherSteps) = (1, 4)
    var schedule = Distillation.schedule
    (schedule.steps, schedule.learningRate) = (steps, 2e-3)
    return Training(Distillation(of: teacher, on: clips, settings), schedule)
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
    try Self.resume { Self.training(steps: 8) }
    let teacher = Self.teacher()
    try Self.resume { Self.training(of: teacher, steps: 8) }
  }

  private static func resume(_ training: () -> Training<some TrainingObjective>) throws {
    let (state, weights, others) = (temporaryPath(), temporaryPath(), temporaryPath())
    defer { for path in [state, weights, others] { try? FileManager.default.removeItem(atPath: path) } }
    let whole = training()
    for _ in 0..<4 { _ = try whole.advance() }
    try whole.writeState(to: state)
    let losses = try (0..<4).map { _ in try whole.advance() }
    #expect(losses.allSatisfy { $0.isFinite && $0 > 0 })
    let resumed = training()
    try resumed.resume(from: state)
    #expect(try (0..<4).map { _ in try resumed.advance() } == losses)
    for (training, path) in [(whole, weights), (resumed, others)] { try training.writeWeights(to: path) }
    #expect(try Data(contentsOf: URL(filePath: weights)) == Data(contentsOf: URL(filePath: others)))
  }

  @Test("a student's jump comes nearer to where its teacher's path ends")
  func distilling() throws {
    let teacher = Self.teacher()
    let training = Self.training(of: teacher, steps: 120)
    let losses = try (0..<120).map { _ in try training.advance() }
    let (first, last) = (losses[..<20].reduce(0, +), losses[100...].reduce(0, +))
    #expect(last < 0.7 * first, "\(first / 20) to \(last / 20)")
  }
}
