import Mondo

/// The page that `score --report` writes.
enum ScoreReport {
  static func write(_ judgement: ClipJudgement, of clip: String, to folder: String) throws {
    throw UsageError("--report is not there yet", remedy: "the score itself has all findings: --json")
  }
}
