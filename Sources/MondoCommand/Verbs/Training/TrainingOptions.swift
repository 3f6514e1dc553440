import ArgumentParser
import Foundation
import Mondo

/// How long a training goes on, and where it is kept.
struct TrainingOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("Folders of data sets, or shards.", valueName: "data"), completion: .file())
  var data: [String]

  @Option(name: [.short, .customLong("output")], help: ArgumentHelp("The weights.", valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("Measure these weights on the data's held-out samples instead of training.", valueName: "file"))
  var measure: String?

  @Option(help: ArgumentHelp("Begin with these weights instead of random ones.", valueName: "file"))
  var from: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Steps in all; the learning rate falls towards the last.", valueName: "n"))
  var steps: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The highest learning rate; the last falls with it. Default: as for random weights, which --from may not want to be "
        + "shaken by.",
      valueName: "rate"))
  var learningRate: Double?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Stop after so many minutes if the steps aren't done by then.", valueName: "n"))
  var minutes: Double?

  @Option(parsing: .unconditional, help: ArgumentHelp("Seed of the first weights, the order and the noise.", valueName: "n"))
  var seed: UInt64 = 0

  @Flag(help: "Go on from the state beside the weights; where none was kept yet, begin.")
  var resume = false

  func validate() throws {
    guard (output == nil) != (measure == nil) else { throw ValidationError("Give either -o or --measure.") }
    if measure != nil, from != nil || resume {
      throw ValidationError("--measure takes the weights as they are; --from and --resume are for training.")
    }
    if let steps, !(1...1_000_000_000).contains(steps) { throw ValidationError("--steps is from 1 to 10⁹, not \(steps).") }
    if let learningRate, !(learningRate > 0 && learningRate <= 1) {
      throw ValidationError("--learning-rate is over 0 and at most 1, not \(learningRate).")
    }
    if let minutes, !(minutes.isFinite && minutes > 0) { throw ValidationError("--minutes is positive, not \(minutes).") }
  }

  /// As it is usual for what is learnt, or as it is asked for.
  func schedule<Objective: TrainingObjective>(of objective: Objective.Type) -> TrainingSchedule {
    var schedule = Objective.schedule
    schedule.seed = seed
    if let steps { schedule.steps = steps }
    if let learningRate {
      schedule.lastLearningRate *= learningRate / schedule.learningRate
      schedule.learningRate = learningRate
    }
    return schedule
  }

  /// `video.safetensors` has its state in `video.state.safetensors`.
  static func statePath(of weights: String) -> String {
    let name = weights.hasSuffix(".safetensors") ? String(weights.dropLast(".safetensors".count)) : weights
    return name + ".state.safetensors"
  }
}
