/// Makes a clip of a trajectory: picture, sound, and the ground truth beside it.
///
/// Frames go to the encoder as they are rendered, so a clip of any length takes the memory of one frame. Clip and passes
/// appear under their names together, when all of them are complete.
public struct ClipProduction: Sendable {
  public var stage: Stage
  public var trajectory: Trajectory
  public var options: RenderOptions

  /// - Parameter options: `passes` says what is made; the clip itself is the colour pass.
  public init(_ trajectory: Trajectory, on stage: Stage, options: RenderOptions = RenderOptions()) {
    self.stage = stage
    self.trajectory = trajectory
    self.options = options
  }

  /// What was made.
  public struct Outcome: Codable, Equatable, Sendable {
    /// nil where no colour was asked for.
    public var clip: String?
    /// By pass.
    public var passes: [String: String]
    public var width: Int
    public var height: Int
    public var framesPerSecond: Double
    public var frames: Int
    public var duration: Double

    enum CodingKeys: String, CodingKey {
      case clip, passes, width, height, frames, duration
      case framesPerSecond = "fps"
    }
  }

  /// Renders and encodes everything.
  ///
  /// - Parameters:
  ///   - path: of the clip; its ending says its form. Passes stand beside it: `out.mp4` has its depth in
  ///     `out.depth.safetensors`.
  ///   - progress: called after each frame with the frames done and in all; what it throws ends the work.
  /// - Throws: `RenderingError`, `MediaError`, `FileError`.
  public func write(to path: String, progress: (Int, Int) throws -> Void = { _, _ in }) throws -> Outcome {
    let renderer = try Renderer(stage: stage, options: options)
    let count = renderer.frameCount(of: trajectory)
    let clip = try options.passes.contains(.color) ? Self.clip(path, renderer) : nil
    let passes = try PassFiles(
      beside: path, passes: options.passes, width: renderer.width, height: renderer.height, frames: count,
      names: [""] + stage.instanceNames)
    var sound = SoundFeed(SoundTrack(of: trajectory, on: stage), framesPerSecond: renderer.framesPerSecond)

    for index in 0..<count {
      try Task.checkCancellation()
      let frame = try renderer.frame(at: index, of: trajectory)
      try passes.append(frame)
      if let clip, let picture = frame.display {
        try clip.append(picture)
        try clip.append(sound.stretch(ofFrame: index))
      }
      try progress(index + 1, count)
    }
    try clip?.finish()
    let files = try passes.finish()
    return Outcome(
      clip: clip?.path, passes: files, width: renderer.width, height: renderer.height,
      framesPerSecond: renderer.framesPerSecond, frames: count, duration: Double(count) / renderer.framesPerSecond)
  }

  private static func clip(_ path: String, _ renderer: Renderer) throws(MediaError) -> ClipWriter {
    try ClipWriter(
      path: path,
      settings: ClipSettings(width: renderer.width, height: renderer.height, framesPerSecond: renderer.framesPerSecond))
  }
}

/// A sound track cut into what is heard during each frame.
private struct SoundFeed {
  private let track: SoundTrack
  private let framesPerSecond: Double
  private var stretch = AudioBuffer(samples: [])
  /// The samples that `stretch` covers.
  private var range = 0..<0

  /// Samples synthesised at a time: each stretch has to look back as far as the room echoes.
  private static let stretchLength = 4 * AudioBuffer.standardSampleRate

  init(_ track: SoundTrack, framesPerSecond: Double) {
    self.track = track
    self.framesPerSecond = framesPerSecond
  }

  /// Frames in order. No sample is lost or doubled where a frame doesn't last a whole number of them.
  mutating func stretch(ofFrame index: Int) -> AudioBuffer {
    var samples: [SIMD2<Float>] = []
    var next = boundary(index)
    let end = boundary(index + 1)
    while next < end {
      if !range.contains(next) {
        range = next..<next + Self.stretchLength
        stretch = track.render(from: range.lowerBound, to: range.upperBound)
      }
      let last = min(end, range.upperBound)
      samples += stretch.samples[next - range.lowerBound..<last - range.lowerBound]
      next = last
    }
    return AudioBuffer(samples: samples)
  }

  /// The first sample of a frame.
  private func boundary(_ frame: Int) -> Int {
    Int((Double(frame) / framesPerSecond * Double(AudioBuffer.standardSampleRate)).rounded())
  }
}
