import Dispatch
import Foundation
import Rendering
import Safetensors
import WorldCore

/// The plain view of a world, frame by frame, and with it the controls: one ray a pixel tells both.
struct PlainPass {
  let framesPerSecond: Double
  let frameCount: Int
  var width: Int { renderers[0].width }
  var height: Int { renderers[0].height }

  private let world: SampleWorld
  /// Each makes frames of its own at the same time as the others.
  private let renderers: [Renderer]
  private var ready: ArraySlice<Filmed> = []
  /// The latest picture by each renderer.
  private var latest: [Frame.Displayed?]
  private var controls: ControlRecorder
  private var views: [(viewpoint: Viewpoint, shot: Int)] = []

  /// - Parameters:
  ///   - seconds: from the beginning; nil is all of it.
  ///   - style: nil is each shot's own.
  ///   - threads: nil is one a core.
  init(of world: SampleWorld, seconds: Double? = nil, style: Stage.Style? = nil, threads: Int?) throws {
    self.world = world
    let stage = world.stage
    var options = RenderOptions(
      samplesPerPixel: 1, passes: [.color, .depth, .segmentation, .normals, .flow], style: style, threads: threads)
    options.smoothsEdges = true
    // A frame on each core: rows of one shared out would wait for what frames do by themselves. Liquids are the exception: what
    // a renderer knows of froth comes from all frames before.
    let cores = threads ?? ProcessInfo.processInfo.activeProcessorCount
    if stage.liquids.isEmpty { options.threads = 1 }
    renderers = try (0..<(stage.liquids.isEmpty ? max(1, cores) : 1)).map { _ in try Renderer(stage: stage, options: options) }
    latest = renderers.map { _ in nil }
    let renderer = renderers[0]
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

  /// What is kept of a frame.
  private struct Filmed: Sendable {
    var displayed: Frame.Displayed
    var cells: ControlRecorder.FrameCells
    var viewpoint: Viewpoint
    var shot: Int
  }

  /// The next frame; nil behind the last.
  mutating func next() throws -> Image<SRGB8>? {
    guard views.count < frameCount else { return nil }
    if ready.isEmpty {
      ready = try film(views.count..<min(views.count + renderers.count, frameCount))[...]
      for (k, seen) in ready.enumerated() { latest[k] = seen.displayed }
    }
    let seen = ready.removeFirst()
    controls.append(seen.cells)
    views.append((seen.viewpoint, seen.shot))
    return seen.displayed.picture
  }

  /// As many frames as there are renderers, or fewer.
  private func film(_ frames: Range<Int>) throws -> [Filmed] {
    let (world, controls, renderers, latest) = (world, controls, renderers, latest)
    @Sendable func film(_ frame: Int, by number: Int) throws -> Filmed {
      let seen = try renderers[number].frame(at: frame, of: world.trajectory)
      return Filmed(
        displayed: seen.display(after: latest[number])!, cells: controls.cells(of: seen), viewpoint: seen.viewpoint,
        shot: seen.shot)
    }
    guard frames.count > 1 else { return [try film(frames.lowerBound, by: 0)] }
    var results = [Result<Filmed, any Error>?](repeating: nil, count: frames.count)
    results.withUnsafeMutableBufferPointer { buffer in
      // Each place is written once, by the renderer of its number.
      nonisolated(unsafe) let places = buffer.baseAddress!
      DispatchQueue.concurrentPerform(iterations: frames.count) { k in
        places[k] = Result { try film(frames.lowerBound + k, by: k) }
      }
    }
    return try results.map { try $0!.get() }
  }

  /// A sample's `.safetensors`, when all frames are through.
  mutating func tensors() throws -> [UInt8] {
    let all = controls.tensors() + MotionTensors.tensors(of: world, views: views, framesPerSecond: framesPerSecond)
    return try SafetensorsFile.encode(all, metadata: SampleFiles.metadata(world, controls.layout, framesPerSecond))
  }
}
