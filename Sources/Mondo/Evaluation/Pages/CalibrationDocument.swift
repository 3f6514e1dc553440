/// How good the judge is: `report.json` of a suite of violations.
public struct CalibrationDocument: Sendable, Codable, Equatable {
  public var format = "mondo-evaluation/1"
  public var kind = "violations"
  public var mondo: String
  public var suite: String
  public var about: String
  public var summary: CalibrationSummary

  public init(suite: ViolationSuite, summary: CalibrationSummary) {
    mondo = Release.version
    self.suite = suite.name
    about = suite.about
    self.summary = summary
  }
}
