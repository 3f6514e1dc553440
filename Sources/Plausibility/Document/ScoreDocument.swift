public import Foundation
public import WorldCore

/// The judgement of one clip: format `mondo-score/1`.
public struct ScoreDocument: Sendable, Equatable, Codable {
  public enum Verdict: String, Sendable, Codable, CaseIterable {
    case plausible, implausible
    /// Nothing testable was seen, or what was seen has an innocent explanation that the clip can't exclude.
    case undetermined
  }

  public static let currentFormat = "mondo-score/1"

  public var format: String
  public var clip: ClipDescription
  /// Calibrated probability that a real camera could have recorded this motion, 0…1.
  public var score: Double
  public var verdict: Verdict
  public var tracks: [TrackSummary]
  public var laws: [LawFinding]
  /// Metrics against a reference, by name; nil without one.
  public var reference: [String: Double]?
  /// What this judgement can't see or had to assume, in sentences.
  public var limits: [String]

  public init(
    clip: ClipDescription, score: Double, verdict: Verdict, tracks: [TrackSummary], laws: [LawFinding],
    reference: [String: Double]? = nil, limits: [String] = []
  ) {
    format = Self.currentFormat
    self.clip = clip
    self.score = score
    self.verdict = verdict
    self.tracks = tracks
    self.laws = laws
    self.reference = reference
    self.limits = limits
  }

  /// A track in a line.
  public struct TrackSummary: Sendable, Equatable, Codable {
    public var id: Int
    public var firstFrame: Int
    public var lastFrame: Int
    public var kind: Track.Kind

    public init(id: Int, firstFrame: Int, lastFrame: Int, kind: Track.Kind) {
      self.id = id
      self.firstFrame = firstFrame
      self.lastFrame = lastFrame
      self.kind = kind
    }

    enum CodingKeys: String, CodingKey {
      case id, kind
      case firstFrame = "first_frame"
      case lastFrame = "last_frame"
    }
  }

  /// The finding that says best what is broken: the surest one, of those beyond all doubt the one whose law explains the
  /// others'; nil where nothing is broken.
  ///
  /// One speaks before surer ones: frames in no order explain whatever else they seem to show.
  public var foremost: LawFinding? {
    func doubt(_ finding: LawFinding) -> Double {
      max(finding.pValue.map(ScoreCalibration.probability) ?? finding.score ?? 1, Self.beyondDoubt)
    }
    let broken = laws.filter { !$0.violations.isEmpty }
    return broken.first { $0.law == ContinuityLaw.name && $0.track == nil } ?? broken.min { doubt($0) < doubt($1) }
  }

  /// A score below this is no surer than this.
  private static let beyondDoubt = 1e-10

  /// The document as JSON: keys sorted, every number rounded to nine significant digits, so that equal findings give equal
  /// bytes.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    var text = try encoder.encode(rounded())
    text.append(UInt8(ascii: "\n"))
    return text
  }

  /// Reads a document back; throws Foundation's `DecodingError`, which names the key.
  public init(json: Data) throws { self = try JSONDecoder().decode(ScoreDocument.self, from: json) }

  private func rounded() -> ScoreDocument {
    var copy = self
    copy.score = score.roundedForPrint
    copy.clip.fps = clip.fps.roundedForPrint
    copy.clip.duration = clip.duration.roundedForPrint
    copy.laws = laws.map { $0.rounded() }
    copy.reference = reference?.mapValues(\.roundedForPrint)
    return copy
  }
}

extension Double {
  /// To nine significant digits: more than any measurement here holds, few enough to print alike everywhere.
  var roundedForPrint: Double {
    guard isFinite, self != 0 else { return isFinite ? 0 : (self > 0 ? Double.greatestFiniteMagnitude : 0) }
    return Double(String(format: "%.8e", self)) ?? self
  }
}
