import Foundation
public import WorldCore

/// How a world is filmed when a simulated tracker watches it: what the look of a clip is to a judge of motion.
public struct FilmingCondition: Sendable, Codable, Equatable {
  public var name: String
  /// Height of the picture, px; its width keeps the scene's aspect.
  public var height: Int
  public var framesPerSecond: Double
  /// Of the tracker's own positions and areas, as a factor: coders, dim light, small contrast.
  public var noise: Double
  /// Of the camera about its line of sight, degrees.
  public var roll: Double
  /// What stabilising leaves of a shaking hand, px, standard deviation; shared by all that is seen in a frame.
  public var shake: Double
  /// How far the camera is moved about what it looks at, drawn evenly from ± this, radians.
  public var azimuth: Double

  public init(
    name: String, height: Int = 144, framesPerSecond: Double = 24, noise: Double = 1, roll: Double = 0, shake: Double = 0,
    azimuth: Double = 0.3
  ) {
    self.name = name
    self.height = height
    self.framesPerSecond = framesPerSecond
    self.noise = noise
    self.roll = roll
    self.shake = shake
    self.azimuth = azimuth
  }
}

extension ValidWorld {
  /// The same world seen by one camera that stands still: the first shot's, moved about its aim by what the stream draws.
  public func filmed(under condition: FilmingCondition, stream: inout RandomStream) -> ValidWorld {
    var world = self
    let shot = stage.shots[0]
    let aim = shot.camera.aim(at: shot.start, of: trajectory)
    let turn = Quaternion(axis: .unitZ, angle: stream.uniform(in: -1...1) * condition.azimuth)
    let arm =
      turn.rotate(shot.camera.place(at: shot.start) - aim)
      * (1 + 0.2 * stream.uniform(in: -0.5...1) * min(1, condition.azimuth * 3))
    var camera = shot.camera
    (camera.position, camera.target) = (.fixed(aim + arm), .point(aim))
    camera.roll = condition.roll * .pi / 180
    world.stage.shots = [Stage.Shot(start: 0, end: trajectory.scene.duration, camera: camera, style: shot.style)]
    let aspect = Double(stage.picture.width) / Double(stage.picture.height)
    world.stage.picture.height = condition.height
    world.stage.picture.width = max(2, Int((aspect * Double(condition.height) / 2).rounded()) * 2)
    world.stage.picture.framesPerSecond = condition.framesPerSecond
    return world
  }

  /// A world that is filmed already, in another size, rate or roll, by a camera at the same place.
  public func filmedAgain(under condition: FilmingCondition) -> ValidWorld {
    var world = self
    let aspect = Double(stage.picture.width) / Double(stage.picture.height)
    world.stage.picture.height = condition.height
    world.stage.picture.width = max(2, Int((aspect * Double(condition.height) / 2).rounded()) * 2)
    world.stage.picture.framesPerSecond = condition.framesPerSecond
    for k in world.stage.shots.indices { world.stage.shots[k].camera.roll = condition.roll * .pi / 180 }
    return world
  }
}
