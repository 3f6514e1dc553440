import Foundation

/// A clip in memory.
struct Footage: Sendable {
  var frames: [Image<SRGB8>]
  var sound: AudioBuffer
  var framesPerSecond: Double

  /// The frames and the sound of a broken world that is filmed as its valid twin is.
  func reordered(_ broken: BrokenWorld, fps: Double) -> Footage {
    var footage = self
    footage.frames = broken.frames.order(of: frames.count).map { frames[min($0, frames.count - 1)] }
    footage.framesPerSecond = fps
    if broken.sound != .kept { footage.sound = WorldFilm.sound(of: broken) }
    if broken.frames == .reversed { footage.sound.samples.reverse() }
    return footage
  }

  /// What anybody can make of it without a model.
  func spoiled(as baseline: BaselineClip, stream: inout RandomStream) -> Footage {
    var footage = self
    switch baseline {
    case .truth: break
    case .still: footage.frames = frames.map { _ in frames[0] }
    case .noise:
      footage.frames = frames.map { frame in
        var noise = frame
        for k in noise.pixels.indices {
          let bits = stream.next()
          noise.pixels[k] = SRGB8(
            red: UInt8(truncatingIfNeeded: bits), green: UInt8(truncatingIfNeeded: bits >> 8),
            blue: UInt8(truncatingIfNeeded: bits >> 16))
        }
        return noise
      }
    case .shuffled:
      footage.frames = BrokenWorld.FrameOrder.shuffled(seed: stream.next()).order(of: frames.count).map { frames[$0] }
    case .reversed: footage.frames = frames.reversed()
    case .slow: footage.frames = frames.flatMap { [$0, $0] }
    }
    return footage
  }

  func write(to path: String, rateFactor: Double = 18) throws {
    let writer = try ClipWriter(
      path: path,
      settings: ClipSettings(
        width: frames[0].width, height: frames[0].height, framesPerSecond: framesPerSecond, hasSound: !sound.samples.isEmpty,
        constantRateFactor: rateFactor, effort: .veryfast))
    for frame in frames { try writer.append(frame) }
    let length = Int(Double(frames.count) / framesPerSecond * Double(sound.sampleRate))
    if !sound.samples.isEmpty { try writer.append(AudioBuffer(samples: Array(sound.samples.prefix(length)))) }
    try writer.finish()
  }
}

/// Renders worlds whole, for clips that are cut and spoiled in memory.
struct WorldFilm {
  /// Light paths a pixel.
  var samplesPerPixel: Int

  func rate(of broken: BrokenWorld) -> Double { broken.stage.picture.framesPerSecond }

  func shoot(_ broken: BrokenWorld, check: () throws -> Void) throws -> Footage {
    let (trajectory, stage) = broken.staged()
    let renderer = try Renderer(stage: stage, options: RenderOptions(samplesPerPixel: samplesPerPixel, threads: 1))
    let count = renderer.frameCount(of: trajectory)
    var frames: [Image<SRGB8>] = []
    for index in broken.frames.order(of: count) {
      try check()
      if let picture = try renderer.frame(at: index, of: trajectory).display { frames.append(picture) }
    }
    return Footage(frames: frames, sound: Self.sound(of: broken), framesPerSecond: renderer.framesPerSecond)
  }

  /// The sound of the world, with what is done to it.
  static func sound(of broken: BrokenWorld) -> AudioBuffer {
    SoundTrack(of: broken.heard, on: broken.stage).render()
  }
}
