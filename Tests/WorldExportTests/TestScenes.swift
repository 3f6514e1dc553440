import Foundation
import SceneDescription
import Testing
import WorldCore
import WorldExport
import WorldSimulation

/// A folder of a test's own with small scenes in it; it goes away with the object.
final class SceneFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "mondo-export-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (name, text) in ["bounce": Self.bounce, "slide": Self.slide] {
      try text.write(toFile: "\(path)/\(name).yaml", atomically: true, encoding: .utf8)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var bouncePath: String { path + "/bounce.yaml" }
  var slidePath: String { path + "/slide.yaml" }

  static let bounce = """
    mondo: 1
    name: bounce
    duration: 0.5 s
    materials: {grip: {like: rubber, color: red}}
    bodies:
      floor: {shape: {plane: {}}, motion: fixed, material: concrete}
      ball: {shape: {sphere: {radius: 20 cm}}, mass: 1, material: grip, position: [0, 0, 0.8], velocity: [0.8, 0, 0]}
    camera: {position: [0, -3, 0.8], look_at: [0, 0, 0.5], fov: 40 deg}
    picture: {size: 72x56, fps: 18}
    vary:
      bodies.ball.position[2]: {uniform: [0.7, 0.9]}
    """

  static let slide = """
    mondo: 1
    name: slide
    duration: 0.25 s
    bodies:
      floor: {shape: {plane: {}}, motion: fixed, material: ice}
      block: {shape: {box: {size: [40 cm, 30 cm, 20 cm]}}, mass: 1, material: {like: wood}, position: [0, 0, 0.1], velocity: [1.5, 0, 0]}
    camera: {position: [0, -3, 1], look_at: [0, 0, 0.1], fov: 30 deg}
    picture: {size: 64x48, fps: 8}
    """
}
