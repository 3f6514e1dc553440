import ArgumentParser
import Foundation
import Mondo

/// Runs PHYSICS.md's cases on the scenes under `Scenes/validation` and prints what was expected, measured and allowed, with the
/// peers' figures beside.
struct PhysicsBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "physics", abstract: "Hold the simulation against closed forms and conservation laws.",
    discussion: """
      Each case is a scene under Scenes/validation, run in many variants. --set and --dt
      replace what a case varies; what is expected follows from the scene's own numbers.

      EXAMPLES
        mondo-bench physics
        mondo-bench physics bounce --set materials.bouncy.restitution=0.65 --dt 1/90
        mondo-bench physics sliding --set materials.rough.friction=0.45
        mondo-bench physics --markdown Evaluation/Reports/physics.md
      """)

  @Argument(help: "Cases to run; all when none is named.")
  var cases: [String] = []

  @Option(
    name: .customLong("set"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Change a value of the scenes, as in bodies.ball.mass=2. Repeatable.", valueName: "path=value"))
  var assignments: [String] = []

  @Option(name: .customLong("dt"), help: ArgumentHelp("Time step in seconds, as 0.005 or 1/240. Repeatable.", valueName: "s"))
  var timeSteps: [String] = []

  @Option(help: "Random phases that a case is run with.")
  var phases = 100

  @Flag(help: "One JSON object a line.")
  var json = false

  @Option(help: ArgumentHelp("Write the page of all cases here.", valueName: "file"))
  var markdown: String?

  @Option(help: "The folder of the scenes.")
  var scenes = "Scenes/validation"

  @Option(help: "The peers' measured figures.")
  var baselines = "Evaluation/Baselines/physics-peers.json"

  func validate() throws {
    let known = PhysicsCase.all.map(\.name)
    for name in cases where !known.contains(name) {
      throw ValidationError("there is no case '\(name)'; the cases are \(known.joined(separator: ", "))")
    }
    for text in assignments where Scene.Override(text) == nil {
      throw ValidationError("--set takes PATH=VALUE, not '\(text)'")
    }
    for text in timeSteps where Self.seconds(text) == nil {
      throw ValidationError("--dt takes a time in seconds such as 0.005 or 1/240, not '\(text)'")
    }
    if phases < 1 { throw ValidationError("--phases is at least 1, not \(phases)") }
  }

  func run() throws {
    let peers = try PhysicsPeers(path: baselines)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    var all: [PhysicsMeasurement] = []
    for physicsCase in PhysicsCase.all where cases.isEmpty || cases.contains(physicsCase.name) {
      let lines = try measure(physicsCase)
      all += lines
      for line in lines {
        print(json ? String(decoding: try encoder.encode(line), as: UTF8.self) : line.text)
      }
      for (engine, figure) in peers.figures(of: physicsCase.name) where !json { print("    \(engine): \(figure)") }
    }
    if let markdown { try PhysicsReport(all, peers).write(to: markdown) }
    let failed = all.count { !$0.pass }
    if !json { print(failed == 0 ? "every bound holds" : "\(failed) bounds do not hold") }
    if failed > 0 { throw ExitCode(1) }
  }

  /// All variants of a case, in order; one line a quantity.
  private func measure(_ physicsCase: PhysicsCase) throws -> [PhysicsMeasurement] {
    guard case .variants(let variants, let measure) = physicsCase.work else { return try measureWhole(physicsCase) }
    let path = "\(scenes)/\(physicsCase.name).yaml"
    let overrides = assignments.compactMap { Scene.Override($0) }
    let settings = PhysicsSettings(
      overrides: overrides, timeSteps: timeSteps.compactMap(Self.seconds), phases: phases,
      scene: try Scene(contentsOf: path, overrides: overrides))
    var lines: [PhysicsMeasurement] = []
    for variant in settings.variants(of: variants) {
      let scene = try Scene(contentsOf: path, overrides: variant.overrides + overrides)
      var simulation = Simulation(of: scene, rate: 1 / variant.timeStep)
      simulation.timeStep = variant.timeStep
      let run = PhysicsRun(name: physicsCase.name, scene: scene, trajectory: try simulation.run(), step: variant.timeStep)
      lines += measure(run)
    }
    return PhysicsMeasurement.worst(lines)
  }

  private func measureWhole(_ physicsCase: PhysicsCase) throws -> [PhysicsMeasurement] {
    guard assignments.isEmpty, timeSteps.isEmpty, case .whole(let run) = physicsCase.work else {
      throw ValidationError("the case '\(physicsCase.name)' runs as it stands: it takes neither --set nor --dt")
    }
    return try run()
  }

  /// `0.005` or `1/200`; nil for what is no positive time.
  static func seconds(_ text: String) -> Double? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).compactMap { Double($0) }
    let value = parts.count == 2 ? parts[0] / parts[1] : parts.count == 1 && !text.contains("/") ? parts[0] : nil
    return value.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
  }
}

extension PhysicsMeasurement {
  /// The table's line, in columns.
  var text: String {
    func column(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(1, width - text.count)) }
    func number(_ value: Double) -> String { String(format: "%.6g", value) }
    return column(self.case, 16) + column(quantity, 64) + column("expected \(number(expected))", 20)
      + column("measured \(number(measured))", 24) + column("error \(number(error))", 20) + column("bound \(number(bound))", 14)
      + (pass ? "pass" : "FAIL")
  }
}
