import WorldCore

/// Follows the compact things that move in a clip, in three passes over it: where the camera cuts, what
/// the still scene of each shot is, and what differs from it.
///
/// Memory is constant apart from the tracks: at most 32 sampled frames and two working ones are held. One thread; equal frames
/// give equal tracks.
///
///     let seen = try Tracker().track { visit in
///       let reader = try VideoReader(path: "clip.mp4")
///       while let frame = try reader.nextFrame() { try visit(TimedFrame(index: frame.index, time: frame.time, image:
///       frame.image)) }
///     }
public struct Tracker: Sendable {
  /// Between this many and twice as many frames are sampled for the still scene.
  public var backgroundSamples = 16

  /// When the clip is known to cut, s from its start, besides where its frames show it: a cut to a camera that swings around
  /// at once looks like the swing.
  public var knownCuts: [Double] = []

  public init() {}

  /// The whole factor by which pictures of a clip so large may be shrunk before the tracker reads them, since it does so itself:
  /// a decoder that does it on the way holds no picture of the full size.
  public static func reduction(width: Int, height: Int) -> Int { WorkingFrame.factor(width: width, height: height) }

  /// Plays the clip three times through `play`, which calls its visitor once per frame, in order, from the first frame each
  /// time.
  ///
  /// - Throws: `TrackingError`, or whatever `play` throws.
  public func track(_ play: ((TimedFrame) throws -> Void) throws -> Void) throws -> TrackedClip {
    // First pass: where the camera cuts.
    var timeline = Timeline()
    var boundaries = ShotBoundaries()
    var cuts = knownCuts.sorted().filter { $0 > 0 }
    try play { frame in
      try timeline.add(frame)
      boundaries.add(frame.image)
      while let cut = cuts.first, frame.time > cut - Self.sameTime {
        boundaries.cut()
        cuts.removeFirst()
      }
    }
    guard let size = timeline.size, let span = timeline.span else { throw TrackingError.noFrames }
    let shots = boundaries.shots

    // Second pass: sample each shot's scene, through the eyes of its first frame's camera.
    var scenes: [Scene] = []
    var reservoir = FrameReservoir(capacity: backgroundSamples)
    var seen = 0
    try play { frame in
      try reservoir.add(try WorkingFrame(frame))
      seen += 1
      if scenes.count < shots.count, seen == shots[scenes.count].upperBound {
        scenes.append(try Scene(samples: reservoir.samples))
        reservoir = FrameReservoir(capacity: backgroundSamples)
      }
    }
    guard seen == timeline.count else { throw TrackingError.passesDiffer(first: timeline.count, second: seen) }

    // Third pass: what differs from the scene, and which is which from frame to frame.
    var passages: [(tracks: [Track], evidence: MotionEvidence)] = []
    var pass = try TrackingPass(scene: scenes[0])
    var stabilized: [Int: Double] = [:]
    seen = 0
    try play { frame in
      guard passages.count < shots.count else { throw TrackingError.passesDiffer(first: timeline.count, second: seen + 1) }
      let shot = shots[passages.count]
      let scene = scenes[passages.count]
      if seen == shot.lowerBound, scene.cameraMoves, !scene.isPassing { stabilized[passages.count] = frame.time }
      try pass.add(
        TimedFrame(index: seen - shot.lowerBound, time: frame.time, image: frame.image, clipSize: frame.clipSize))
      seen += 1
      guard seen == shot.upperBound else { return }
      passages.append(try pass.finish(lastFrame: shot.count - 1))
      if passages.count < shots.count { pass = try TrackingPass(scene: scenes[passages.count]) }
    }
    guard passages.count == shots.count else { throw TrackingError.passesDiffer(first: timeline.count, second: seen) }

    return TrackedClip(
      tracks: Self.numbered(passages.map(\.tracks), shots), evidence: Self.evidence(passages.map(\.evidence), shots),
      frames: timeline.count, span: span, size: SIMD2(Double(size[0]), Double(size[1])),
      cameraMoved: scenes.contains(where: \.cameraMoves), stabilizedShots: stabilized)
  }

  /// Frames and cuts this close, s, are at one time.
  private static let sameTime = 1e-6

  /// All shots' tracks with the clip's frame numbers, counted through.
  private static func numbered(_ passages: [[Track]], _ shots: [Range<Int>]) -> [Track] {
    var all: [Track] = []
    for (number, (tracks, frames)) in zip(passages, shots).enumerated() {
      for var track in tracks {
        track.id = all.count + 1
        track.shot = number
        for k in track.sightings.indices { track.sightings[k].frame += frames.lowerBound }
        all.append(track)
      }
    }
    return all
  }

  /// Shares and levels are means over the frames; the order of frames is told by the longest shot that tells anything. Each
  /// shot has a horizon of its own, so that of several says nothing.
  private static func evidence(_ passages: [MotionEvidence], _ shots: [Range<Int>]) -> MotionEvidence {
    let total = Double(shots.reduce(0) { $0 + $1.count })
    func mean(_ value: KeyPath<MotionEvidence, Double>) -> Double {
      zip(passages, shots).reduce(0) { $0 + $1.0[keyPath: value] * Double($1.1.count) } / total
    }
    let telling = zip(passages, shots).filter { $0.0.orderPValue != nil }.max { $0.1.count < $1.1.count }?.0
    return MotionEvidence(
      noiseLevel: mean(\.noiseLevel), movingShare: mean(\.movingShare), orderRatio: telling?.orderRatio,
      orderPValue: telling?.orderPValue, hasStructure: passages.contains(where: \.hasStructure),
      horizon: passages.count == 1 ? passages[0].horizon : nil, flickers: passages.flatMap(\.flickers))
  }
}

/// Checks that frames are of one size and come in order of time.
private struct Timeline {
  private(set) var count = 0
  private(set) var size: [Int]?
  private(set) var span: ClosedRange<Double>?

  mutating func add(_ frame: TimedFrame) throws(TrackingError) {
    let now = frame.clipSize.map { [$0.x, $0.y] } ?? [frame.image.width, frame.image.height]
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
    let samples = FrameExposure.evened(samples)
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
