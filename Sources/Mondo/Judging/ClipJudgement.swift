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
  /// Scores a clip of any kind that FFmpeg reads, streaming it three times.
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
    let video = try VideoReader(path: path).info.video
    var start: Double?
    var tracker = Tracker()
    tracker.knownCuts = reference?.cuts ?? []
    let tracked = try tracker.track { visit in
      let reader = try VideoReader(path: path)
      let expected = (reader.info.video?.frameCount).map { 3 * $0 }
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

  /// The scale of the track that was seen longest, where a scene tells any.
  private static func scale(of clip: TrackedClip, _ options: JudgeOptions) -> Double? {
    clip.tracks.filter { options.trackViews[$0.id] != nil }.max { $0.sightings.count < $1.sightings.count }
      .flatMap { options.trackViews[$0.id]?.meanPixelsPerMetre }
  }
}
