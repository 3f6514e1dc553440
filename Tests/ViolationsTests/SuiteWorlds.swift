import Foundation
import SceneDescription
import Violations
import WorldCore
import WorldSimulation

/// The scenes that the suite of violations comes with, simulated once for all tests.
enum SuiteWorlds {
  static let names = ["throw", "drop", "two-throws", "strike", "roll"]

  static func world(_ name: String, seed: UInt64 = 3) throws -> ValidWorld {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let path = name == "pendulum" ? "Scenes/pendulums/pendulum.yaml" : "Evaluation/Suites/scenes/\(name).yaml"
    let scene = try Scene.sample(contentsOf: root.appending(path: path).path, seed: seed)
    return ValidWorld(trajectory: try Simulation(of: scene).run(), stage: scene.stage)
  }

  static let all: [String: ValidWorld] = Dictionary(
    uniqueKeysWithValues: (names + ["pendulum", "stick-toss"]).map { ($0, try! world($0)) })
}
