import SceneDescription
public import WorldCore

/// Why an engine could not begin or go on with a scene that is valid.
public struct SimulationError: Error, Equatable, CustomStringConvertible {
  public var scene: String
  /// What happened and what to do.
  public var message: String
  /// What had been recorded until then; nil where the engine could not begin.
  public var recorded: Trajectory?

  public init(scene: String, message: String, recorded: Trajectory? = nil) {
    self.scene = scene
    self.message = message
    self.recorded = recorded
  }

  init(scene: Scene, _ error: some CustomStringConvertible) {
    self.init(scene: scene.name, message: error.description)
  }

  public var description: String { "scene '\(scene)': \(message)" }
}
