import ArgumentParser
import Mondo

/// Which scene, and how it is changed before use.
struct SceneOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The scene file.", valueName: "scene"), completion: .file(extensions: ["yaml", "yml"]))
  var scene: String

  @OptionGroup var changes: SceneChanges

  var seed: UInt64? { changes.seed }

  func load() throws -> Scene { try changes.load(scene) }
}

/// Changes to a scene that come from the command line.
struct SceneChanges: ParsableArguments {
  @Option(parsing: .unconditional, help: ArgumentHelp("Seed the scene's randomness.", valueName: "n"))
  var seed: UInt64?

  @Option(
    name: .customLong("set"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Change a value of the scene, as in bodies.ball.mass=2 or \"bodies.ball.velocity[0]=6 m/s\". Repeatable.",
      valueName: "path=value"))
  var assignments: [String] = []

  /// Reads and checks the scene with the changes; its warnings go to standard error.
  func load(_ path: String) throws -> Scene { try load(path, assignments: assignments) }

  func load(_ path: String, assignments: [String]) throws -> Scene {
    let (scene, warnings) = try Scene.read(contentsOf: path, overrides: try Self.parse(assignments), seed: seed)
    for warning in warnings { remark(warning.formatted(colored: Terminal.errorIsColored)) }
    return scene
  }

  static func parse(_ assignments: [String]) throws -> [Scene.Override] {
    try assignments.map { text in
      guard let override = Scene.Override(text) else {
        throw UsageError("--set takes PATH=VALUE, not '\(text)'", remedy: "as in --set bodies.ball.mass=2")
      }
      return override
    }
  }
}
