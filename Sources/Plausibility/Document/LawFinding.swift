/// What one law says of one track (or of the whole clip, where `track` is nil).
public struct LawFinding: Sendable, Equatable, Codable {
  /// The law's name, as its type in `Laws` says: `gravity`, `airborne-body`.
  public var law: String
  /// Whether the clip showed anything the law speaks about.
  public var applies: Bool
  public var track: Int?
  /// Calibrated probability that the law was obeyed, 0…1; nil where it doesn't apply.
  public var score: Double?
  /// How often valid motion would look at least this bad under the tracker's own covariance.
  public var pValue: Double?
  /// The quantity the law measures, with its interval; a finding may carry several under their names.
  public var estimate: Estimate?
  public var violations: [Violation]
  /// Why it doesn't apply, or what was assumed, in a sentence.
  public var note: String?

  public init(
    law: String, applies: Bool, track: Int? = nil, score: Double? = nil, pValue: Double? = nil, estimate: Estimate? = nil,
    violations: [Violation] = [], note: String? = nil
  ) {
    self.law = law
    self.applies = applies
    self.track = track
    self.score = score
    self.pValue = pValue
    self.estimate = estimate
    self.violations = violations
    self.note = note
  }

  enum CodingKeys: String, CodingKey {
    case law, applies, track, score, estimate, violations, note
    case pValue = "p_value"
  }

  /// A measured quantity with its 95 % interval.
  public struct Estimate: Sendable, Equatable, Codable {
    public var value: Double
    /// `m/s^2`, `px/s^2`, `s`, `ms`, `rad/s`, `1` for a ratio.
    public var unit: String
    public var ci95: [Double]

    public init(value: Double, unit: String, ci95: [Double]) {
      self.value = value
      self.unit = unit
      self.ci95 = ci95
    }
  }

  /// A stretch of time in which the law was broken.
  public struct Violation: Sendable, Equatable, Codable {
    /// Seconds.
    public var from: Double
    public var to: Double
    /// A sentence: what happened and what would have to be true.
    public var what: String
    /// How many standard deviations from lawful.
    public var sigma: Double

    public init(from: Double, to: Double, what: String, sigma: Double) {
      self.from = from
      self.to = to
      self.what = what
      self.sigma = sigma
    }
  }

  func rounded() -> LawFinding {
    var copy = self
    copy.score = score?.roundedForPrint
    copy.pValue = pValue?.roundedForPrint
    if let estimate {
      copy.estimate = Estimate(
        value: estimate.value.roundedForPrint, unit: estimate.unit, ci95: estimate.ci95.map(\.roundedForPrint))
    }
    copy.violations = violations.map {
      Violation(from: $0.from.roundedForPrint, to: $0.to.roundedForPrint, what: $0.what, sigma: $0.sigma.roundedForPrint)
    }
    return copy
  }
}
