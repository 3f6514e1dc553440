import ArgumentParser
import Mondo

struct EvaluateCompare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two runs of one suite, clip by clip.",
    discussion: """
      Over the cases and seeds that both runs have: means, and the mean of the
      differences with its standard error. A difference is marked as clear when
      it is beyond its 95 % interval.

      EXAMPLES
        mondo evaluate compare yesterday today
      """)

  @Argument(help: ArgumentHelp("The folder of a run, or its report.json.", valueName: "a"))
  var first: String

  @Argument(help: ArgumentHelp("The folder of another one.", valueName: "b"))
  var second: String

  @OptionGroup var outputOptions: OutputOptions

  func run() throws {
    let comparison = try EvaluationComparison(first, second)
    if outputOptions.json { try outputOptions.print(comparison) }
    try outputOptions.summarize(Self.text(comparison))
  }

  private static func text(_ comparison: EvaluationComparison) -> String {
    var table = TextTable([
      ("measure", .left), (comparison.a, .right), (comparison.b, .right), ("difference", .right), ("±", .right),
      ("clips", .right),
      ("", .left),
    ])
    for row in comparison.rows {
      table.add([
        ClipMetric.title(of: row.measure), Numbers.short(row.a), Numbers.short(row.b), Numbers.short(row.difference),
        Numbers.short(row.error, digits: 2), "\(row.clips)", row.isClear ? "clear" : "",
      ])
    }
    return comparison.suite.emphasized(.strong) + "  \(Numbers.count(comparison.clips, "clip")) in both\n" + table.formatted()
  }
}
