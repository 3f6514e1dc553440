public import WorldCore

/// Follows the compact things that move in a clip, in two passes over it: one to learn the still scene, one to see what
/// differs.
///
/// Memory is constant apart from the tracks: at most 32 sampled frames and two working ones are held. One thread; equal frames
/// give equal tracks.
///
///     let seen = try Tracker().track { visit in
///       let reader = try VideoReader(path: "clip.mp4")
///       while let frame = try reader.nextFrame() { try visit(TimedFrame(index: frame.index, time: frame.time, image: frame.image)) }
///     }
public struct Tracker: Sendable {
  /// Between this many and twice as many frames are sampled for the still scene.
  public var backgroundSamples = 16

  public init() {}

  /// Plays the clip twice through `play`, which calls its visitor once per frame, in order, from the first frame each time.
  ///
  /// - Throws: `TrackingError`, or whatever `play` throws.
  public func track(_ play: ((TimedFrame) throws -> Void) throws -> Void) throws -> TrackedClip {
    // First pass: sample the scene, through the eyes of the first frame's camera.
    var reservoir = FrameReservoir(capacity: backgroundSamples)
    var timeline = Timeline()
    try play { frame in
      try timeline.add(frame)
      try reservoir.add(try WorkingFrame(frame.image))
    }
    guard let size = timeline.size, let span = timeline.span else { throw TrackingError.noFrames }
    let scene = try Scene(samples: reservoir.samples)

    // Second pass: what differs from the scene, and which is which from frame to frame.
    var pass = try TrackingPass(scene: scene)
    var seen = 0
    try play { frame in
      try pass.add(frame)
      seen += 1
    }
    guard seen == timeline.count else { throw TrackingError.passesDiffer(first: timeline.count, second: seen) }
    let (tracks, evidence) = try pass.finish(lastFrame: timeline.count - 1)
    return TrackedClip(
      tracks: tracks, evidence: evidence, frames: timeline.count, span: span,
      size: SIMD2(Double(size[0]), Double(size[1])), cameraMoved: scene.cameraMoves)
  }
}

/// Checks that frames are of one size and come in order of time.
private struct Timeline {
  private(set) var count = 0
  private(set) var size: [Int]?
  private(set) var span: ClosedRange<Double>?

  mutating func add(_ frame: TimedFrame) throws(TrackingError) {
    let now = [frame.image.width, frame.image.height]
    if let size, size != now { throw .sizeChanged(frame: count, from: size, to: now) }
    if let span {
      guard frame.time > span.upperBound else { throw .timeNotAscending(frame: count) }
      self.span = span.lowerBound...frame.time
    } else {
      span = frame.time...frame.time
    }
    size = now
    count += 1
  }
}

/// The still scene and how the camera stood to it.
struct Scene {
  let background: Background
  let reference: WorkingFrame
  let cameraMoves: Bool
  /// The camera moves in a way that rotation and shift don't undo: the still scene is taken from around each frame instead.
  let isPassing: Bool

  init(samples: [WorkingFrame]) throws(TrackingError) {
    reference = samples[0]
    var motion = CameraMotion(reference: samples[0])
    var maps: [[Double]] = []
    var residuals: [Double] = []
    for sample in samples {
      maps.append(motion.align(sample))
      residuals.append(motion.residual)
    }
    let moved = maps.filter { $0 != CameraMotion.identity }.count
    cameraMoves = moved * 4 >= samples.count && samples.count >= 3
    var still = samples
    if cameraMoves {
      for i in still.indices where maps[i] != CameraMotion.identity {
        still[i] = try CameraMotion.undo(maps[i], in: still[i]).frame
      }
    }
    background = try Background(samples: still)
    residuals.sort()
    isPassing = cameraMoves && residuals[residuals.count / 2] > 3 * Double(max(background.typicalNoise, 1.5))
  }
}
