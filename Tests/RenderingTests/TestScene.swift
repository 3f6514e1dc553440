import Rendering
import WorldCore

/// A stage with a trajectory, put together in a few words.
struct TestScene {
  var stage: Stage
  var trajectory: Trajectory

  struct Thing {
    var name: String
    var shape: Shape
    var surface = Surface()
    var position = Vector3.zero
    var orientation = Quaternion.identity
    var velocity = Vector3.zero
    var spin = Vector3.zero
  }

  static let framesPerSecond = 24.0

  /// Two seconds at 24 samples a second: samples and frames coincide.
  init(
    _ things: [Thing], camera: Camera, light: Stage.Light = .init(), style: Stage.Style = .realistic, width: Int = 64,
    height: Int = 48
  ) {
    let times = (0...48).map { Double($0) / Self.framesPerSecond }
    let bodies = things.map { thing in
      BodyTrack(
        name: thing.name, motion: .dynamic, mass: 1, inertia: Vector3(1, 1, 1),
        states: times.map { t in
          BodyState(
            position: thing.position + thing.velocity * t,
            orientation: Quaternion(rotationVector: thing.spin * t) * thing.orientation, velocity: thing.velocity,
            angularVelocity: thing.spin)
        })
    }
    stage = Stage(
      items: things.map { Stage.Item(name: $0.name, shape: $0.shape, surface: $0.surface) }, light: light,
      shots: [Stage.Shot(start: 0, end: 2, camera: camera, style: style)],
      picture: Stage.Picture(width: width, height: height, framesPerSecond: Self.framesPerSecond))
    trajectory = Trajectory(
      scene: .init(name: "test", seed: 1, duration: 2, digest: ""), times: times, bodies: bodies, contacts: [])
  }

  static let lookingAlongY = Camera(position: .fixed(Vector3(0, -4, 0)), target: .point(.zero), fieldOfView: 0.6)

  func frame(_ index: Int = 0, _ options: RenderOptions) throws -> Frame {
    try Renderer(stage: stage, options: options).frame(at: index, of: trajectory)
  }
}

extension Image where Pixel == SIMD3<Float> {
  /// The average over the pixels that satisfy `isIncluded`.
  func mean(where isIncluded: (Int, Int) -> Bool) -> SIMD3<Float> {
    var (sum, count) = (SIMD3<Float>.zero, Float(0))
    for y in 0..<height {
      for x in 0..<width where isIncluded(x, y) {
        sum += self[x, y]
        count += 1
      }
    }
    return sum / max(count, 1)
  }
}
