import NeuralNetworks
public import Tensors

/// What the joint transformer learns: the clean latents of noised ones (flow matching, Lipman et al. 2023), on stretches of a
/// data set's clips.
///
/// The error counts 1/(1 − t)² with 1 − t ≥ 0.4: the velocity's would count as much near the noise, where pictures are decided,
/// and more near the data, where what is left to tell is finer than a token can carry.
public final class FlowMatching: TrainingObjective {
  public struct Settings: Sendable, Equatable, Codable {
    /// Stretches of a step, each from another clip.
    package var stretches = 2
    package var soundWeight = 1.0
    package var questions = FlowQuestions.Settings()

    public init() {}
  }

  public static let schedule = TrainingSchedule(steps: 10_000, learningRate: 6e-4, lastLearningRate: 1.2e-5)

  public let settings: Settings
  public let configuration: JointTransformer.Configuration
  private let questions: FlowQuestions

  /// - Parameters:
  ///   - clips: of the data, as latents of two autoencoders, which stay as they are.
  ///   - configuration: its latents' widths are the autoencoders'.
  public init(
    on clips: ConditionedClips, _ settings: Settings = Settings(),
    network configuration: JointTransformer.Configuration = .init()
  ) {
    (self.settings, self.configuration) = (settings, clips.fitting(configuration))
    questions = FlowQuestions(clips, settings.questions)
  }

  public var shards: SampleShards { questions.clips.shards }

  public func prepare(_ network: inout JointTransformer, isBegun: Bool, seed: UInt64) throws {
    try questions.clips.measure(&network.residual, seed: seed)
  }

  public func loss(at step: TrainingStep, of network: JointTransformer) throws -> (JointTransformer) -> Tensor {
    let drawn = try step.samples(settings.stretches).map { try questions.question($0, seed: step.seed, for: network) }
    let soundWeight = settings.soundWeight
    return { network in
      let losses = drawn.map { Self.loss(of: network, on: $0, soundWeight: soundWeight) }
      return losses.dropFirst().reduce(losses[0]) { $0 + $1 } / Double(losses.count)
    }
  }

  /// Of one question.
  package static func loss(of network: JointTransformer, on question: FlowQuestion, soundWeight: Double) -> Tensor {
    let rest = max(1 - question.t, leastRest)
    let predicted = network(question.noised, t: question.t, question.given)
    return question.loss(of: predicted, to: question.answer, soundWeight: soundWeight) / (rest * rest)
  }

  private static let leastRest = 0.4
}
