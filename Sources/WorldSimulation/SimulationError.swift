import SceneDescription

/// Why an engine could not begin or go on with a scene that is valid.
public struct SimulationError: Error, Equatable, CustomStringConvertible {
  public var scene: String
  /// What happened and what to do.
  public var message: String

  public init(scene: String, message: String) {
    self.scene = scene
    self.message = message
  }

  init(scene: Scene, _ error: some CustomStringConvertible) {
    self.init(scene: scene.name, message: error.description)
  }

  public var description: String { "scene '\(scene)': \(message)" }
}
