import Mondo

extension ScoreDocument: Presentable {
  /// The verdict, a table of laws, what was violated when, and the limits.
  var text: String {
    let tint: Emphasis = verdict == .plausible ? .good : verdict == .implausible ? .bad : .strong
    let facts = [
      "\(clip.size[0])×\(clip.size[1])", Numbers.count(clip.frames, "frame"), "\(Numbers.short(clip.fps)) fps",
      Numbers.count(tracks.count, "track"),
    ]
    var sections = [
      "\(verdict.rawValue.emphasized(tint))  \(Numbers.fixed(score, 3))\n"
        + "\(clip.file)  \(facts.joined(separator: ", "))".emphasized(.faint)
    ]
    let applied = laws.filter(\.applies)
    if !applied.isEmpty { sections.append(table(of: applied)) }
    let violations = applied.flatMap { law in law.violations.map { (law.law, $0) } }
    if !violations.isEmpty {
      sections.append(
        violations.map { law, violation in
          let span = "\(Numbers.fixed(violation.from, 2))–\(Numbers.fixed(violation.to, 2)) s"
          return "  \(span)  \(law): \(violation.what) (\(Numbers.short(violation.sigma, digits: 2)) σ)"
        }.joined(separator: "\n"))
    }
    if let reference, !reference.isEmpty {
      var metrics = TextTable([("beside the scene", .left), ("", .right), ("", .left)])
      for (name, value) in reference.sorted(by: { $0.key < $1.key }) {
        metrics.add([name, Numbers.short(value), Self.unit(ofMetric: name)])
      }
      sections.append(metrics.formatted())
    }
    if !limits.isEmpty { sections.append(limits.map { "  \($0)".emphasized(.faint) }.joined(separator: "\n")) }
    return sections.joined(separator: "\n\n")
  }

  /// What a reference metric is measured in; nothing of shares and of what a scene's own value is.
  private static func unit(ofMetric name: String) -> String {
    if name == "velocity_error" { return "m/s" }
    let units = ["_px": "px", "_ms": "ms", "_sigma": "σ"]
    return units.first { name.hasSuffix($0.key) }?.value ?? ""
  }

  private func table(of laws: [LawFinding]) -> String {
    var table = TextTable([
      ("law", .left), ("track", .right), ("score", .right), ("p", .right), ("estimate", .right), ("95 % interval", .left),
    ])
    for law in laws {
      let estimate = law.estimate.map { Numbers.with($0.unit, $0.value) } ?? ""
      let interval = law.estimate.map { "\(Numbers.short($0.ci95[0])) … \(Numbers.short($0.ci95[1]))" } ?? ""
      table.add([
        law.law, law.track.map(String.init) ?? "", law.score.map { Numbers.fixed($0, 3) } ?? "",
        law.pValue.map { Numbers.short($0, digits: 2) } ?? "", estimate, interval,
      ])
    }
    return table.formatted()
  }
}
