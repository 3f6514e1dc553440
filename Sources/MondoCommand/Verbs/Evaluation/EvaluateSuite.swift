import ArgumentParser
import Foundation
import Mondo

struct EvaluateSuite: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "suite", abstract: "Run a suite; the word itself may be left out.")

  @Argument(help: ArgumentHelp("The suite file.", valueName: "suite"), completion: .file(extensions: ["yaml", "yml"]))
  var suite: String

  @Option(
    name: [.short, .customLong("output")], help: ArgumentHelp("The folder of the report and of the work.", valueName: "dir"))
  var output: String

  @Option(help: ArgumentHelp("Who makes the clips: simulator, mondo, dir:PATH or openai:URL.", valueName: "generator"))
  var generator: GeneratorName?

  @Option(parsing: .unconditional, help: ArgumentHelp("Pieces of work done at once. Default: one a core.", valueName: "n"))
  var threads: Int?

  @OptionGroup var outputOptions: OutputOptions

  func run() throws {
    if let threads, !(1...1024).contains(threads) { throw UsageError("--threads is from 1 to 1024, not \(threads)") }
    switch try Suite(contentsOf: suite) {
    case .violations(let violations):
      if generator != nil { throw UsageError("a suite of violations measures the judge; it takes no --generator") }
      try evaluate(violations)
    case .clips(let clips): try evaluate(clips)
    case .likelihood(let likelihood):
      if generator != nil { throw UsageError("a suite of likelihoods asks Mondo's own network; it takes no --generator") }
      try evaluate(likelihood)
    }
  }

  private var fingerprint: String { String(decoding: FileManager.default.contents(atPath: suite) ?? Data(), as: UTF8.self) }

  private func evaluate(_ suite: ViolationSuite) throws {
    var evaluation = ViolationEvaluation(suite)
    evaluation.width = threads
    let summary = try showing("judging worlds", unit: "worlds") {
      try evaluation.run(in: output, fingerprint: fingerprint, progress: $0)
    }
    let document = CalibrationDocument(suite: suite, summary: summary)
    try AtomicFile.write(OutputOptions.text(document) + "\n", to: output + "/report.json")
    let page = try EvaluationReport(document).write(to: output)
    if outputOptions.json { try outputOptions.print(document) }
    try outputOptions.summarize(summary.text + "\n\n  report in \(page)")
  }

  private func evaluate(_ suite: LikelihoodSuite) throws {
    let evaluation = LikelihoodEvaluation(suite)
    let document = try showing("asking the network", unit: "worlds") {
      try evaluation.run(in: output, fingerprint: fingerprint, progress: $0)
    }
    try AtomicFile.write(OutputOptions.text(document) + "\n", to: output + "/report.json")
    let page = try EvaluationReport(document).write(to: output)
    if outputOptions.json { try outputOptions.print(document) }
    try outputOptions.summarize(document.text + "\n\n  report in \(page)")
  }

  private func evaluate(_ suite: ClipSuite) throws {
    var evaluation = ClipEvaluation(suite, by: try (generator ?? .simulator).sources(for: suite))
    evaluation.width = threads
    let document = try showing("making clips", unit: "pieces") {
      try evaluation.run(in: output, fingerprint: fingerprint, progress: $0)
    }
    try AtomicFile.write(OutputOptions.text(document) + "\n", to: output + "/report.json")
    let page = try EvaluationReport(document, clips: output + "/clips").write(to: output)
    if outputOptions.json { try outputOptions.print(document) }
    try outputOptions.summarize(document.text + "\n\n  report in \(page)")
  }

  /// Runs what tells its progress, shows that, and says what is kept where it is interrupted.
  private func showing<Result>(
    _ activity: String, unit: String,
    _ run: (@escaping @Sendable (ViolationEvaluation.Progress) throws -> Void) throws -> Result
  ) throws -> Result {
    let line = ProgressLine(activity, quiet: outputOptions.quiet)
    defer { line.finish() }
    let shown = ShownWork(line, unit: unit)
    do {
      return try run { progress in
        try Interruption.check()
        shown.show(done: progress.done, total: progress.total, found: progress.found)
      }
    } catch let request as Interruption.Requested {
      throw Interruption.Requested(signal: request.signal, remark: shown.remark)
    }
  }
}

/// The progress on its way to the terminal.
///
/// `@unchecked Sendable`: the work calls from one thread at a time.
final class ShownWork: @unchecked Sendable {
  private let line: ProgressLine
  private let unit: String
  private var done = 0
  private var total = 0

  init(_ line: ProgressLine, unit: String) { (self.line, self.unit) = (line, unit) }

  func show(done: Int, total: Int, found: Int) {
    (self.done, self.total) = (done, total)
    line.show(Double(done - found), of: Double(total - found), "\(done) of \(total)") { [unit] in
      "\(Numbers.short($0 / $1, digits: 2)) \(unit)/s"
    }
  }

  var remark: String { "\(done) of \(total) \(unit) are kept; the same command goes on from there" }
}

/// `simulator`, `mondo`, `dir:PATH`, `openai:URL`.
enum GeneratorName: ExpressibleByArgument {
  case simulator, mondo
  case folder(String)
  case service(String)

  init?(argument: String) {
    switch argument {
    case "simulator": self = .simulator
    case "mondo": self = .mondo
    default:
      let parts = argument.split(separator: ":", maxSplits: 1).map(String.init)
      guard parts.count == 2, !parts[1].isEmpty else { return nil }
      switch parts[0] {
      case "dir": self = .folder(parts[1])
      case "openai": self = .service(parts[1])
      default: return nil
      }
    }
  }

  func sources(for suite: ClipSuite) throws -> [any ClipSource] {
    switch self {
    case .simulator: return [SimulatorSource()]
    case .mondo: return suite.modes.isEmpty ? [NetworkSource()] : suite.modes.map { NetworkSource($0) }
    case .folder(let path):
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
        throw FileError(.read, path: path, reason: "there is no such folder", remedy: "give the folder that the clips are in")
      }
      return [FolderSource(path)]
    case .service(let address):
      // The key comes from the environment alone: a command line is seen by everybody and stays in histories.
      return [try ServiceSource(address: address, key: ProcessInfo.processInfo.environment["OPENAI_API_KEY"])]
    }
  }
}
