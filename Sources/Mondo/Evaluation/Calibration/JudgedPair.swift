import Foundation

/// A broken clip and its valid twin, as the judge saw both.
public struct JudgedPair: Sendable, Codable, Equatable {
  /// Of the violation: `teleport`.
  public var violation: String
  /// Its law, as it ought to be named.
  public var law: String
  public var severity: Severity
  /// What shows it.
  public var evidence: Evidence
  /// The scene family, and the look.
  public var family: String
  public var look: String
  /// The scene and the draw that the pair comes from.
  public var world: String
  /// Whether numbers may be fitted on it.
  public var isTraining: Bool
  public var valid: Outcome
  public var broken: Outcome

  /// What a judge said of one clip.
  public struct Outcome: Sendable, Codable, Equatable {
    public var score: Double
    public var verdict: ScoreDocument.Verdict
    /// The law that is broken most; nil where none is.
    public var law: String?
    /// From the known onset to the nearest violation of that law, frames; nil where nothing was found or the clip is valid.
    public var delay: Double?
    /// Gravity as it was measured, m/s², with its 95 % interval; empty where it wasn't.
    public var gravity: [Double] = []
    /// The worst of the clip's violations in words.
    public var what: String?
    /// The least p-value of each law that applies, as the least of so many.
    public var pValues: [String: Double]

    /// - Parameters:
    ///   - onset: when the law was broken, s; nil where it wasn't.
    init(_ document: ScoreDocument, onset: Double?) {
      score = document.score
      verdict = document.verdict
      let worst = document.foremost
      law = worst?.law
      what = worst?.violations.max { $0.sigma < $1.sigma }?.what
      if let onset, let worst, document.verdict == .implausible {
        let gaps = worst.violations.map {
          $0.from <= onset && onset <= $0.to ? 0 : min(abs($0.from - onset), abs($0.to - onset))
        }
        delay = gaps.min().map { $0 * document.clip.fps }
      }
      pValues = Dictionary(grouping: document.laws.filter { $0.applies && $0.pValue != nil }, by: \.law).mapValues {
        ScoreCalibration.smallest($0.map { $0.pValue! }.min()!, of: $0.count)
      }
      if let g = document.laws.first(where: { $0.law == "gravity" && $0.applies && $0.estimate?.unit == "m/s^2" })?.estimate {
        gravity = [g.value] + g.ci95
      }
    }
  }
}

/// A valid world's film, as the judge saw it: what false alarms are counted on.
public struct JudgedFilm: Sendable, Codable, Equatable {
  public var look: String
  public var world: String
  public var isTraining: Bool
  /// The judge's word on the clip alone, and beside its scene.
  public var alone: JudgedPair.Outcome
  public var informed: JudgedPair.Outcome
}

/// A valid world filmed in two ways.
public struct JudgedVariant: Sendable, Codable, Equatable {
  public var look: String
  public var variant: String
  public var world: String
  public var score: Double
  public var variantScore: Double
  public var verdict: ScoreDocument.Verdict
  public var variantVerdict: ScoreDocument.Verdict
  /// What an implausible one is blamed for.
  public var alarm: String?
}

/// A clip that is known to be no film of anything, or a valid one spoiled.
public struct JudgedBaseline: Sendable, Codable, Equatable {
  public var baseline: BaselineClip
  public var world: String
  public var outcome: JudgedPair.Outcome
}

/// What one drawn world came to.
struct JudgedWorld: Codable {
  var pairs: [JudgedPair] = []
  /// Judged beside its scene: view, scale and gravity known.
  var informed: [JudgedPair] = []
  var films: [JudgedFilm] = []
  var variants: [JudgedVariant] = []
  var baselines: [JudgedBaseline] = []
  /// Gravity of the world, m/s².
  var gravity = 9.81
}
