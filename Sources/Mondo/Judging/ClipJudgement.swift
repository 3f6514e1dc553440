/// A clip's score, and what was seen in it.
public struct ClipJudgement: Sendable {
  public var document: ScoreDocument
  /// The tracks that the score is about.
  public var seen: TrackedClip

  public init(document: ScoreDocument, seen: TrackedClip) {
    self.document = document
    self.seen = seen
  }
}

extension Judge {
  /// Scores a clip of any kind that FFmpeg reads, streaming it twice.
  ///
  /// - Parameters:
  ///   - path: of the clip.
  ///   - framesPerSecond: at which the world was shot; nil believes the file. A clip in slow motion needs it.
  ///   - progress: called with the frames seen so far and the number expected in all, where the file tells; what it throws
  ///     ends the work.
  /// - Throws: `MediaError`, `TrackingError`.
  public func score(
    clip path: String, framesPerSecond: Double? = nil, progress: (Int, Int?) throws -> Void = { _, _ in }
  ) throws -> ClipJudgement {
    var seenFrames = 0
    var damage: MediaDamage?
    let video = try MediaInfo(path: path).video
    let tracked = try Tracker().track { visit in
      let reader = try VideoReader(path: path)
      let expected = (reader.info.video?.frameCount).map { 2 * $0 }
      var start: Double?
      while let frame = try reader.nextFrame() {
        start = start ?? frame.time
        let time = framesPerSecond.map { Double(frame.index) / $0 } ?? frame.time - (start ?? 0)
        try visit(TimedFrame(index: frame.index, time: time, image: frame.image))
        seenFrames += 1
        try progress(seenFrames, expected)
      }
      damage = reader.damage
    }

    // The rate of the frames themselves, where neither the caller nor the file gives one.
    let span = tracked.span.upperBound - tracked.span.lowerBound
    let measured = span > 0 ? Double(tracked.frames - 1) / span : 24
    let rate = framesPerSecond ?? video?.framesPerSecond ?? measured
    let clip = ClipDescription(
      file: path, fps: rate, size: [Int(tracked.size.x), Int(tracked.size.y)], frames: tracked.frames,
      duration: span + 1 / rate)
    var document = score(tracks: tracked.tracks, evidence: tracked.evidence, clip: clip)
    if let damage { document.limits.append("the file is damaged: \(damage.description)") }
    return ClipJudgement(document: document, seen: tracked)
  }
}
