/// A clip's score, and what was seen in it.
public struct ClipJudgement: Sendable {
  public var document: ScoreDocument
  /// The tracks that the score is about.
  public var seen: TrackedClip
  /// Of the clip, where the caller or a scene told it: of a scene, that of the track seen longest.
  public var pixelsPerMetre: Double?

  public init(document: ScoreDocument, seen: TrackedClip, pixelsPerMetre: Double? = nil) {
    self.document = document
    self.seen = seen
    self.pixelsPerMetre = pixelsPerMetre
  }
}

extension Judge {
  /// Scores a clip of any kind that FFmpeg reads, streaming it three times, once more beside a scene with liquids or cloths.
  ///
  /// - Parameters:
  ///   - path: of the clip, or of numbered pictures, as `frames/%04d.png`.
  ///   - reference: the scene it shows: tells the view, the scale and gravity where the options leave them open, and gives the
  ///     document its `reference` metrics.
  ///   - framesPerSecond: at which the world was shot; nil believes the file. A clip in slow motion needs it.
  ///   - progress: called with the frames seen so far and the number expected in all, where the file tells; what it throws
  ///     ends the work.
  /// - Throws: `MediaError`, `TrackingError`; `RenderingError` where the scene's parts don't fit one another.
  public func score(
    clip path: String, against reference: ReferenceMotion? = nil, framesPerSecond: Double? = nil,
    progress: (Int, Int?) throws -> Void = { _, _ in }
  ) throws -> ClipJudgement {
    var seenFrames = 0
    var damage: MediaDamage?
    let header = try VideoReader(path: path)
    let video = header.info.video
    let size = SIMD2(header.fullWidth, header.fullHeight)
    // What the tracker shrinks anyway is shrunk as it is decoded: of an 8K clip no picture is held whole.
    let reduction = Tracker.reduction(width: size.x, height: size.y)
    let side = reduction > 1 ? max(size.x, size.y) / reduction : nil
    var film = Film(
      mostBytes: Self.keptBytes, expected: video?.frameCount ?? .max, pixels: size.x * size.y / (reduction * reduction))
    var start: Double?
    var tracker = Tracker()
    tracker.knownCuts = reference?.cuts ?? []
    let tracked = try tracker.track { visit in
      let expected = (video?.frameCount).map { 3 * $0 }
      func show(_ frame: TimedFrame) throws {
        try visit(frame)
        seenFrames += 1
        try progress(seenFrames, expected)
      }
      if let frames = film.frames { return try frames.forEach(show) }
      let frames = try ClipFrames(of: path, maximumSide: side, framesPerSecond: framesPerSecond)
      while let frame = try frames.next(clipSize: reduction > 1 ? size : nil) {
        film.keep(frame)
        try show(frame)
      }
      (start, damage) = (frames.start, frames.damage)
      film.end()
    }

    // The rate of the frames themselves, where neither the caller nor the file gives one.
    let span = tracked.span.upperBound - tracked.span.lowerBound
    let measured = span > 0 ? Double(tracked.frames - 1) / span : 24
    let rate = framesPerSecond ?? video?.framesPerSecond ?? measured
    let clip = ClipDescription(
      file: path, fps: rate, size: [Int(tracked.size.x), Int(tracked.size.y)], frames: tracked.frames,
      duration: span + 1 / rate)
    // A clip whose rate is restated is in slow motion or fast: its sound has another clock.
    let isAtItsOwnSpeed = framesPerSecond.map { abs($0 / (video?.framesPerSecond ?? $0) - 1) < 0.01 } ?? true
    let sound = isAtItsOwnSpeed ? try SoundEvidence.heard(in: path, startingAt: start ?? 0) : nil
    let judge = Judge(options: reference?.options(options, for: tracked) ?? options)
    let matter = try reference?.matter(in: path, tracked: tracked, framesPerSecond: framesPerSecond) ?? []
    var document = judge.score(tracks: tracked.tracks, evidence: tracked.evidence, sound: sound, matter: matter, clip: clip)
    if let reference {
      document.reference = try reference.metrics(
        of: tracked, framesPerSecond: rate, heard: sound.flatMap { $0.isSilent ? nil : $0.onsets.map(\.time) })
    }
    if reference?.isOf(tracked) == false {
      document.limits.append(
        "nothing in the clip begins where a body of the scene does: is it of this scene? What is said beside the scene rests on that"
      )
    }
    if let damage { document.limits.append("the file is damaged: \(damage.description)") }
    return ClipJudgement(
      document: document, seen: tracked, pixelsPerMetre: judge.options.pixelsPerMetre ?? Self.scale(of: tracked, judge.options))
  }

  /// Pictures of a clip that are kept from the first showing to the last one, bytes in all: longer clips are decoded three
  /// times.
  private static let keptBytes = 64 << 20

  /// The scale of the track that was seen longest, where a scene tells any.
  private static func scale(of clip: TrackedClip, _ options: JudgeOptions) -> Double? {
    clip.tracks.filter { options.trackViews[$0.id] != nil }.max { $0.sightings.count < $1.sightings.count }
      .flatMap { options.trackViews[$0.id]?.meanPixelsPerMetre }
  }
}

/// The frames of a clip that is short enough to be decoded once; of a longer one, nothing.
private struct Film {
  /// All of them, once they have been seen.
  private(set) var frames: [TimedFrame]?
  private var kept: [TimedFrame]?
  private let most: Int

  /// - Parameters:
  ///   - expected: how many frames the file's header tells.
  ///   - pixels: of each.
  init(mostBytes: Int, expected: Int, pixels: Int) {
    most = mostBytes / max(1, pixels * MemoryLayout<SRGB8>.stride)
    kept = expected <= most ? [] : nil
  }

  mutating func keep(_ frame: TimedFrame) {
    // A header may tell too few.
    if let count = kept?.count, count >= most { kept = nil }
    kept?.append(frame)
  }

  mutating func end() { (frames, kept) = (kept, nil) }
}
