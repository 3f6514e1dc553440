import ArgumentParser
import Mondo

struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check scenes and tell every mistake.",
    discussion: """
      Mistakes are told as file:line:column with the line, a caret and a suggestion. The exit code is 65 if any scene has an \
      error, else 66 if any file could not be read, else 0.
      """)

  @Argument(help: ArgumentHelp("Scene files.", valueName: "scene"), completion: .file(extensions: ["yaml", "yml"]))
  var scenes: [String]

  @OptionGroup var changes: SceneChanges
  @OptionGroup var outputOptions: OutputOptions

  func run() throws {
    var reports: [Report] = []
    let overrides = try SceneChanges.parse(changes.assignments)
    for path in scenes {
      try Interruption.check()
      reports.append(Report(path, overrides, seed: changes.seed))
    }
    if outputOptions.json {
      try outputOptions.print(["scenes": reports])
    } else {
      for report in reports {
        if let text = report.failure { remark(text) } else { try outputOptions.summarize(report.success) }
      }
    }
    if reports.contains(where: { !$0.diagnostics.filter { $0.severity == "error" }.isEmpty }) { throw ExitCode.badInput }
    if reports.contains(where: { !$0.valid }) { throw ExitCode.noInput }
  }

  /// What came of one file.
  private struct Report: Encodable {
    var file: String
    var valid: Bool
    var diagnostics: [Item] = []
    /// Why the file could not be read at all.
    var unreadable: String?

    /// Text for people.
    var failure: String?
    var success = ""

    enum CodingKeys: String, CodingKey { case file, valid, diagnostics, unreadable }

    struct Item: Encodable {
      var severity: String
      var line: Int
      var column: Int
      var message: String
      var suggestion: String?

      init(_ diagnostic: Diagnostic) {
        severity = diagnostic.severity.rawValue
        (line, column) = (diagnostic.location.line, diagnostic.location.column)
        (message, suggestion) = (diagnostic.message, diagnostic.suggestion)
      }
    }

    init(_ path: String, _ overrides: [Scene.Override], seed: UInt64?) {
      file = path
      do {
        let (scene, warnings) = try Scene.read(contentsOf: path, overrides: overrides, seed: seed)
        valid = true
        diagnostics = warnings.map(Item.init)
        let counts = [
          Numbers.count(scene.bodies.count, "body", "bodies"), Numbers.count(scene.joints.count, "joint"),
          "\(Numbers.short(scene.duration)) s",
        ]
        success = "\(path): \("valid".emphasized(.good))  \(counts.joined(separator: ", ").emphasized(.faint))"
        if !warnings.isEmpty { remark(SceneError(warnings).report(colored: Terminal.errorIsColored)) }
      } catch  where error.cause == .invalid {
        valid = false
        diagnostics = error.diagnostics.map(Item.init)
        failure = error.report(colored: Terminal.errorIsColored)
      } catch {
        valid = false
        let told = Failure(error)?.message ?? "\(error)"
        unreadable = told
        failure = told
      }
    }
  }
}
