import Mondo

extension CalibrationSummary {
  /// What `evaluate` prints of a suite of violations.
  var text: String {
    var parts = [Self.text(informed, title: "Simulated tracker, beside the scene", alpha: alpha)]
    parts.append(Self.text(alone, title: "Simulated tracker, the clip alone", alpha: alpha))
    if let renderedInformed {
      parts.append(Self.text(renderedInformed, title: "Rendered clips, beside the scene", alpha: alpha))
    }
    if let renderedAlone { parts.append(Self.text(renderedAlone, title: "Rendered clips, the clip alone", alpha: alpha)) }
    parts.append(familyTable)
    if !informed.lawWidths.isEmpty { parts.append(widthTable) }
    if !robustness.isEmpty { parts.append(robustnessTable) }
    if !baselines.isEmpty { parts.append(baselineTable) }
    if !unseenFamilies.isEmpty {
      parts.append("No law of the judge speaks of: \(unseenFamilies.joined(separator: ", ")).".emphasized(.faint))
    }
    return parts.joined(separator: "\n\n")
  }

  private static func text(_ judged: Judgements, title: String, alpha: Double) -> String {
    var lines = [title.emphasized(.strong) + "  \(judged.pairs) pairs, \(judged.heldOutPairs) held out".emphasized(.faint)]
    func line(_ name: String, _ value: String?) {
      guard let value else { return }
      lines.append("  " + name + String(repeating: " ", count: max(1, 34 - name.count)) + value)
    }
    for severity in Severity.allCases {
      let key = severity.rawValue
      guard let accuracy = judged.pairAccuracy[key] else { continue }
      line(
        "\(key): pairs right, AUROC, found",
        [
          percent(accuracy), judged.areaUnderCurve[key].map { Numbers.fixed($0, 4) } ?? "–",
          judged.found[key].map { percent($0.value) } ?? "–",
        ]
        .joined(separator: "  "))
    }
    if let told = judged.toldAlone[Severity.clear.rawValue] {
      line(
        "  clear, what needs no scene",
        percent(told.pairAccuracy) + "  " + (told.areaUnderCurve.map { Numbers.fixed($0, 4) } ?? "–"))
    }
    line("false alarms at α = \(Numbers.short(alpha))", judged.falseAlarms.map(interval))
    line("  of them held out", judged.heldOutFalseAlarms.map(interval))
    line("  at the fitted bound", judged.falseAlarmsAtFittedBound.map(interval))
    line("undetermined valid clips", judged.undetermined.map(interval))
    line("gravity's 95 % intervals hold it", judged.gravityCoverage.map(interval))
    line(
      "  scale that 95 % of training asks", judged.gravityIntervalScale.map { Numbers.fixed($0, 2) })
    line("gravity's median error", judged.gravityError.map(percent))
    line(
      "onset off by, median and 95 %",
      judged.delay.count == 2 ? judged.delay.map { "\(Numbers.fixed($0, 1))" }.joined(separator: "  ") + " frames" : nil)
    line("law named right, macro F1", judged.confusion.macroF1.map { Numbers.fixed($0, 3) })
    line(
      "calibration error, refitted",
      judged.calibrationError.count == 2 ? judged.calibrationError.map { Numbers.fixed($0, 3) }.joined(separator: "  ") : nil)
    return lines.joined(separator: "\n")
  }

  private var familyTable: String {
    var table = TextTable([
      ("violation", .left), ("law", .left), ("pairs", .right), ("slight", .right), ("clear", .right), ("gross", .right),
      ("found", .right), ("named", .right), ("alone", .right), ("", .left),
    ])
    let single = Dictionary(alone.families.map { ($0.violation, $0.accuracy["clear"]) }, uniquingKeysWith: { a, _ in a })
    for row in informed.families {
      let note = row.isSpokenOf ? (row.isOpenWithoutScene ? "open without a scene" : "") : "no law yet"
      let clear = [row.found["clear"], row.named["clear"], single[row.violation] ?? nil]
      table.add(
        [row.violation, row.law, "\(row.pairs.values.reduce(0, +))"]
          + Severity.allCases.map { row.accuracy[$0.rawValue].map(Self.percent) ?? "" }
          + clear.map { $0.map(Self.percent) ?? "" } + [note])
    }
    return "Pairs told right by severity; found and named right, and pairs told by the clip alone, at clear severity\n"
      + table.formatted()
  }

  private var widthTable: String {
    var table = TextTable([("law", .left), ("clips", .right), ("below α", .right), ("widths ×", .right)])
    for row in informed.lawWidths {
      table.add([
        row.law, "\(row.clips)", row.failed.map { Self.percent($0.value) } ?? "", Numbers.fixed(row.scale, 2),
      ])
    }
    return "Valid clips of the training split: what each law's widths would be scaled by to fail the share α of them\n"
      + table.formatted()
  }

  private var robustnessTable: String {
    var table = TextTable([
      ("filmed otherwise", .left), ("clips", .right), ("score moves by", .right), ("95 %", .right),
      ("verdicts changed", .right), ("now undetermined", .right), ("now implausible", .right),
    ])
    for row in robustness {
      table.add([
        row.variant, "\(row.clips)", Numbers.fixed(row.change[0], 3), Numbers.fixed(row.change[1], 3), "\(row.verdictsChanged)",
        "\(row.nowUndetermined)", "\(row.nowImplausible)",
      ])
    }
    return table.formatted()
  }

  private var baselineTable: String {
    var table = TextTable([("baseline", .left), ("clips", .right), ("score", .right), ("verdicts", .left)])
    for row in baselines {
      let verdicts = row.verdicts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
      table.add([row.baseline.rawValue, "\(row.clips)", Numbers.fixed(row.meanScore, 3), verdicts])
    }
    return table.formatted()
  }

  private static func percent(_ share: Double) -> String { Numbers.fixed(100 * share, 1) + " %" }

  private static func interval(_ share: Share) -> String {
    "\(percent(share.value))  [\(Numbers.fixed(100 * share.ci95[0], 1)), \(Numbers.fixed(100 * share.ci95[1], 1))]  of \(share.count)"
  }
}
