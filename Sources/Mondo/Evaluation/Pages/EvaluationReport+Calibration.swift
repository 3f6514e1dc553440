import Foundation

extension EvaluationReport {
  /// The page of a judge's calibration.
  public init(_ document: CalibrationDocument) throws {
    let summary = document.summary
    let pages = CalibrationPage(summary)
    let clear = summary.informed.pairAccuracy[Severity.clear.rawValue]
    let alarms = summary.informed.falseAlarms
    let subline = [
      clear.map {
        "Beside the scene the judge tells \(CalibrationPage.percent($0)) of the clearly broken, held-out clips from their valid twins"
      },
      alarms.map {
        "calls \(CalibrationPage.percent($0.value)) of the valid ones implausible where \(CalibrationPage.percent(summary.alpha)) are promised"
      },
    ].compactMap { $0 }.joined(separator: ", and ")
    self.init(
      kicker: "Calibration of the judge", title: document.suite == "violations" ? "How far to trust a verdict" : document.suite,
      subline: subline.isEmpty ? document.about : subline + ".",
      facts: [
        Fact("pairs", "\(summary.informed.pairs)"), Fact("held out", "\(summary.informed.heldOutPairs)"),
        Fact("worlds", "\(summary.worlds)"), Fact("violations", "\(summary.informed.families.count)"),
        Fact("α", CalibrationPage.percent(summary.alpha)), Fact("suite", document.suite), Fact("Mondo", document.mondo),
      ], sections: pages.sections, json: try Self.text(document))
  }

  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}

/// The sections of a calibration's page.
private struct CalibrationPage {
  private let summary: CalibrationSummary

  init(_ summary: CalibrationSummary) { self.summary = summary }

  private typealias Cell = EvaluationReport.Table.Cell

  static func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }

  private var columns: [(name: String, judged: CalibrationSummary.Judgements)] {
    [
      ("beside the scene", summary.informed), ("the clip alone", summary.alone),
    ]
      + [("rendered, beside the scene", summary.renderedInformed), ("rendered, alone", summary.renderedAlone)].compactMap {
        name, judged in
        judged.map { (name, $0) }
      }
  }

  var sections: [EvaluationReport.Section] {
    var sections = [goals, families, severities, confusion]
    if !summary.informed.lawWidths.isEmpty { sections.append(widths) }
    if !summary.robustness.isEmpty { sections.append(robustness) }
    if !summary.baselines.isEmpty { sections.append(baselines) }
    sections.append(limits)
    return sections
  }

  // MARK: Goals

  /// A measure with the value that it ought to have.
  private struct Goal {
    var name: String
    var goal: String
    var value: (CalibrationSummary.Judgements) -> Double?
    var isMet: (Double) -> Bool
    var text: (Double) -> String = CalibrationPage.percent
  }

  private var goals: EvaluationReport.Section {
    func severity(_ table: [String: Double], _ severity: Severity) -> Double? { table[severity.rawValue] }
    let decimal = { (value: Double) in String(format: "%.3f", value) }
    let frames = { (value: Double) in String(format: "%.1f", value) }
    let alpha = summary.alpha
    let goals = [
      Goal(name: "pairs told right, clear", goal: "≥ 99.5 %") {
        severity($0.pairAccuracy, .clear)
      } isMet: {
        $0 >= 0.995
      },
      Goal(name: "of them, what needs no scene", goal: "≥ 99.5 %") {
        $0.toldAlone[Severity.clear.rawValue]?.pairAccuracy
      } isMet: {
        $0 >= 0.995
      },
      Goal(
        name: "AUROC, clear", goal: "≥ 0.999", value: { severity($0.areaUnderCurve, .clear) }, isMet: { $0 >= 0.999 },
        text: decimal),
      Goal(
        name: "AUROC, clear, what needs no scene", goal: "≥ 0.999",
        value: { $0.toldAlone[Severity.clear.rawValue]?.areaUnderCurve }, isMet: { $0 >= 0.999 }, text: decimal),
      Goal(
        name: "AUROC, slight", goal: "≥ 0.95", value: { severity($0.areaUnderCurve, .slight) }, isMet: { $0 >= 0.95 },
        text: decimal),
      Goal(name: "false alarms", goal: "\(Self.percent(0.7 * alpha))–\(Self.percent(1.3 * alpha))") {
        $0.falseAlarms?.value
      } isMet: {
        $0 >= 0.7 * alpha && $0 <= 1.3 * alpha
      },
      Goal(name: "intervals of g that hold it", goal: "93–97 %") {
        $0.gravityCoverage?.value
      } isMet: {
        (0.93...0.97).contains($0)
      },
      Goal(name: "onset off by, median", goal: "≤ 1 frame", value: { $0.delay.first }, isMet: { $0 <= 1 }, text: frames),
      Goal(name: "onset off by, 95 %", goal: "≤ 3 frames", value: { $0.delay.last }, isMet: { $0 <= 3 }, text: frames),
      Goal(
        name: "law named right, macro F1", goal: "≥ 0.95", value: { $0.confusion.macroF1 }, isMet: { $0 >= 0.95 }, text: decimal
      ),
      Goal(
        name: "calibration error, refitted", goal: "small", value: { $0.calibrationError.last }, isMet: { $0 <= 0.05 },
        text: decimal),
      Goal(name: "undetermined valid clips", goal: "few") {
        $0.undetermined?.value
      } isMet: {
        $0 < 0.2
      },
    ]
    let rows = goals.map { goal in
      [Cell(goal.name), Cell(goal.goal, tone: .quiet)]
        + columns.map { column in
          goal.value(column.judged).map { Cell(goal.text($0), tone: goal.isMet($0) ? .good : .bad) } ?? Cell("–", tone: .quiet)
        }
    }
    return .init(
      "What was promised, and what is kept",
      note:
        "Accuracy and AUROC are those of the held-out scene families and looks, over the violations that one of the judge's laws "
        + "speaks of. “Beside the scene” the judge knows view, scale, surroundings and depths, never the answer.",
      .table(.init(columns: ["measure", "goal"] + columns.map(\.name), rows: rows)))
  }

  // MARK: Families

  private var families: EvaluationReport.Section {
    let alone = Dictionary(
      summary.alone.families.map { ($0.violation, $0.accuracy[Severity.clear.rawValue]) }, uniquingKeysWith: { a, _ in a })
    func percent(_ share: Double?) -> Cell {
      share.map { Cell(String(format: "%.0f %%", 100 * $0)) } ?? Cell("", tone: .quiet)
    }
    let rows = summary.informed.families.map { row -> [Cell] in
      let clear = Severity.clear.rawValue
      var cells = [
        Cell(row.violation.replacing("-", with: " ")), Cell(row.law, tone: .quiet),
        Cell("\(row.pairs.values.reduce(0, +))", tone: .quiet),
      ]
      cells += Severity.allCases.map { severity in
        row.accuracy[severity.rawValue].map { share in
          Cell(String(format: "%.0f %%", 100 * share), tone: share >= 0.95 ? .good : share < 0.7 ? .bad : .plain, share: share)
        } ?? Cell("", tone: .quiet)
      }
      let note = row.isSpokenOf ? (row.isOpenWithoutScene ? "open without a scene" : "") : "no law yet"
      cells += [percent(row.found[clear]), percent(row.named[clear]), percent(alone[row.violation] ?? nil)]
      cells.append(Cell(note, tone: .quiet))
      return cells
    }
    return .init(
      "Violation by violation",
      note:
        "Share of pairs in which the broken twin scores lower, by severity (a coin gives 50 %); then, at clear severity, how often the "
        + "broken one is called implausible, and how often by the right law. Beside the scene; “alone” is clear pairs told right by the "
        + "clip alone, and what is open without a scene looks there as some lawful world does: other gravity from the first frame on, "
        + "one body behind the other, a hollow or a slope in the ground, a noise from beyond the picture.",
      .table(
        .init(
          columns: ["violation", "law", "pairs"] + Severity.allCases.map(\.rawValue) + ["found", "named", "alone", ""],
          rows: rows)))
  }

  private var severities: EvaluationReport.Section {
    let labels = Severity.allCases.map(\.rawValue)
    let series = columns.map { column in
      EvaluationReport.Bars.Series(
        column.name, values: labels.map { column.judged.found[$0]?.value },
        errors: labels.map { label in column.judged.found[label].map { $0.ci95[0]...$0.ci95[1] } })
    }
    return .init(
      "How much is found", note: "Share of held-out broken clips that are called implausible, with 95 % intervals.",
      .bars(.init(labels: labels, series: series)))
  }

  private var confusion: EvaluationReport.Section {
    let matrix = summary.informed.confusion
    return .init(
      "Which law is named for which", note: "Clear and gross violations, beside the scene. Shades are shares of the row.",
      .matrix(.init(rows: matrix.laws, columns: matrix.named, counts: matrix.counts, rowTitle: "broken", columnTitle: "named")))
  }

  // MARK: The rest

  private var robustness: EvaluationReport.Section {
    .init(
      "The same world, filmed otherwise",
      note: "How far the score of a valid world moves when only size, rate, roll, shake or coding change. Goal: at most 0.03.",
      .table(
        .init(
          columns: [
            "filmed otherwise", "clips", "score moves by", "95 %", "verdicts changed", "now undetermined", "now implausible",
          ],
          rows: summary.robustness.map { row in
            [
              Cell(row.variant), Cell("\(row.clips)", tone: .quiet),
              Cell(String(format: "%.3f", row.change[0]), tone: row.change[0] <= 0.03 ? .good : .bad),
              Cell(String(format: "%.3f", row.change[1])),
              Cell("\(row.verdictsChanged)"), Cell("\(row.nowUndetermined)"),
              Cell("\(row.nowImplausible)", tone: row.nowImplausible == 0 ? .plain : .bad),
            ]
          })))
  }

  private var widths: EvaluationReport.Section {
    let interval = summary.informed.gravityIntervalScale.map {
      " The intervals of g would be scaled by \(String(format: "%.2f", $0)) to hold 95 % of the training split."
    }
    return .init(
      "How wide the laws' bounds are",
      note:
        "Valid clips of the training split alone, beside the scene: the share that a law fails at α, and by what its standard deviations "
        + "would have to be scaled to fail just that share. At 1 or less they are wide enough; laws whose tests are one-sided lie far below."
        + (interval ?? ""),
      .table(
        .init(
          columns: ["law", "clips", "below α", "widths ×"],
          rows: summary.informed.lawWidths.map { row in
            [
              Cell(row.law), Cell("\(row.clips)", tone: .quiet), Cell(row.failed.map { Self.percent($0.value) } ?? ""),
              Cell(String(format: "%.2f", row.scale), tone: row.scale > 1.05 ? .bad : .plain),
            ]
          })))
  }

  private var baselines: EvaluationReport.Section {
    .init(
      "What should never pass", note: "Rendered clips spoiled: what scores as plausible here would do so anywhere.",
      .table(
        .init(
          columns: ["baseline", "clips", "score", "plausible", "implausible", "undetermined"],
          rows: summary.baselines.map { row in
            [
              Cell(row.baseline.rawValue), Cell("\(row.clips)", tone: .quiet),
              Cell(String(format: "%.2f", row.meanScore), share: row.meanScore),
            ]
              + ["plausible", "implausible", "undetermined"].map { verdict in
                let count = row.verdicts[verdict] ?? 0
                return Cell("\(count)", tone: verdict == "plausible" && count > 0 && row.baseline != .slow ? .bad : .plain)
              }
          })))
  }

  private var limits: EvaluationReport.Section {
    var items = [
      "The simulated tracker leaves out what pictures add: shadows, reflections, blur, coding, look-alikes. It measures the laws; the rendered "
        + "clips measure the whole.",
      "Calibration numbers (a bound, a logistic map and the width of the intervals of g) are fitted on the other scene families and looks "
        + "than those they are measured on. Some of the laws' widths were once set by hand while runs with held-out worlds were looked at; "
        + "the table of widths holds them against the training split alone.",
    ]
    if !summary.unseenFamilies.isEmpty {
      items.append(
        "No law of the judge speaks of: \(summary.unseenFamilies.map { $0.replacing("-", with: " ") }.joined(separator: ", ")). Their rows show it."
      )
    }
    return .init("What these numbers do not say", .list(items))
  }
}
