/// What a clip of a suite came to.
public struct ClipResult: Sendable, Codable, Equatable {
  public var name: String
  public var seed: UInt64
  /// Who made it; a baseline's name for those.
  public var generator: String
  /// nil is the generator's.
  public var baseline: BaselineClip?
  public var prompt: String
  /// Where the clip is: under `clips` of the report's folder, or where the user has it.
  public var clip: String
  public var document: ScoreDocument
  public var physicsIQ: PhysicsIQScore?

  enum CodingKeys: String, CodingKey {
    case name, seed, generator, baseline, prompt, clip, document
    case physicsIQ = "physics_iq"
  }

  /// Numbers by name: reference metrics, gravity, Physics-IQ-style scores.
  public var metrics: [String: Double] {
    var metrics = document.reference ?? [:]
    if let g = document.laws.first(where: { $0.law == "gravity" && $0.estimate?.unit == "m/s^2" })?.estimate {
      metrics["gravity"] = g.value
    }
    metrics["physics_iq_style"] = physicsIQ?.original
    metrics["physics_iq_verified_style"] = physicsIQ?.verified
    return metrics
  }
}

/// A suite's results: `report.json`.
public struct ClipEvaluationDocument: Sendable, Codable, Equatable {
  public var format = "mondo-evaluation/1"
  public var kind = "clips"
  public var mondo: String
  public var suite: String
  public var about: String
  /// The first, where there are several.
  public var generator: String
  /// The generators', then the baselines'.
  public var rows: [Row]
  public var results: [ClipResult]
  /// Clips that didn't come, and why; nil where all came.
  public var failures: [ClipFailure]?

  /// One line of the leaderboard.
  public struct Row: Sendable, Codable, Equatable {
    public var name: String
    public var isBaseline: Bool
    public var clips: Int
    /// Clips that didn't come, which no number here counts; nil where all came.
    public var failed: Int?
    /// Mean, and the standard error of the mean over clips.
    public var score: Mean
    public var verdicts: [String: Int]
    /// Share of clips that obey a law, among those in which it can be tested.
    public var laws: [String: Double]
    public var metrics: [String: Mean]
  }

  /// A mean with its standard error, and over how many.
  public struct Mean: Sendable, Codable, Equatable {
    public var value: Double
    /// 0 of a single value.
    public var error: Double
    public var count: Int

    init?(_ values: [Double]) {
      let values = values.filter(\.isFinite)
      guard !values.isEmpty else { return nil }
      let n = Double(values.count)
      let mean = values.reduce(0, +) / n
      value = mean
      error = n > 1 ? (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1) / n).squareRoot() : 0
      count = values.count
    }
  }

  init(suite: ClipSuite, generators: [String], results: [ClipResult], failures: [ClipFailure] = []) {
    mondo = Release.version
    self.suite = suite.name
    about = suite.about
    generator = generators[0]
    self.results = results
    if !failures.isEmpty { self.failures = failures }
    let groups = Dictionary(grouping: suite.cases.filter { $0.group != nil }, by: { $0.group! }).mapValues {
      Set($0.map(\.name))
    }
    .sorted { $0.key < $1.key }
    rows = (generators.map { ($0, false) } + suite.baselines.map { ($0.rawValue, true) }).compactMap { name, isBaseline in
      let own = results.filter { $0.generator == name && ($0.baseline != nil) == isBaseline }
      return own.isEmpty ? nil : Row(name: name, isBaseline: isBaseline, results: own)
    }
    rows = rows.flatMap { row in
      [row]
        + groups.compactMap { group, names in
          let own = results.filter {
            $0.generator == row.name && ($0.baseline != nil) == row.isBaseline && names.contains($0.name)
          }
          return own.isEmpty ? nil : Row(name: "\(row.name), \(group)", isBaseline: row.isBaseline, results: own)
        }
    }
    for index in rows.indices where !rows[index].isBaseline {
      let name = rows[index].name
      let count = failures.count { failure in
        failure.generator == name
          || groups.contains { $1.contains(failure.name) && "\(failure.generator), \($0)" == name }
      }
      if count > 0 { rows[index].failed = count }
    }
  }
}

extension ClipEvaluationDocument.Row {
  init(name: String, isBaseline: Bool, results: [ClipResult]) {
    self.name = name
    self.isBaseline = isBaseline
    clips = results.count
    score = .init(results.map(\.document.score))!
    verdicts = Dictionary(grouping: results, by: { $0.document.verdict.rawValue }).mapValues(\.count)
    let tested = results.flatMap { result in
      Dictionary(grouping: result.document.laws.filter(\.applies), by: \.law).map { law, findings in
        (law, findings.allSatisfy(\.violations.isEmpty))
      }
    }
    laws = Dictionary(grouping: tested, by: \.0).mapValues { group in Double(group.count { $0.1 }) / Double(group.count) }
    metrics = Dictionary(grouping: results.flatMap { $0.metrics.map { ($0.key, $0.value) } }, by: \.0).compactMapValues {
      .init($0.map(\.1))
    }
  }
}
