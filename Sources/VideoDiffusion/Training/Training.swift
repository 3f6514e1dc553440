import NeuralNetworks
import Tensors

/// A training that goes step by step, can be put away at any of them, and taken up again without a trace.
///
/// Step n's batch and noise are functions of the seed and n, so that training cut off and resumed is training that never
/// stopped, bit for bit. For one task at a time.
public final class Training<Objective: TrainingObjective> {
  public let objective: Objective
  public let schedule: TrainingSchedule
  private var state: TrainingState<Objective.Network>
  private var isBegun = false
  private var isComplete = false
  private let learningRates: LearningRateSchedule

  public init(_ objective: Objective, _ schedule: TrainingSchedule = Objective.schedule) {
    self.objective = objective
    self.schedule = schedule
    state = TrainingState(
      Objective.Network(objective.configuration, seed: schedule.seed).converted(to: .bfloat16))
    learningRates = LearningRateSchedule(
      peak: schedule.learningRate, warmup: min(Self.longestRise, schedule.steps / 10),
      fall: (schedule.steps, schedule.lastLearningRate))
  }

  /// Steps over which the learning rate rises, at most.
  private static var longestRise: Int { 200 }

  /// Steps taken, and steps in all.
  public var step: Int { state.step }
  public var stepCount: Int { schedule.steps }
  /// Of every step taken, those before a resumption as well.
  public var losses: [Float] { state.losses }
  /// Numbers that are learnt.
  public var parameterCount: Int { state.network.parameterCount }

  /// Takes a step; returns its loss. Throws where the data can't be read.
  public func advance() throws -> Double {
    if state.step == 0 {
      try state.prepare { try objective.prepare(&$0, isBegun: isBegun, seed: schedule.seed) }
    }
    if !isComplete { state.prepare { objective.complete(&$0) } }
    isComplete = true
    let loss = try objective.loss(at: TrainingStep(number: state.step, seed: schedule.seed), of: state.network)
    return state.advance(learningRate: learningRates.rate(at: state.step), loss)
  }

  /// The averaged network, ready for use.
  public func trained() throws -> Objective.Network { try objective.finished(state.averaged, seed: schedule.seed) }

  // MARK: files

  /// What two trainings have in common that give the same weights on the same data.
  private struct Card: Codable {
    var objective: Objective.Settings
    var schedule: TrainingSchedule
  }

  private var card: Card { Card(objective: objective.settings, schedule: schedule) }

  /// Before the first step: takes the parameters of a network of the same configuration instead of random ones. Throws where
  /// they are of another.
  public func begin(from path: String) throws(WeightsError) {
    try state.begin(from: path)
    isBegun = true
  }

  /// Goes on from a state that was written. Throws where it is of another training.
  public func resume(from path: String) throws(WeightsError) { try state.resume(from: path, settings: card) }

  /// Writes all that is needed to go on; an earlier state stays until this one is whole.
  public func writeState(to path: String) throws { try state.write(to: path, settings: card) }

  /// Writes what was learnt, for use.
  public func writeWeights(to path: String) throws {
    try state.write(try trained(), to: path, settings: card, samples: objective.shards)
  }
}
