import Crypto
import Foundation

/// What a training leaves beside its weights: a model card to read and a page to look at.
///
/// The card (Mitchell et al. 2019) says how the weights were made and how good they are; the page has the curve of the loss and what
/// the network makes of samples that it never saw.
public struct TrainingRecord: Sendable {
  /// What was measured on the held-out samples: a row of texts for each thing measured, the first of which names it.
  public struct Table: Sendable {
    public var columns: [String]
    public var rows: [[String]]

    public init(columns: [String], rows: [[String]]) { (self.columns, self.rows) = (columns, rows) }
  }

  /// Of the network, such as "transformer".
  public var name: String
  /// Path of the weights, which are written already.
  public var weights: String
  /// As it was typed; of a training that was resumed the last.
  public var command: String
  public var schedule: TrainingSchedule
  public var parameterCount: Int
  public var data: SampleShards
  /// Of every step.
  public var losses: [Float]
  /// Of the last command alone.
  public var seconds: Double
  /// Nil where the data hold nothing out.
  public var heldOut: Table?
  public var pictures: [HeldOutPicture] = []

  public init(of training: Training<some TrainingObjective>, name: String, weights: String, command: String, seconds: Double) {
    (self.name, self.weights, self.command, self.seconds) = (name, weights, command, seconds)
    (schedule, losses, data) = (training.schedule, training.losses, training.objective.shards)
    parameterCount = training.parameterCount
  }

  /// `shader.safetensors` has its card in `shader.card.md` and its page in `shader.report.html`.
  public var cardPath: String { stem + ".card.md" }
  public var pagePath: String { stem + ".report.html" }

  private var stem: String {
    weights.hasSuffix(".safetensors") ? String(weights.dropLast(".safetensors".count)) : weights
  }

  /// Writes both, each whole or not at all.
  ///
  /// Throws `ReportError`, `MediaError` or `FileError`, and where the weights can't be read again.
  public func write() throws {
    let facts = try self.facts()
    try AtomicFile.write(Data(card(facts).utf8), to: cardPath)
    try EvaluationReport(self, facts: facts).write(asPage: pagePath)
  }

  // MARK: Facts

  /// Mean loss over the last steps, as many as there are up to `stretch`; nil where there was no step.
  public func lastLoss(over stretch: Int = 100) -> Double? { Self.mean(losses.suffix(stretch)) }

  static func mean(_ losses: some Collection<Float>) -> Double? {
    losses.isEmpty ? nil : losses.reduce(0) { $0 + Double($1) } / Double(losses.count)
  }

  /// What is told of the training, by name.
  private func facts() throws -> [EvaluationReport.Fact] {
    typealias Fact = EvaluationReport.Fact
    let bytes = try Data(contentsOf: URL(fileURLWithPath: weights), options: .alwaysMapped)
    let digest = SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
    func short(_ value: Double) -> String { String(format: "%.3g", value) }
    var facts = [
      Fact("weights", "\(URL(fileURLWithPath: weights).lastPathComponent), bfloat16"),
      Fact("parameters", "\(short(Double(parameterCount) / 1e6)) million"), Fact("sha256", digest),
      Fact("seed", "\(schedule.seed)"), Fact("steps", "\(losses.count) of \(schedule.steps)"),
      Fact("learning rate", "\(short(schedule.learningRate)), falling to \(short(schedule.lastLearningRate))"),
    ]
    let stretch = max(1, min(100, losses.count / 2))
    if let first = Self.mean(losses.prefix(stretch)), let last = lastLoss(over: stretch) {
      facts.append(
        Fact("loss, over \(stretch == 1 ? "a step" : "\(stretch) steps")", "\(short(first)) at first, \(short(last)) at last"))
    }
    facts += [
      Fact("time of the last command", "\(short(seconds)) s"),
      Fact("samples learnt from", "\(data.learnedCount)"), Fact("samples held out", "\(data.heldOutPlaces.count)"),
      Fact("shards", "\(data.paths.count)"), Fact("Mondo", Release.version),
    ]
    return facts
  }

  // MARK: Card

  private func card(_ facts: [EvaluationReport.Fact]) -> String {
    func row(_ cells: [String]) -> String {
      "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }
    var lines = ["# Mondo's \(name)", "", "Made by", "", "    \(command)", "", row(["", ""]), "|---|---|"]
    lines += facts.map { row([$0.name, $0.value]) }
    lines += ["", "## Measured on samples that training never saw", ""]
    if let heldOut {
      lines += [row(heldOut.columns), "|" + heldOut.columns.map { _ in "---" }.joined(separator: "|") + "|"]
      lines += heldOut.rows.map(row)
    } else {
      lines.append(Self.nothingHeldOut)
    }
    lines += ["", "## To be known", "", Self.caveat]
    return lines.joined(separator: "\n") + "\n"
  }

  static let nothingHeldOut = "Nothing: the data hold no sample out, for they have fewer than about 16."
  static let caveat =
    "The network has learnt from renders of simulated scenes and nothing else. Where a simulation tells it what moves, what it shows of "
    + "that is a rendering, not a prediction; without one it knows little of physics."
}
