/// A reference-free law: reads the motion of a clip, says where it applies and how well it was obeyed.
protocol Law: Sendable {
  /// As the score document names it.
  static var name: String { get }
  func findings(in scene: SceneMotion) -> [LawFinding]
}

extension LawFinding {
  /// A finding that rests on a p-value.
  static func tested(
    _ law: String, track: Int?, pValue: Double, estimate: Estimate? = nil, violations: [Violation] = [], note: String? = nil
  ) -> LawFinding {
    LawFinding(
      law: law, applies: true, track: track, score: ScoreCalibration.probability(pValue: pValue), pValue: pValue,
      estimate: estimate,
      violations: violations, note: note)
  }

  static func inapplicable(_ law: String, _ why: String) -> LawFinding { LawFinding(law: law, applies: false, note: why) }
}
