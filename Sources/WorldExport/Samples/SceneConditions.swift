import Rendering
import Safetensors
public import SceneDescription
public import WorldCore

/// What a generator is told of a scene's simulation: the very tensors, plain view and captions that a sample of a data set has.
public struct SceneConditions: Sendable {
  /// A sample's `.safetensors`.
  public var tensors: [UInt8]
  /// The plainest picture of each frame: one ray a pixel, hard shadows; the style's colours, sky and outlines.
  public var plainView: [Image<SRGB8>]
  public var framesPerSecond: Double
  /// The shot that each frame belongs to.
  public var shots: [Int]
  /// English, the plainest first; then Italian.
  public var captions: [String]

  /// Films a simulated scene.
  ///
  /// - Parameters:
  ///   - size: pixels; nil is the scene's.
  ///   - seconds: from the beginning; nil is all of it.
  ///   - style: nil is each shot's own.
  ///   - progress: frames done and in all; what it throws ends the work.
  /// - Throws: `RenderingError`, `SafetensorsError`.
  public init(
    _ scene: Scene, trajectory: Trajectory, size: (width: Int, height: Int)? = nil, seconds: Double? = nil,
    style: Stage.Style? = nil, progress: (Int, Int) throws -> Void = { _, _ in }
  ) throws {
    let world = SampleWorld(scene, trajectory: trajectory, size: size)
    var pass = try PlainPass(of: world, seconds: seconds, style: style, threads: nil)
    var frames: [Image<SRGB8>] = []
    while let frame = try pass.next() {
      frames.append(frame)
      try progress(frames.count, pass.frameCount)
    }
    plainView = frames
    framesPerSecond = pass.framesPerSecond
    shots = pass.shots
    tensors = try pass.tensors()
    let told = SampleWorld.captions(of: world)
    captions = told.en + told.it
  }
}
