import Rendering
import Safetensors
import WorldCore

/// The plain view of a world, frame by frame, and with it the controls: one ray a pixel tells both.
struct PlainPass {
  let framesPerSecond: Double
  let frameCount: Int
  var width: Int { renderer.width }
  var height: Int { renderer.height }

  private let world: SampleWorld
  private let renderer: Renderer
  private var controls: ControlRecorder
  private var views: [(viewpoint: Viewpoint, shot: Int)] = []

  /// - Parameters:
  ///   - seconds: from the beginning; nil is all of it.
  ///   - threads: nil is one a core.
  init(of world: SampleWorld, seconds: Double? = nil, threads: Int?) throws {
    self.world = world
    let stage = world.stage
    var options = RenderOptions(
      samplesPerPixel: 1, passes: [.color, .depth, .segmentation, .normals, .flow], style: .realistic, threads: threads)
    options.smoothsEdges = true
    let renderer = try Renderer(stage: stage, options: options)
    self.renderer = renderer
    let framesPerSecond = renderer.framesPerSecond
    self.framesPerSecond = framesPerSecond
    let whole = renderer.frameCount(of: world.trajectory)
    let frameCount = seconds.map { max(1, min(whole, Int(($0 * renderer.framesPerSecond).rounded()))) } ?? whole
    self.frameCount = frameCount
    let motions =
      stage.items.map { world.trajectory.body($0.name)?.motion ?? .fixed } + stage.sheets.map { _ in .dynamic }
      + stage.liquids.map { _ in .dynamic }
    controls = ControlRecorder(
      ControlLayout(frameCount: frameCount, width: renderer.width, height: renderer.height), motions: motions,
      // What happens behind the end isn't seen.
      contacts: world.trajectory.contacts.filter { $0.time < Double(frameCount) / framesPerSecond },
      framesPerSecond: framesPerSecond)
  }

  /// The shot of each frame so far.
  var shots: [Int] { views.map(\.shot) }

  /// The next frame; nil behind the last.
  mutating func next() throws -> Image<SRGB8>? {
    guard views.count < frameCount else { return nil }
    let seen = try renderer.frame(at: views.count, of: world.trajectory)
    controls.append(seen)
    views.append((seen.viewpoint, seen.shot))
    return seen.display!
  }

  /// A sample's `.safetensors`, when all frames are through.
  mutating func tensors() throws -> [UInt8] {
    let all = controls.tensors() + MotionTensors.tensors(of: world, views: views, framesPerSecond: framesPerSecond)
    return try SafetensorsFile.encode(all, metadata: SampleFiles.metadata(world, controls.layout, framesPerSecond))
  }
}
