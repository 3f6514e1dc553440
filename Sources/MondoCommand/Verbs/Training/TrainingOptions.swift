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

  @Flag(help: "Go on from the state beside the weights.")
  var resume = false

  func validate() throws {
    guard (output == nil) != (measure == nil) else { throw ValidationError("Give either -o or --measure.") }
    if from != nil, resume || measure != nil {
      throw ValidationError("--from begins a training; --resume and --measure take the weights that are there.")
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

/// Steps until the end, the time or the user says stop.
struct TrainingLoop {
  let options: TrainingOptions
  let quiet: Bool

  /// Trains what was asked for; nil where weights are measured only.
  func run<Objective: TrainingObjective>(_ objective: () throws -> Objective) throws -> Outcome? {
    try options.output.map { try run(Training(objective(), options.schedule(of: Objective.self)), to: $0) }
  }

  struct Outcome: Encodable {
    var weights: String
    var steps: Int
    var seconds: Double
    /// Mean over the last 100 steps; nil where all were done before.
    var loss: Double?
  }

  private static let secondsBetweenStates = 60.0

  /// Runs the training and writes its weights.
  private func run(_ training: Training<some TrainingObjective>, to output: String) throws -> Outcome {
    let state = TrainingOptions.statePath(of: output)
    if options.resume {
      try training.resume(from: state)
    } else if FileManager.default.fileExists(atPath: state) {
      throw WeightsError.begun(path: state)
    } else if let from = options.from {
      try training.begin(from: from)
    }
    let line = ProgressLine("training", quiet: quiet)
    let (first, total) = (training.step, training.stepCount)
    var (kept, losses) = (0.0, [Double]())
    do {
      defer { line.finish() }
      while training.step < total, line.elapsed < (options.minutes ?? .infinity) * 60 {
        losses = losses.suffix(99) + [try training.advance()]
        let loss = losses.reduce(0, +) / Double(losses.count)
        guard loss.isFinite else { throw TrainingFailure.diverged(step: training.step) }
        line.show(
          Double(training.step - first), of: Double(total - first), "step \(training.step)  loss \(Numbers.short(loss))"
        ) {
          "\(Numbers.short($0 / $1, digits: 2)) steps/s"
        }
        if line.elapsed - kept > Self.secondsBetweenStates {
          try training.writeState(to: state)
          kept = line.elapsed
        }
        try Interruption.check()
      }
    } catch let request as Interruption.Requested {
      try training.writeState(to: state)
      throw Interruption.Requested(
        signal: request.signal,
        remark: "step \(training.step) of \(total) is kept; the same command with --resume goes on from there")
    }
    try training.writeState(to: state)
    try training.writeWeights(to: output)
    let loss = losses.isEmpty ? nil : losses.reduce(0, +) / Double(losses.count)
    return Outcome(weights: output, steps: training.step, seconds: line.elapsed, loss: loss)
  }
}

/// A training came to no good end.
enum TrainingFailure: Error, CustomStringConvertible {
  case diverged(step: Int)

  var description: String {
    switch self {
    case .diverged(let step): "the loss is no finite number at step \(step); begin anew with another seed or more data"
    }
  }
}
