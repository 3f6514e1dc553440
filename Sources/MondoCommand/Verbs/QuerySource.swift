import Mondo

/// The world that a question is about: simulated from a scene, or read from a recording.
struct QuerySource {
  let history: WorldHistory
  private let path: String
  /// nil for a recording.
  private let scene: Scene?

  init(path: String, changes: SceneChanges, assignments: [String], quiet: Bool) throws {
    self.path = path
    if TrajectoryFormat(path: path) != nil {
      guard assignments.isEmpty, changes.seed == nil else {
        throw UsageError("a recorded trajectory can't be changed", remedy: "give its scene instead of \(path)")
      }
      scene = nil
      history = WorldHistory(try Trajectory(contentsOf: path))
    } else {
      let scene = try changes.load(path, assignments: assignments)
      self.scene = scene
      history = WorldHistory(try Simulate.run(Simulation(of: scene, seed: changes.seed), quiet: quiet).0)
    }
  }

  func visible(at time: Double) throws -> VisibilityAnswer {
    guard let scene else {
      throw UsageError("a recorded trajectory has no camera", remedy: "give its scene instead of \(path)")
    }
    return try history.visible(at: time, on: scene.stage(showing: history.trajectory))
  }

  func comparison(_ changes: SceneChanges, quiet: Bool) throws -> ComparisonAnswer {
    guard scene != nil else {
      throw UsageError("a recorded trajectory can't be changed", remedy: "give its scene instead of \(path)")
    }
    let changed = try changes.load(path)
    let other = WorldHistory(try Simulate.run(Simulation(of: changed, seed: changes.seed), quiet: quiet).0)
    return try history.comparison(with: other, changes: changes.assignments)
  }
}
