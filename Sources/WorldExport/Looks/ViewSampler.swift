import Foundation
import Rendering
import SceneDescription
import WorldCore

/// Draws cameras around those that the author set up: a walk about the thing looked at, nearer or farther, wider or tighter.
///
/// A view counts only if it shows what moves about as well as the author's own does; after six that don't, the author's own it
/// is.
struct ViewSampler {
  private let scene: Scene
  private let trajectory: Trajectory
  private let isClaimed: Bool

  init(_ scene: Scene, _ trajectory: Trajectory) {
    self.scene = scene
    self.trajectory = trajectory
    isClaimed = LookSampler.Aspect.claimed(by: scene).contains(.view)
  }

  func draw(_ stage: inout Stage, from stream: inout RandomStream) {
    guard !isClaimed else { return }
    let own = sight(of: stage)
    for _ in 0..<6 {
      let move = Move(from: &stream)
      var candidate = stage
      for k in candidate.shots.indices {
        candidate.shots[k].camera = moved(candidate.shots[k].camera, by: move, within: candidate.shots[k])
      }
      let seen = sight(of: candidate)
      // As many of the moments as before must show something that moves, and not less than 0.6 of it.
      if seen.moments >= own.moments && seen.pixels >= own.pixels * 0.6 && seen.pixels <= own.pixels * 2 {
        stage = candidate
        return
      }
    }
  }

  /// How a camera is moved about what it looks at.
  private struct Move {
    /// Radians about the vertical and up or down.
    var azimuth: Double
    var elevation: Double
    /// Factors of the distance and of the angle of view.
    var distance: Double
    var angle: Double

    init(from stream: inout RandomStream) {
      azimuth = stream.uniform(in: -0.5...0.5)
      elevation = stream.uniform(in: -0.12...0.2)
      distance = exp(stream.uniform(in: log(0.85)...log(1.25)))
      angle = stream.uniform(in: 0.9...1.1)
    }
  }

  private func moved(_ camera: Camera, by move: Move, within shot: Stage.Shot) -> Camera {
    let pivot = camera.aim(at: (shot.start + shot.end) / 2, of: trajectory)
    let floor = min(0.1, lowest(camera))
    func moved(_ place: Vector3) -> Vector3 {
      let arm = place - pivot
      let flat = (arm.x * arm.x + arm.y * arm.y).squareRoot()
      let length = arm.length * move.distance
      let heading = atan2(arm.y, arm.x) + move.azimuth
      let elevation = min(max(atan2(arm.z, flat) + move.elevation, -1.4), 1.4)
      var there = pivot
      there.x += length * cos(elevation) * cos(heading)
      there.y += length * cos(elevation) * sin(heading)
      there.z = max(there.z + length * sin(elevation), floor)
      return there
    }
    var camera = camera
    switch camera.position {
    case .fixed(let place): camera.position = .fixed(moved(place))
    case .path(let keys): camera.position = .path(keys.map { Camera.Key(time: $0.time, value: moved($0.value)) })
    }
    camera.fieldOfView *= move.angle
    return camera
  }

  private func lowest(_ camera: Camera) -> Double {
    switch camera.position {
    case .fixed(let place): place.z
    case .path(let keys): keys.map(\.value.z).min() ?? 0
    }
  }

  /// Pixels of moving things over some moments of a small picture, and at how many of these there were any.
  private func sight(of stage: Stage) -> (pixels: Double, moments: Int) {
    let width = 64
    let height = max(8, width * stage.picture.height / stage.picture.width)
    let options = RenderOptions(
      width: width, height: height, framesPerSecond: 10 / max(scene.duration, 0.01), passes: .segmentation, threads: 1)
    let isMoving =
      [false] + stage.items.map { trajectory.body($0.name)?.motion != .fixed } + stage.sheets.map { _ in true }
      + stage.liquids.map { _ in true }
    guard let renderer = try? Renderer(stage: stage, options: options) else { return (0, 0) }
    var (pixels, moments) = (0, 0)
    for index in 0..<renderer.frameCount(of: trajectory) {
      guard let seen = try? renderer.frame(at: index, of: trajectory).segmentation?.pixels else { continue }
      let count = seen.count { isMoving[Int($0)] }
      pixels += count
      if count > 0 { moments += 1 }
    }
    return (Double(pixels), moments)
  }
}
