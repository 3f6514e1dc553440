import Foundation
import Mondo

/// Steps until the end, the time or the user says stop.
struct TrainingLoop {
  let options: TrainingOptions
  let quiet: Bool

  private static let secondsBetweenStates = 60.0

  /// Runs the training and writes its weights; returns the seconds it took.
  func run(_ training: Training<some TrainingObjective>, to output: String) throws -> Double {
    let state = TrainingOptions.statePath(of: output)
    if FileManager.default.fileExists(atPath: state) {
      guard options.resume else { throw WeightsError.begun(path: state) }
      try training.resume(from: state)
    } else {
      // Killed in its first minute, a training has left nothing.
      if options.resume, !quiet { remark("no state is kept at \(state): the training begins at its first step") }
      if let from = options.from { try training.begin(from: from) }
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
    return line.elapsed
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
