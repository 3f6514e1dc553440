import Foundation

extension EvaluationReport {
  /// The page of a training.
  init(_ record: TrainingRecord, facts: [Fact]) throws {
    typealias Cell = EvaluationReport.Table.Cell
    var sections: [Section] = []
    if !record.losses.isEmpty {
      sections.append(
        Section(
          "Loss", note: "Every step's, and its mean over a hundredth of them all.", .curves(Self.curves(of: record.losses))))
    }
    if let table = record.heldOut {
      let rows = table.rows.map { $0.map { Cell($0) } }
      sections.append(
        Section("Measured on samples that training never saw", .table(Table(columns: table.columns, rows: rows))))
    }
    if !record.pictures.isEmpty {
      sections.append(
        Section(
          "What it makes of them", note: "A clip's middle frame; of sound the spectrogram, up to 12 kHz.",
          .pictures(Self.rows(of: record.pictures))))
    }
    sections.append(
      Section(
        "How it was made",
        .list([record.command] + (record.heldOut == nil ? [TrainingRecord.nothingHeldOut] : []) + [TrainingRecord.caveat])))
    let shown = facts.filter { $0.name != "sha256" }
    self.init(
      kicker: "Training", title: "Mondo's \(record.name)",
      subline: record.lastLoss().map { "After \(record.losses.count) steps the loss is \(String(format: "%.3g", $0))." } ?? "",
      facts: shown, sections: sections, json: try Self.text(Document(record, facts)),
      remark: "The same command on the same data gives the same weights.")
  }

  /// A row for each clip's pictures and one for its sounds, in the order of the clips.
  private static func rows(of pictures: [HeldOutPicture]) -> [Row] {
    var rows: [Row] = []
    for picture in pictures.filter({ !$0.isSound }) + pictures.filter(\.isSound) {
      let title = picture.clip + (picture.isSound ? ", sound" : "")
      if rows.last?.title != title { rows.append(Row(title, [])) }
      rows[rows.count - 1].pictures.append((picture.label, picture.image))
    }
    return rows
  }

  /// Lines thin enough to be drawn: at most so many points.
  private static let mostPoints = 1000

  private static func curves(of losses: [Float]) -> Curves {
    Curves(
      [
        Curves.Line("mean", points: means(of: losses, over: max(1, losses.count / 100))),
        Curves.Line("steps", points: means(of: losses, over: thinning(losses)), isFaint: true),
      ], across: "step", upwards: "loss", isLogarithmic: losses.allSatisfy { $0 > 0 })
  }

  /// Steps that are one point of a line.
  private static func thinning(_ losses: [Float]) -> Int { max(1, (losses.count + mostPoints - 1) / mostPoints) }

  /// Mean losses over stretches of so many steps, at the middles of these.
  private static func means(of losses: [Float], over stretch: Int) -> [SIMD2<Double>] {
    stride(from: 0, to: losses.count, by: stretch).map { start in
      let part = losses[start..<min(start + stretch, losses.count)]
      return SIMD2(Double(start) + Double(part.count + 1) / 2, TrainingRecord.mean(part)!)
    }
  }

  private struct Document: Encodable {
    var name: String, command: String, facts: [String: String]
    /// Means over so many steps each.
    var losses: [Double], steps_per_loss: Int
    var held_out: [[String]]?

    init(_ record: TrainingRecord, _ facts: [Fact]) {
      (name, command, steps_per_loss) = (record.name, record.command, thinning(record.losses))
      losses = means(of: record.losses, over: steps_per_loss).map(\.y)
      self.facts = Dictionary(facts.map { ($0.name, $0.value) }) { $1 }
      held_out = record.heldOut.map { [$0.columns] + $0.rows }
    }
  }
}
