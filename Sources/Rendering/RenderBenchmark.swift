import Foundation
import WorldCore

/// How fast the exact passes are made: 20 faceted spheres above a plane, colour, depth, segmentation, normals and flow,
/// one sample a pixel.
public struct RenderBenchmark: Sendable {
  /// Pixels a side.
  public var size: Int
  public var frames: Int
  public var threads: Int?
  public var passes: RenderPasses

  public init(
    size: Int = 256, frames: Int = 30, threads: Int? = nil,
    passes: RenderPasses = [.color, .depth, .segmentation, .normals, .flow]
  ) {
    (self.size, self.frames, self.threads, self.passes) = (size, frames, threads, passes)
  }

  public struct Result: Sendable, Codable {
    public var engine: String
    /// Pixels a side.
    public var size: Int
    public var framesPerSecond: Double

    enum CodingKeys: String, CodingKey {
      case engine, size
      case framesPerSecond = "frames_per_second"
    }
  }

  /// Renders the scene once to warm up, then `frames` times against the clock.
  public func run() throws(RenderingError) -> Result {
    let (stage, trajectory) = scene
    let renderer = try Renderer(
      stage: stage, options: RenderOptions(width: size, height: size, samplesPerPixel: 1, passes: passes, threads: threads))
    _ = try renderer.frame(at: 1, of: trajectory)
    let clock = ContinuousClock()
    let start = clock.now
    for frame in 1...frames { _ = try renderer.frame(at: frame, of: trajectory) }
    let seconds = (clock.now - start) / .seconds(1)
    return Result(engine: "mondo", size: size, framesPerSecond: (Double(frames) / seconds * 10).rounded() / 10)
  }

  /// Spheres of radius 0.4 m with 64 × 32 facets in a 5 × 4 grid.
  private var scene: (Stage, Trajectory) {
    let ball = Shape.mesh(Shape.sphere(radius: 0.4).tessellated(segments: 64))
    let orange = Surface(color: SIMD3(0.9, 0.4, 0.1), roughness: 0.5)
    var items = [Stage.Item(name: "floor", shape: .plane(normal: .unitZ), surface: Surface(color: SIMD3(repeating: 0.6)))]
    var bodies = [BodyTrack(name: "floor", motion: .fixed, mass: 0, inertia: .zero, states: [BodyState(position: .zero)])]
    for k in 0..<20 {
      let place = Vector3(Double(k % 5 - 2), Double(k / 5 - 2), 0.5)
      items.append(Stage.Item(name: "ball-\(k)", shape: ball, surface: orange))
      bodies.append(
        BodyTrack(name: "ball-\(k)", motion: .dynamic, mass: 1, inertia: .zero, states: [BodyState(position: place)]))
    }
    let fps = 24.0
    let camera = Camera(
      position: .fixed(Vector3(4, -6, 4)), target: .point(Vector3(0, 0, 0.4)), fieldOfView: 50 * Double.pi / 180)
    let seconds = Double(frames + 2) / fps
    let stage = Stage(
      items: items, shots: [Stage.Shot(start: 0, end: seconds, camera: camera, style: .realistic)],
      picture: Stage.Picture(width: size, height: size, framesPerSecond: fps))
    let identity = Trajectory.SceneIdentity(name: "render-benchmark", seed: 0, duration: seconds, digest: "")
    return (stage, Trajectory(scene: identity, times: [0], bodies: bodies, contacts: []))
  }
}
