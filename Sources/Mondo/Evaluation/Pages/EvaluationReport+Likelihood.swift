import Foundation

extension EvaluationReport {
  /// The page of a suite of likelihoods.
  public init(_ document: LikelihoodDocument) throws {
    typealias Cell = EvaluationReport.Table.Cell
    func percent(_ share: CalibrationSummary.Share) -> String { String(format: "%.0f %%", 100 * share.value) }
    func interval(_ share: CalibrationSummary.Share) -> String {
      String(format: "%.0f–%.0f %%", 100 * share.ci95[0], 100 * share.ci95[1])
    }
    func table(_ kinds: [LikelihoodDocument.Row.Kind], first: String) -> Content {
      let rows = document.rows.filter { kinds.contains($0.kind) }.map { row -> [Cell] in
        [
          Cell(row.name.replacing("-", with: " ")), Cell(row.law ?? "", tone: .quiet), Cell("\(row.pairs)", tone: .quiet),
          Cell(
            percent(row.likelihood), tone: row.likelihood.ci95[0] > 0.5 ? .good : row.likelihood.ci95[1] < 0.5 ? .bad : .plain,
            share: row.likelihood.value),
          Cell(interval(row.likelihood), tone: .quiet),
          Cell(String(format: "%+.3f ± %.3f", row.excess.value, row.excess.error)),
          Cell(percent(row.judge), share: row.judge.value), Cell(interval(row.judge), tone: .quiet),
        ]
      }
      return .table(
        .init(
          columns: [first, "law", "pairs", "network", "95 %", "ln(broken / valid loss)", "judge, clip alone", "95 %"],
          rows: rows))
    }
    let all = document.rows.last
    self.init(
      kicker: "Likelihoods under Mondo's own network", title: "Does the generator expect physics?",
      subline: all.map {
        "The network gives the broken twin the higher denoising loss in \(percent($0.likelihood)) of the pairs (a coin: 50 %); the judge tells \(percent($0.judge)) of the same clips right."
      } ?? document.about,
      facts: [
        Fact("pairs", "\(document.pairs.count)"), Fact("worlds", "\(Set(document.pairs.map(\.world)).count)"),
        Fact("suite", document.suite), Fact("Mondo", document.mondo),
      ],
      sections: [
        Section(
          "Together, and by severity",
          note: "Green: better than a coin by the 95 % interval; red: worse.", table([.severity, .all], first: "severity")),
        Section("Violation by violation", table([.violation], first: "violation")),
        Section(
          "How it is measured",
          .list([
            "Denoising loss of a clip's latents, picture and sound as in training, over several noise levels and draws; twins are noised by the same noise at the same times (the protocol of LikePhys, Yuan et al. 2025).",
            "The network is told the words of the scene and the frames before each stretch, no simulation: that would be the answer.",
            "It sees what physics breaks only as far as it has learnt it: a share near one half says that it hasn't, not that the clips are fine. A twin with less on the picture (a body that vanishes, a clip that stands still) is the easier one to draw and often has the lower loss.",
            "To make it again: mondo evaluate \(document.suite).yaml -o FOLDER",
          ])),
      ], json: try Self.text(document))
  }
}
