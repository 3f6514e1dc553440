import Foundation
import Mondo

/// What all trainings have in common: a network learns, is measured on the samples held out, and leaves a card and a page.
struct TrainingWork {
  /// Of the network, such as "transformer".
  let name: String
  let options: TrainingOptions
  let output: OutputOptions

  /// - Parameters:
  ///   - objective: what is learnt; asked for where something is.
  ///   - measure: given the weights, a taker of pictures and one of progress, what is told of them on the held-out samples.
  ///   - table: the same to be read.
  func run<Report: Encodable>(
    _ objective: () throws -> some TrainingObjective,
    measuring measure: (String, HeldOutGallery, (Int, Int) throws -> Void) throws -> Report,
    as table: (Report) -> TrainingRecord.Table
  ) throws {
    let shards = try SampleShards(options.data)
    var record = try options.output.map { try train(objective(), to: $0) }
    var report: Report?
    // Small data hold nothing out; then there is nothing to be measured, unless that is all that was asked for.
    if record == nil || !shards.heldOutPlaces.isEmpty {
      let line = ProgressLine("measuring", quiet: output.quiet)
      defer { line.finish() }
      report = try measure(options.output ?? options.measure!, { record?.pictures.append($0) }) { done, total in
        try Interruption.check()
        line.show(Double(done), of: Double(total), "clip \(done + 1) of \(total)") {
          "\(Numbers.short($0 / $1, digits: 2)) clips/s"
        }
      }
    }
    record?.heldOut = report.map(table)
    try record?.write()
    if output.json {
      try output.print(Outcome(training: record.map { Outcome.Training($0) }, heldOut: report))
    }
    try output.summarize(Self.summary(record, report.map(table)))
  }

  private func train(_ objective: some TrainingObjective, to weights: String) throws -> TrainingRecord {
    let training = Training(objective, options.schedule(of: type(of: objective)))
    let seconds = try TrainingLoop(options: options, quiet: output.quiet).run(training, to: weights)
    return TrainingRecord(of: training, name: name, weights: weights, command: Self.command, seconds: seconds)
  }

  /// As a shell would take it again.
  private static var command: String {
    let words = CommandLine.arguments.dropFirst().map { word in
      word.contains { !($0.isLetter || $0.isNumber || "-_./=:,+".contains($0)) } || word.isEmpty
        ? "'" + word.replacing("'", with: "'\\''") + "'" : word
    }
    return (["mondo"] + words).joined(separator: " ")
  }

  private struct Outcome<Report: Encodable>: Encodable {
    struct Training: Encodable {
      var weights: String
      var card: String
      var report: String
      var steps: Int
      var seconds: Double
      /// Mean over the last 100 steps; nil where none was taken.
      var loss: Double?

      init(_ record: TrainingRecord) {
        (weights, card, report) = (record.weights, record.cardPath, record.pagePath)
        (steps, seconds, loss) = (record.losses.count, record.seconds, record.lastLoss())
      }
    }
    var training: Training?
    /// nil where the data hold nothing out.
    var heldOut: Report?
  }

  private static func summary(_ record: TrainingRecord?, _ table: TrainingRecord.Table?) -> String {
    var lines: [String] = []
    if let record {
      let facts =
        [Numbers.count(record.losses.count, "step")] + (record.lastLoss().map { ["loss \(Numbers.short($0))"] } ?? [])
        + ["\(Numbers.short(record.seconds, digits: 3)) s"]
      lines.append(record.weights.emphasized(.strong) + "  " + facts.joined(separator: ", ").emphasized(.faint))
      lines.append("card".emphasized(.faint) + "    " + record.cardPath)
      lines.append("report".emphasized(.faint) + "  " + record.pagePath)
    }
    if let table {
      var text = TextTable(table.columns.enumerated().map { ($1, $0 == 0 ? .left : .right) })
      for row in table.rows { text.add(row) }
      lines.append(text.formatted())
    } else {
      lines.append("nothing was held out to be measured: the data have fewer than about 16 samples".emphasized(.faint))
    }
    return lines.joined(separator: "\n")
  }
}
