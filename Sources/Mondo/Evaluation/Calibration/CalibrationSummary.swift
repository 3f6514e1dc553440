/// How good the judge is, by labelled pairs. Nothing in it is fitted on what it is measured on.
public struct CalibrationSummary: Sendable, Codable, Equatable {
  /// A share with its 95 % interval and what it counts.
  public struct Share: Sendable, Codable, Equatable {
    public var value: Double
    public var ci95: [Double]
    public var count: Int

    init?(_ count: Int, of total: Int) {
      guard let wilson = RankStatistics.wilson(count, of: total) else { return nil }
      (value, ci95, self.count) = (wilson.share, [wilson.low, wilson.high], total)
    }
  }

  /// One way to judge: by the clip alone, or beside its scene.
  public struct Judgements: Sendable, Codable, Equatable {
    public var pairs = 0
    public var heldOutPairs = 0
    public var validClips = 0
    /// Held out, over the families that the judge's laws speak of at all.
    public var pairAccuracy: [String: Double] = [:]
    /// By severity.
    public var areaUnderCurve: [String: Double] = [:]
    /// The same two without the families that only a scene tells from a lawful world.
    public var toldAlone: [String: ToldAlone] = [:]
    /// Called implausible at clear severity or above.
    public var found: [String: Share] = [:]
    /// Valid clips called implausible, over all and over the held-out ones.
    public var falseAlarms: Share?
    public var heldOutFalseAlarms: Share?
    /// The same at the bound that was fitted on the training split.
    public var falseAlarmsAtFittedBound: Share?
    public var undetermined: Share?
    /// 95 % intervals of gravity that hold the truth, valid clips, where a scale is known.
    public var gravityCoverage: Share?
    /// By what those intervals would have to be scaled to hold 95 % of the training split's: 1 is calibrated.
    public var gravityIntervalScale: Double?
    /// Median relative error of gravity.
    public var gravityError: Double?
    /// Frames from the known onset, of what was found: median and 95 %.
    public var delay: [Double] = []
    public var recalibration: ScoreRecalibration?
    public var lawWidths: [LawWidth] = []
    /// Expected calibration error of the scores on the held-out split: as they are, and recalibrated.
    public var calibrationError: [Double] = []
    public var families: [FamilyRow] = []
    public var confusion = Confusion()
  }

  public struct ToldAlone: Sendable, Codable, Equatable {
    public var pairAccuracy: Double
    public var areaUnderCurve: Double?
  }

  /// One violation.
  public struct FamilyRow: Sendable, Codable, Equatable {
    public var violation: String
    public var law: String
    public var evidence: Evidence
    /// By severity: pair accuracy, share called implausible, share of these whose law is named right, and pairs.
    public var accuracy: [String: Double] = [:]
    public var found: [String: Double] = [:]
    public var named: [String: Double] = [:]
    public var pairs: [String: Int] = [:]
    /// Whether the judge has a law that could see it; where not, its rows show what that costs.
    public var isSpokenOf: Bool
    /// By the clip alone a lawful world shows the same.
    public var isOpenWithoutScene: Bool
  }

  /// How wide a law's bounds are, by the valid clips of the training split.
  public struct LawWidth: Sendable, Codable, Equatable {
    public var law: String
    /// Valid training clips in which it applies.
    public var clips: Int
    /// Of these, with a p-value below α.
    public var failed: Share?
    /// By what its standard deviations would have to be scaled for the share α to fail: above 1 they are too narrow, 0 where
    /// no valid clip comes near the bound.
    public var scale: Double
  }

  /// Which law was named for which: rows are true laws.
  public struct Confusion: Sendable, Codable, Equatable {
    public var laws: [String] = []
    /// What was named; the last is "nothing".
    public var named: [String] = []
    public var counts: [[Int]] = []
    /// Mean of the laws' F-measures, over what was found.
    public var macroF1: Double?
  }

  /// How far a score moves when the same world is filmed otherwise.
  public struct Robustness: Sendable, Codable, Equatable {
    public var variant: String
    public var clips: Int
    /// |Δ score|: median and 95 %.
    public var change: [Double]
    public var verdictsChanged: Int
    /// Of these, those that became undetermined, since less was seen, and implausible: false alarms.
    public var nowUndetermined: Int
    public var nowImplausible: Int
  }

  public struct Baseline: Sendable, Codable, Equatable {
    public var baseline: BaselineClip
    public var clips: Int
    public var meanScore: Double
    public var verdicts: [String: Int]
  }

  public var alpha: Double
  public var worlds: Int
  /// By the clip alone, and beside its scene: simulated tracker.
  public var alone: Judgements
  public var informed: Judgements
  /// The same of rendered clips; nil without any.
  public var renderedAlone: Judgements?
  public var renderedInformed: Judgements?
  public var robustness: [Robustness]
  public var baselines: [Baseline]
  /// Families that no law of the judge speaks of.
  public var unseenFamilies: [String]
}

extension CalibrationSummary {
  init(suite: ViolationSuite, tracked: [JudgedWorld], rendered: [JudgedWorld]) {
    alpha = suite.alpha
    worlds = tracked.count + rendered.count
    let gravity = (tracked + rendered).flatMap { world in world.films.prefix(1).map { ($0.world, world.gravity) } }
    let truth = Dictionary(gravity, uniquingKeysWith: { a, _ in a })
    func judgements(
      _ worlds: [JudgedWorld], _ pairs: (JudgedWorld) -> [JudgedPair], _ outcome: (JudgedFilm) -> JudgedPair.Outcome
    ) -> Judgements {
      JudgementStatistics(
        pairs: worlds.flatMap(pairs), films: worlds.flatMap(\.films).map { ($0, outcome($0)) }, gravity: truth,
        alpha: suite.alpha
      ).judgements
    }
    alone = judgements(tracked, \.pairs, \.alone)
    informed = judgements(tracked, \.informed, \.informed)
    if !rendered.isEmpty {
      renderedAlone = judgements(rendered, \.pairs, \.alone)
      renderedInformed = judgements(rendered, \.informed, \.informed)
    }
    // What only pictures show is measured by rendered clips alone.
    alone.families += renderedAlone?.families.filter { $0.evidence == .pictures } ?? []
    informed.families += renderedInformed?.families.filter { $0.evidence == .pictures } ?? []
    let variants = (tracked + rendered).flatMap(\.variants)
    robustness = Dictionary(grouping: variants, by: \.variant).sorted { $0.key < $1.key }.map { name, group in
      let changes = group.map { abs($0.variantScore - $0.score) }
      return Robustness(
        variant: name, clips: group.count,
        change: [0.5, 0.95].map { RankStatistics.quantile($0, of: changes) ?? 0 },
        verdictsChanged: group.count { $0.verdict != $0.variantVerdict },
        nowUndetermined: group.count { $0.verdict != .undetermined && $0.variantVerdict == .undetermined },
        nowImplausible: group.count { $0.verdict != .implausible && $0.variantVerdict == .implausible })
    }
    let spoiled = rendered.flatMap(\.baselines)
    baselines = BaselineClip.allCases.compactMap { baseline in
      let group = spoiled.filter { $0.baseline == baseline }
      guard !group.isEmpty else { return nil }
      return Baseline(
        baseline: baseline, clips: group.count, meanScore: group.reduce(0) { $0 + $1.outcome.score } / Double(group.count),
        verdicts: Dictionary(grouping: group, by: { $0.outcome.verdict.rawValue }).mapValues(\.count))
    }
    unseenFamilies = suite.families.filter { !JudgementStatistics.isSpokenOf($0.law) }.map(\.name)
  }
}
