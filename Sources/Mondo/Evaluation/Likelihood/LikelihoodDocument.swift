import Foundation

/// What a generator's likelihoods say of pairs of twins: `report.json` of a suite of likelihoods.
public struct LikelihoodDocument: Sendable, Codable, Equatable {
  public var format = "mondo-evaluation/1"
  public var kind = "likelihood"
  public var mondo: String
  public var suite: String
  public var about: String
  /// Of the networks' files, by name.
  public var weights: [String: String]
  /// A violation each, then a severity each, then all together.
  public var rows: [Row]
  public var pairs: [LikelihoodPair]

  /// Pairs summed up.
  public struct Row: Sendable, Codable, Equatable {
    public enum Kind: String, Sendable, Codable { case violation, severity, all }
    public var kind: Kind
    public var name: String
    /// Of a violation.
    public var law: String?
    public var pairs: Int
    /// Share of pairs in which the broken twin's loss is higher, ties counted half, with its 95 % interval.
    public var likelihood: CalibrationSummary.Share
    /// Share in which the judge scores the broken twin lower, by the same two clips alone.
    public var judge: CalibrationSummary.Share
    /// Mean of ln(broken loss / valid loss), with its standard error.
    public var excess: ClipEvaluationDocument.Mean
  }

  init(suite: LikelihoodSuite, weights: [String: String], pairs: [LikelihoodPair]) {
    mondo = Release.version
    self.suite = suite.name
    about = suite.about
    self.weights = weights
    self.pairs = pairs
    let families = suite.families.compactMap { family in
      Row(.violation, family.name, law: family.law, pairs.filter { $0.violation == family.name })
    }
    let severities = suite.severities.compactMap { severity in
      Row(.severity, severity.rawValue, law: nil, pairs.filter { $0.severity == severity })
    }
    rows = families + severities + [Row(.all, "all", law: nil, pairs)].compactMap(\.self)
  }
}

extension LikelihoodDocument.Row {
  /// nil of no pairs.
  init?(_ kind: Kind, _ name: String, law: String?, _ pairs: [LikelihoodPair]) {
    guard let likelihood = CalibrationSummary.Share(pairs.map { (-$0.valid.total, -$0.broken.total) }),
      let judge = CalibrationSummary.Share(pairs.map { ($0.validScore, $0.brokenScore) }),
      let excess = ClipEvaluationDocument.Mean(pairs.map { log($0.broken.total / $0.valid.total) })
    else { return nil }
    (self.kind, self.name, self.law, self.pairs) = (kind, name, law, pairs.count)
    (self.likelihood, self.judge, self.excess) = (likelihood, judge, excess)
  }
}

extension CalibrationSummary.Share {
  /// Pair accuracy with its interval; nil of no pairs.
  fileprivate init?(_ pairs: [(valid: Double, broken: Double)]) {
    guard let accuracy = RankStatistics.pairAccuracy(pairs), let share = Self(pairs.count, of: pairs.count) else { return nil }
    self = share
    let right = Int((accuracy * Double(pairs.count)).rounded())
    value = accuracy
    ci95 = Self(right, of: pairs.count)?.ci95 ?? ci95
  }
}

/// A broken clip and its valid twin, as the network and the judge saw both.
public struct LikelihoodPair: Sendable, Codable, Equatable {
  public var violation: String
  public var severity: Severity
  public var family: String
  public var world: String
  public var valid: DenoisingLoss.Value
  public var broken: DenoisingLoss.Value
  /// The judge's, by the clip alone.
  public var validScore: Double
  public var brokenScore: Double
}
