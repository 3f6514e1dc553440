import Mondo

extension ClipEvaluationDocument {
  /// What `evaluate` prints of a suite of clips.
  var text: String {
    let shown = Self.shownMetrics.filter { metric in rows.contains { $0.metrics[metric.key] != nil } }
    var table = TextTable(
      [("", .left), ("clips", .right), ("score", .right), ("plausible", .right), ("undetermined", .right)]
        + shown.map { ($0.title, .right) })
    for row in rows {
      table.add(
        [
          row.name, "\(row.clips)", Self.share(row.score), "\(row.verdicts["plausible"] ?? 0)",
          "\(row.verdicts["undetermined"] ?? 0)",
        ] + shown.map { row.metrics[$0.key].map(Self.text) ?? "" })
    }
    let missing = (failures ?? []).map { "\n  \($0.name), seed \($0.seed), didn't come: \($0.reason)" }
    return "\(suite)".emphasized(.strong) + "  " + about.emphasized(.faint) + "\n" + table.formatted()
      + missing.joined().emphasized(.bad)
  }

  /// A mean of probabilities, which nobody means more finely than to a thousandth.
  private static func share(_ mean: Mean) -> String {
    Numbers.fixed(mean.value, 3) + (mean.count > 1 ? " ± " + Numbers.fixed(mean.error, 3) : "")
  }

  private static let shownMetrics: [(key: String, title: String)] = [
    ("gravity", "g m/s²"), ("velocity_error", "velocity m/s"), ("momentum_error", "momentum"), ("energy_error", "energy"),
    ("pisa_l2", "L2"), ("iou", "IoU"),
    ("onset_error_ms", "onset ms"), ("psnr", "PSNR dB"), ("ssim", "SSIM"), ("physics_iq_style", "Physics-IQ-style"),
  ]

  private static func text(_ mean: Mean) -> String {
    Numbers.short(mean.value, digits: 3) + (mean.count > 1 ? " ± " + Numbers.short(mean.error, digits: 2) : "")
  }
}
