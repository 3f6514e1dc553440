import Foundation

extension EvaluationReport {
  /// Clips that the page shows, the worst first.
  private static let shownClips = 6

  /// The page of a generator's suite.
  ///
  /// - Parameter clips: the folder that a clip is sought in by its file's name before it is at its own path.
  /// - Throws: `MediaError`, `TrackingError` where a clip that is to be shown can't be read.
  public init(_ document: ClipEvaluationDocument, clips: String) throws {
    let page = ClipPage(document)
    let own = document.results.filter { $0.baseline == nil }.sorted { $0.document.score < $1.document.score }
    let shown = try own.prefix(Self.shownClips).map { result -> Clip in
      let there = clips + "/" + (result.clip.split(separator: "/").last.map { "\($0)" } ?? result.clip)
      let path = FileManager.default.fileExists(atPath: there) ? there : result.clip
      // Followed again: a report of results keeps no tracks.
      let seen = try Judge().score(clip: path).seen
      return Clip(
        path: path,
        title: "\(result.name.replacing("-", with: " ")), seed \(result.seed)"
          + (document.rows.count(where: { !$0.isBaseline }) > 1 ? ", \(result.generator)" : ""), document: result.document,
        tracks: seen.tracks)
    }
    let first = document.rows.first { !$0.isBaseline }
    let generators = document.rows.filter { !$0.isBaseline }
    self.init(
      kicker: "Evaluation of \(generators.count > 1 ? "\(generators.count) generators" : document.generator)",
      title: document.suite.replacing("-", with: " ").capitalizedFirst, subline: document.about,
      facts: [
        Fact("generator", document.generator), Fact("clips", "\(own.count)"),
        Fact("score", first.map { ClipPage.text($0.score, "%.2f") } ?? "–"), Fact("suite", document.suite),
        Fact("Mondo", document.mondo),
      ],
      sections: page.sections + (shown.isEmpty ? [] : [page.gallery(Array(shown), of: own.count)]) + [page.limits],
      json: try Self.text(document))
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

/// The sections of a generator's page.
private struct ClipPage {
  private let document: ClipEvaluationDocument

  init(_ document: ClipEvaluationDocument) { self.document = document }

  private typealias Cell = EvaluationReport.Table.Cell
  private typealias Row = ClipEvaluationDocument.Row

  static func text(_ mean: ClipEvaluationDocument.Mean, _ format: String) -> String {
    rounded(mean.value, format) + (mean.count > 1 ? " ± " + rounded(mean.error, format) : "")
  }

  /// No minus before a zero.
  private static func rounded(_ value: Double, _ format: String) -> String {
    let text = String(format: format, value)
    return text.contains { "123456789".contains($0) } ? text : text.replacing("-", with: "")
  }

  var sections: [EvaluationReport.Section] {
    [leaderboard] + (failures.map { [$0] } ?? []) + [scores] + (laws.map { [$0] } ?? []) + (confusion.map { [$0] } ?? [])
  }

  private var leaderboard: EvaluationReport.Section {
    let shown = ClipMetric.all.filter { metric in
      metric.isOnLeaderboard && document.rows.contains { $0.metrics[metric.key] != nil }
    }
    let rows = document.rows.map { row -> [Cell] in
      [
        Cell(row.name), Cell("\(row.clips)" + (row.failed.map { " (\($0) failed)" } ?? ""), tone: .quiet),
        Cell(Self.text(row.score, "%.2f"), share: row.score.value),
        Cell("\(row.verdicts["plausible"] ?? 0)"), Cell("\(row.verdicts["implausible"] ?? 0)"),
        Cell("\(row.verdicts["undetermined"] ?? 0)", tone: .quiet),
      ] + shown.map { metric in row.metrics[metric.key].map { Cell(Self.text($0, metric.format)) } ?? Cell("–", tone: .quiet) }
    }
    return .init(
      "Leaderboard",
      note:
        "Means with the standard error over clips. Below the line: what anybody can make without a model, on the first seed of each case.",
      .table(
        .init(
          columns: ["", "clips", "score", "plausible", "implausible", "undetermined"] + shown.map(\.title), rows: rows,
          firstOfRest: document.rows.firstIndex(where: \.isBaseline))))
  }

  private var failures: EvaluationReport.Section? {
    document.failures.map { failures in
      .init(
        "Clips that didn't come",
        note: "No number on this page counts them: a generator that fails where it would be wrong looks better than it is.",
        .table(
          .init(
            columns: ["case", "seed", "generator", "why"],
            rows: failures.map {
              [Cell($0.name), Cell("\($0.seed)"), Cell($0.generator, tone: .quiet), Cell($0.reason, tone: .bad)]
            })))
    }
  }

  private var scores: EvaluationReport.Section {
    .init(
      "Score",
      note: "The calibrated probability that a real camera could have recorded the motion; bars span one standard error.",
      .bars(
        .init(
          labels: document.rows.map(\.name),
          series: [
            .init(
              "score", values: document.rows.map(\.score.value),
              errors: document.rows.map { max(0, $0.score.value - $0.score.error)...min(1, $0.score.value + $0.score.error) })
          ])))
  }

  private var laws: EvaluationReport.Section? {
    let names = Set(document.rows.flatMap(\.laws.keys)).sorted()
    guard !names.isEmpty else { return nil }
    let generators = document.rows.filter { !$0.isBaseline }
    let truth = document.rows.first { $0.name == BaselineClip.truth.rawValue }
    let series =
      generators.map { row in EvaluationReport.Bars.Series(row.name, values: names.map { row.laws[$0] }) }
      + (truth.map { row in [.init("truth", values: names.map { row.laws[$0] }, isReference: true)] } ?? [])
    return .init(
      "Law by law", note: "Share of the clips in which a law could be tested that obey it.",
      .bars(.init(labels: names.map { $0.replacing("-", with: " ") }, series: series)))
  }

  /// What is broken where: cases against laws.
  private var confusion: EvaluationReport.Section? {
    let own = document.results.filter { $0.baseline == nil }
    let broken = own.flatMap { result in
      Set(result.document.laws.filter { !$0.violations.isEmpty }.map(\.law)).map { (result.name, $0) }
    }
    guard !broken.isEmpty else { return nil }
    let laws = Set(broken.map(\.1)).sorted()
    let cases = Set(own.map(\.name)).sorted()
    return .init(
      "Which law breaks where", note: "Clips of each case in which a law is broken.",
      .matrix(
        .init(
          rows: cases, columns: laws,
          counts: cases.map { name in laws.map { law in broken.count { $0.0 == name && $0.1 == law } } },
          rowTitle: "case", columnTitle: "law")))
  }

  func gallery(_ clips: [EvaluationReport.Clip], of count: Int) -> EvaluationReport.Section {
    .init(
      clips.count == count ? "All clips, the worst first" : "The \(clips.count) worst of \(count) clips",
      note: "Lines are the judge's tracks; a red ring and a law's name stand where that law is broken.", .clips(clips))
  }

  /// The generator as the command line names it.
  private var command: String { document.generator.hasPrefix("mondo") ? "mondo" : document.generator }

  var limits: EvaluationReport.Section {
    .init(
      "What these numbers do not say",
      .list([
        "A score speaks of the motion that is seen: a clip in which little moves has little to be wrong. What its scene would show is seen in the share that “seen” tells.",
        "A score speaks of motion: not of beauty, of sharpness, or of whether the prompt was followed.",
        "A clip whose motion comes from the simulator and only its picture from a network is a faithful rendering of a simulation, not learned physics.",
        "Physics-IQ-style numbers are made by that benchmark's formulas on Mondo's scenes; they are no results on its footage.",
        "To make it again: mondo evaluate \(document.suite).yaml -o FOLDER --generator \(command)",
      ]))
  }
}
