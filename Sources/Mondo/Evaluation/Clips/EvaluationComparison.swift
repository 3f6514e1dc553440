import Foundation

/// Two runs of one suite, clip by clip.
public struct EvaluationComparison: Sendable, Codable, Equatable {
  public var format = "mondo-evaluation-comparison/1"
  public var suite: String
  public var a: String
  public var b: String
  /// Cases and seeds that both have.
  public var clips: Int
  public var rows: [Row]

  /// One number: both means, and b − a over the clips that both have.
  public struct Row: Sendable, Codable, Equatable {
    public var measure: String
    public var a: Double
    public var b: Double
    public var difference: Double
    /// Standard error of the mean difference; 0 of one clip.
    public var error: Double
    public var clips: Int

    /// The difference is more than its 95 % interval.
    public var isClear: Bool { error > 0 && abs(difference) > 1.96 * error }
  }

  /// - Throws: `EvaluationError` where a folder holds no report of clips, or the two are of different suites.
  public init(_ first: String, _ second: String) throws {
    let (a, b) = (try Self.read(first), try Self.read(second))
    guard a.suite == b.suite else {
      throw EvaluationError.notAReport(path: second, why: "of the suite '\(b.suite)', the other one of '\(a.suite)'")
    }
    func own(_ document: ClipEvaluationDocument) -> [String: ClipResult] {
      Dictionary(
        document.results.filter { $0.baseline == nil && $0.generator == document.generator }.map {
          ("\($0.name)-\($0.seed)", $0)
        }, uniquingKeysWith: { x, _ in x })
    }
    let (of, with) = (own(a), own(b))
    let common = of.keys.filter { with[$0] != nil }.sorted()
    guard !common.isEmpty else { throw EvaluationError.nothingMeasured("the two runs have no case and seed in common") }
    suite = a.suite
    (self.a, self.b) = (a.generator, b.generator)
    clips = common.count
    let pairs = common.map { (of[$0]!, with[$0]!) }
    let scores = pairs.map { ($0.document.score, $1.document.score) }
    let measures = Set(pairs.flatMap { $0.metrics.keys.filter($1.metrics.keys.contains) }).sorted()
    rows =
      [Row("score", scores)]
      + measures.map { measure in
        Row(measure, pairs.compactMap { x, y in x.metrics[measure].flatMap { v in y.metrics[measure].map { (v, $0) } } })
      }
  }

  private static func read(_ path: String) throws -> ClipEvaluationDocument {
    let file = path.hasSuffix(".json") ? path : path + "/report.json"
    guard let data = FileManager.default.contents(atPath: file) else {
      throw FileError(.read, path: file, reason: "there is no such file", remedy: "give the folder of an evaluation")
    }
    struct Head: Decodable { var format: String?, kind: String? }
    let head = try? JSONDecoder().decode(Head.self, from: data)
    guard head?.format == "mondo-evaluation/1" else {
      throw EvaluationError.notAReport(path: file, why: "its format is another one")
    }
    guard head?.kind == "clips" else {
      throw EvaluationError.notAReport(path: file, why: "a suite of \(head?.kind ?? "another kind"), not of clips")
    }
    do { return try JSONDecoder().decode(ClipEvaluationDocument.self, from: data) } catch {
      throw EvaluationError.notAReport(path: file, why: "it was written by another version")
    }
  }
}

extension EvaluationComparison.Row {
  fileprivate init(_ measure: String, _ pairs: [(Double, Double)]) {
    let n = Double(pairs.count)
    let differences = pairs.map { $0.1 - $0.0 }
    let mean = differences.reduce(0, +) / n
    self.init(
      measure: measure, a: pairs.reduce(0) { $0 + $1.0 } / n, b: pairs.reduce(0) { $0 + $1.1 } / n, difference: mean,
      error: n > 1 ? (differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1) / n).squareRoot() : 0,
      clips: pairs.count)
  }
}
