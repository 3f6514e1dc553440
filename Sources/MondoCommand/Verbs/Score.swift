import ArgumentParser
import Mondo

struct Score: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Judge whether a real camera could have recorded a clip's motion.",
    discussion: """
      Reads anything FFmpeg reads. The score is the calibrated probability that
      the motion is physical; the verdict is plausible, implausible, or
      undetermined where nothing testable was seen. With a scale, accelerations
      are in m/s^2 and gravity itself is tested.

      EXAMPLES
        mondo score clip.mp4
        mondo score clip.mp4 --scene scene.yaml --report report
        mondo score clip.mp4 --scene scene.yaml --fit
        mondo score clip.mp4 --scale 120 --view level
        mondo score slow-motion.mp4 --fps 240 --known-diameter 0.24
        mondo score clip.mp4 --fail-under 0.5 --json
      """)

  @Argument(help: ArgumentHelp("The clip, or numbered pictures, as frames/%04d.png.", valueName: "clip"), completion: .file())
  var clip: String

  @Option(
    help: ArgumentHelp("The scene it shows: gives view, scale and gravity, and where bodies ought to be.", valueName: "scene"))
  var scene: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Frames a second at which the world was shot. Default: the file's.", valueName: "n"))
  var fps: Double?

  @Option(parsing: .unconditional, help: ArgumentHelp("Pixels a metre, in the plane of motion.", valueName: "px"))
  var scale: Double?

  @Option(parsing: .unconditional, help: ArgumentHelp("True diameter of what moves, metres: gives the scale.", valueName: "m"))
  var knownDiameter: Double?

  @Option(help: ArgumentHelp("How the camera stands: level, overhead or unknown.", valueName: "view"))
  var view = ViewName.unknown

  @Flag(
    help: "With a scene: find the values of what it lets vary that explain the clip best. The misfit that is left is evidence.")
  var fit = false

  @Option(
    help: ArgumentHelp(
      "Fit this value instead, as in bodies.ball.velocity[0]; with =VALUE it starts there. Repeatable.", valueName: "path"))
  var fitPath: [String] = []

  @Option(help: ArgumentHelp("Write an HTML report into this folder.", valueName: "dir"))
  var report: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("Exit with 1 when the score is below this.", valueName: "x"))
  var failUnder: Double?

  @OptionGroup var changes: SceneChanges
  @OptionGroup var outputOptions: OutputOptions

  func run() throws {
    try checkOptions()
    var options = JudgeOptions()
    (options.pixelsPerMetre, options.knownDiameter, options.view) = (scale, knownDiameter, view.view)
    let reference = try scene.map { path in
      let scene = try changes.load(path)
      let trajectory = try Simulate.run(Simulation(of: scene, seed: changes.seed), quiet: outputOptions.quiet).0
      return ReferenceMotion(trajectory, on: scene.stage(showing: trajectory))
    }

    let line = ProgressLine("watching", quiet: outputOptions.quiet)
    var judgement: ClipJudgement
    do {
      defer { line.finish() }
      // Nothing is written before it is done, and what takes long in it, reading a pipe or asking the laws, has no steps.
      judgement = try Interruption.endingAtOnce {
        try Interruption.check()
        return try Judge(options: options).score(clip: clip, against: reference, framesPerSecond: fps) { done, total in
          line.show(Double(done), of: Double(total ?? 0), "frame \(done)") { "\(Numbers.short($0 / $1, digits: 2)) frames/s" }
        }
      }
    }

    let fitted = try fitted(judgement)
    if let fitted {
      judgement.document.reference?["fit_residual_px"] = fitted.residual
      judgement.document.reference?["fit_residual_sigma"] = fitted.sigma
      for parameter in fitted.parameters { judgement.document.reference?["fit \(parameter.path)"] = parameter.value }
    }
    let page = try report.map { try ScoreReport(judgement, of: clip).write(to: $0) }
    if outputOptions.json {
      try StandardStream.output.write(Array(try judgement.document.json()))
    }
    try outputOptions.summarize(
      judgement.document.text + (fitted.map { "\n\n" + Self.text($0) } ?? "") + (page.map { "\n\n  report in \($0)" } ?? ""))
    // What shows nothing to test hasn't passed one.
    if let failUnder, judgement.document.score < failUnder || judgement.document.verdict == .undetermined {
      throw ExitCode.answerIsNo
    }
  }

  /// The scene's best explanation of the clip, where it was asked for.
  private func fitted(_ judgement: ClipJudgement) throws -> SceneFit? {
    guard let scene, fit || !fitPath.isEmpty else { return nil }
    let fitted = try fittedPaths()
    let fitting = try SceneFitting(
      scene: scene, overrides: SceneChanges.parse(changes.assignments), seed: changes.seed, paths: fitted.map(\.path),
      start: Dictionary(fitted.compactMap { path in path.start.map { (path.path, $0) } }) { $1 })
    let line = ProgressLine("fitting", quiet: outputOptions.quiet)
    defer { line.finish() }
    let bodies = Set(judgement.document.tracks.filter { $0.kind == .compact }.map(\.id))
    return try fitting.fit(to: judgement.seen, bodies: bodies) { count, least in
      try Interruption.check()
      line.show(Double(count), of: Double(fitting.simulations), "\(count) worlds, \(Numbers.short(least, digits: 3)) px off") {
        _, _ in ""
      }
    }
  }

  /// What `--fit-path` names, and where the search begins.
  private func fittedPaths() throws -> [(path: String, start: Double?)] {
    try fitPath.map { text in
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      let start = parts.count == 2 ? Double(parts[1]) : nil
      guard let path = parts.first, parts.count == 1 || start?.isFinite == true else {
        throw UsageError("--fit-path takes PATH or PATH=NUMBER, not '\(text)'")
      }
      return (path, start)
    }
  }

  private static func text(_ fit: SceneFit) -> String {
    let values = fit.parameters.map { "  \($0.path) = \(Numbers.short($0.value))" }.joined(separator: "\n")
    return "best explanation by the scene".emphasized(.strong)
      + "  \(Numbers.short(fit.residual, digits: 3)) px off (\(Numbers.short(fit.sigma, digits: 2)) σ), as written \(Numbers.short(fit.before, digits: 3)) px; "
      .emphasized(.faint) + "\(fit.simulations) worlds".emphasized(.faint) + "\n" + values
  }

  private func checkOptions() throws {
    if scene == nil, fit || !fitPath.isEmpty {
      throw UsageError("--fit takes the scene whose values are fitted; give it with --scene")
    }
    if scene != nil, view != .unknown {
      throw UsageError("--view says how the camera stands, and the scene of --scene says it already; leave one away")
    }
    _ = try fittedPaths()
    func positive(_ value: Double?, _ option: String) throws {
      if let value, !(value > 0 && value.isFinite) { throw UsageError("\(option) is a positive number, not \(value)") }
    }
    try positive(fps, "--fps")
    try positive(scale, "--scale")
    try positive(knownDiameter, "--known-diameter")
    if scale != nil && knownDiameter != nil { throw UsageError("--scale and --known-diameter both give the scale; give one") }
    if let failUnder, !(0...1).contains(failUnder) { throw UsageError("--fail-under is from 0 to 1, not \(failUnder)") }
    if scene == nil, changes.seed != nil || !changes.assignments.isEmpty {
      throw UsageError("--set and --seed change a scene; give it with --scene")
    }
  }
}

/// `JudgeOptions.View` as it is typed.
enum ViewName: String, ExpressibleByArgument, CaseIterable {
  case unknown, level, overhead

  var view: JudgeOptions.View { JudgeOptions.View(rawValue: rawValue)! }
}
