import Mondo

extension LikelihoodDocument {
  /// What `evaluate` prints of a suite of likelihoods.
  var text: String {
    func percent(_ share: CalibrationSummary.Share) -> String {
      "\(Numbers.short(100 * share.value, digits: 3)) % (\(share.ci95.map { Numbers.short(100 * $0, digits: 2) }.joined(separator: "–")))"
    }
    var table = TextTable([
      ("", .left), ("pairs", .right), ("network", .right), ("judge, clip alone", .right), ("ln(broken / valid loss)", .right),
    ])
    for row in rows {
      table.add([
        row.name, "\(row.pairs)", percent(row.likelihood), percent(row.judge),
        Numbers.short(row.excess.value, digits: 3) + " ± " + Numbers.short(row.excess.error, digits: 2),
      ])
    }
    return "\(suite)".emphasized(.strong) + "  " + about.emphasized(.faint) + "\n" + table.formatted()
  }
}
