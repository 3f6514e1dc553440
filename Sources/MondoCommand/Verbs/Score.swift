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
        mondo score clip.mp4 --scale 120 --view level
        mondo score slow-motion.mp4 --fps 240 --known-diameter 0.24
        mondo score clip.mp4 --fail-under 0.5 --json
      """)

  @Argument(help: ArgumentHelp("The clip.", valueName: "clip"), completion: .file())
  var clip: String

  @Option(help: ArgumentHelp("The scene it shows: gives view, scale and gravity, and where bodies ought to be.", valueName: "scene"))
  var scene: String?

  @Option(help: ArgumentHelp("Frames a second at which the world was shot. Default: the file's.", valueName: "n"))
  var fps: Double?

  @Option(help: ArgumentHelp("Pixels a metre, in the plane of motion.", valueName: "px"))
  var scale: Double?

  @Option(help: ArgumentHelp("True diameter of what moves, metres: gives the scale.", valueName: "m"))
  var knownDiameter: Double?

  @Option(help: ArgumentHelp("How the camera stands: level, overhead or unknown.", valueName: "view"))
  var view = ViewName.unknown

  @Option(help: ArgumentHelp("Write an HTML report into this folder.", valueName: "dir"))
  var report: String?

  @Option(help: ArgumentHelp("Exit with 1 when the score is below this.", valueName: "x"))
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
      return ReferenceMotion(trajectory, on: scene.stage, gravity: scene.gravity)
    }

    let line = ProgressLine("watching", quiet: outputOptions.quiet)
    let judgement: ClipJudgement
    do {
      defer { line.finish() }
      judgement = try Judge(options: options).score(clip: clip, against: reference, framesPerSecond: fps) { done, total in
        try Interruption.check()
        line.show(Double(done), of: Double(total ?? 0), "frame \(done)") { "\(Numbers.short($0 / $1, digits: 2)) frames/s" }
      }
    }

    let page = try report.map { try ScoreReport(judgement, of: clip).write(to: $0) }
    if outputOptions.json {
      try StandardStream.output.write(Array(try judgement.document.json()))
    }
    try outputOptions.summarize(judgement.document.text + (page.map { "\n\n  report in \($0)" } ?? ""))
    if let failUnder, judgement.document.score < failUnder { throw ExitCode.answerIsNo }
  }

  private func checkOptions() throws {
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
