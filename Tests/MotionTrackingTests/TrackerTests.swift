import MotionTracking
import Testing
import WorldCore

@Suite("Tracker") struct TrackerTests {
  @Test(
    "positions are right to a fifth of a pixel, and scatter no more than they claim", arguments: [1.0, 2, 5], [UInt64(1), 2])
  func positions(noise: Double, seed: UInt64) throws {
    let (clip, _) = PaintedClip.thrown(.lawful, noise: noise, seed: seed)
    let seen = try Tracker().track(clip.play)
    #expect(seen.tracks.count == 1)
    let track = try #require(seen.tracks.first)
    #expect(track.kind == .compact && track.start == .clip && track.end == .clip)
    var (squares, normalised, count) = (0.0, 0.0, 0.0)
    for s in track.sightings where !s.isCut {
      // A shutter open across a bounce shows no single place.
      guard let p = clip.discs[0].place(s.time), let a = clip.discs[0].place(s.time - 0.02),
        let b = clip.discs[0].place(s.time + 0.02)
      else { continue }
      let kink = (a + b - 2 * p)
      guard (kink * kink).sum() < 0.2 else { continue }
      let d = s.position - p
      squares += (d * d).sum() / 2
      normalised += s.covariance.mahalanobisSquared(d) / 2
      count += 1
    }
    #expect(count > 30)
    #expect((squares / count).squareRoot() < 0.2)
    #expect(normalised / count < 1.3)
  }

  @Test("two balls that cross keep their names")
  func crossing() throws {
    let a = PaintedClip.Disc(radius: 8, color: PaintedClip.red) { SIMD2(30 + 130 * $0, 70) }
    let b = PaintedClip.Disc(radius: 8, color: PaintedClip.blue) { SIMD2(225 - 130 * $0, 74) }
    let seen = try Tracker().track(PaintedClip(discs: [a, b]).play)
    #expect(seen.tracks.count == 2)
    for (track, disc) in zip(seen.tracks, [a, b]) {
      let last = try #require(track.sightings.last { !$0.isShared })
      let d = last.position - disc.place(last.time)!
      #expect((d * d).sum().squareRoot() < 1)
      #expect(track.end == .clip)
    }
  }

  @Test("a pattern tells how a ball turns, frame by frame, within the deviations", arguments: [6.0, -9, 14])
  func turning(rate: Double) throws {
    let disc = PaintedClip.Disc(radius: 10, color: PaintedClip.red, place: { SIMD2(30 + 110 * $0, 90) }, turn: { rate * $0 })
    let seen = try Tracker().track(PaintedClip(discs: [disc]).play)
    let turns = try #require(seen.tracks.first).sightings.compactMap(\.turn)
    #expect(turns.count > 35)
    let errors = turns.map { ($0.angle - rate / 30) / $0.deviation }
    let spread = (errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)).squareRoot()
    let mean = turns.reduce(0) { $0 + $1.angle } / Double(turns.count)
    #expect(spread < 1.6 && turns.map(\.deviation).max()! < 0.08, "\(spread), \(turns.map(\.deviation).max()!)")
    #expect(abs(mean - rate / 30) < 0.03 * abs(rate) / 30)

    let plain = PaintedClip.Disc(radius: 10, color: PaintedClip.red) { SIMD2(30 + 110 * $0, 90) }
    #expect(try Tracker().track(PaintedClip(discs: [plain]).play).tracks[0].sightings.allSatisfy { $0.turn == nil })
  }

  @Test("what comes to rest stays, and what rested was there before")
  func rest() throws {
    let stops = PaintedClip.Disc(radius: 8, color: PaintedClip.red) { SIMD2(30 + 180 * min($0, 0.45), 70) }
    let seen = try Tracker().track(PaintedClip(discs: [stops]).play)
    #expect(seen.tracks.map(\.end) == [.clip])
    #expect(seen.tracks.map(\.start) == [.clip])
    #expect(seen.tracks.first?.sightings.count ?? 0 > 40)
  }

  @Test("a faint body is measured without the fainter halo that a coder leaves behind it")
  func halo() throws {
    let place = { @Sendable (t: Double) in SIMD2(40 + 120 * t, 70 + 20 * t) }
    let body = PaintedClip.Disc(radius: 8, color: PaintedClip.red, opacity: 0.3, place: place)
    let halo = PaintedClip.Disc(radius: 11, color: PaintedClip.red, opacity: 0.05) { place($0 - 0.05) }
    let seen = try Tracker().track(PaintedClip(noise: 1, discs: [halo, body]).play)
    let track = try #require(seen.tracks.first)
    #expect(seen.tracks.count == 1)
    let areas = track.sightings.filter { !$0.isCut }.map { $0.area / (.pi * 64) }.sorted()
    #expect(abs(areas[areas.count / 2] - 1) < 0.1, "\(areas)")
    let errors = track.sightings.map { ($0.position - place($0.time)).x }
    // What of the halo lies before the body can't be told from its edge: it draws the middle by a few per cent of the radius.
    #expect(abs(errors.reduce(0, +) / Double(errors.count)) < 0.3)
  }

  @Test("what was struck leaves no ghost beside the body that stops there: both are followed on", arguments: [0.7, 0.9, 1.3])
  func struck(blow: Double) throws {
    // A gap of two pixels is left, which shadows and codes bridge.
    let cue = PaintedClip.Disc(radius: 7, color: PaintedClip.red) { SIMD2(144 - 110 * max(0, blow - $0), 70) }
    let target = PaintedClip.Disc(radius: 7, color: PaintedClip.blue) { SIMD2(160 + 60 * max(0, $0 - blow), 70) }
    let frames = 70
    let seen = try Tracker().track(PaintedClip(frames: frames, discs: [cue, target]).play)
    for disc in [cue, target] {
      let sightings = seen.tracks.flatMap(\.sightings).filter { s in
        // Half a radius: the place that was left is two radii away.
        s.time > blow + 0.5 && !s.isShared && abs(disc.place(s.time)!.x - s.position.x) < 3.5
      }
      let last = (0..<frames).count { Double($0) / 30 > blow + 0.5 }
      #expect(sightings.count >= last - 1, "\(sightings.count) of \(last) frames")
    }
    #expect(seen.tracks.count == 2)
  }

  @Test("what hardly leaves its own place is no part of the still scene: it is followed to where it goes at last")
  func uncovered() throws {
    // To the right by less than its width, and back past where it began: most frames show it in the middle.
    let disc = PaintedClip.Disc(radius: 10, color: PaintedClip.red) {
      SIMD2($0 < 0.9 ? 54 + 12 * $0 : 65 - 16 * ($0 - 0.9), 70)
    }
    let seen = try Tracker().track(PaintedClip(fps: 10, frames: 32, discs: [disc]).play)
    #expect(seen.tracks.count == 1)
    let track = try #require(seen.tracks.first)
    #expect(track.sightings.count == 32)
    for s in track.sightings { #expect(abs(s.position.x - disc.place(s.time)!.x) < 0.7, "\(s.time): \(s.position)") }
  }

  @Test("what a coder leaves standing where a ball has been is no thing, and doesn't stop the ball")
  func held() throws {
    let ball = PaintedClip.Disc(radius: 6, color: PaintedClip.red) { SIMD2(30 + 120 * $0, 60) }
    let clip = PaintedClip(discs: [ball])
    let seen = try Tracker().track { visit in
      var kept: [Int: SRGB8] = [:]
      try clip.play { frame in
        var image = frame.image
        // The left half of the ball as it was in frame 12, from when it has left that.
        if frame.index == 12 {
          for y in 52..<68 { for x in 68..<78 { kept[y * image.width + x] = image.pixels[y * image.width + x] } }
        }
        if frame.index > 12 { for (pixel, level) in kept { image.pixels[pixel] = level } }
        try visit(TimedFrame(index: frame.index, time: frame.time, image: image))
      }
    }
    let track = try #require(seen.tracks.max { $0.sightings.count < $1.sightings.count })
    #expect(seen.tracks.count == 1 && track.lastFrame == clip.frames - 1, "\(seen.tracks.map(\.sightings.count))")
    for s in track.sightings where !s.isShared {
      let bound = 3 * max(0.5, s.covariance.xx.squareRoot())
      #expect(abs(s.position.x - ball.place(s.time)!.x) < bound, "\(s.frame): \(s.position)")
    }
  }

  @Test("what comes out of a meeting keeps its own colour's name, whichever goes on")
  func meeting() throws {
    // The red one stops where it strikes, the blue one goes on: by motion alone each would be the other.
    let cue = PaintedClip.Disc(radius: 6, color: PaintedClip.red) { SIMD2(min(30 + 100 * $0, 116), 70) }
    let target = PaintedClip.Disc(radius: 6, color: PaintedClip.blue) { SIMD2(max(128, 128 + 90 * ($0 - 0.86)), 70) }
    let seen = try Tracker().track(PaintedClip(frames: 60, discs: [cue, target]).play)
    for track in seen.tracks {
      let own = track.sightings.filter { !$0.isShared }
      guard let first = own.first else { continue }
      for s in own {
        let apart = s.color - first.color
        #expect((apart * apart).sum().squareRoot() < 80, "track \(track.id) at \(s.time)")
      }
    }
  }

  @Test("large discs that move over a plain wall are no camera's motion")
  func plain() throws {
    let blue = PaintedClip.Disc(radius: 14, color: PaintedClip.blue) {
      SIMD2($0 < 0.8 ? 96 + 5 * $0 : 100 + 18 * ($0 - 0.8), 45)
    }
    let red = PaintedClip.Disc(radius: 10, color: PaintedClip.red) {
      SIMD2($0 < 0.8 ? 48 + 32 * $0 : 74 - 36 * ($0 - 0.8), 45)
    }
    var clip = PaintedClip(width: 160, height: 90, fps: 10, frames: 26, noise: 1, discs: [blue, red])
    clip.isPlain = true
    let seen = try Tracker().track(clip.play)
    #expect(!seen.cameraMoved)
    for disc in [blue, red] {
      let sightings = seen.tracks.flatMap(\.sightings).filter { abs($0.position.x - disc.place($0.time)!.x) < 2 }
      #expect(sightings.count > 20)
    }
  }

  @Test("a large disc of one colour before a plain wall is no fade, and none of it stands still", arguments: [0.0, 1])
  func large(noise: Double) throws {
    let disc = PaintedClip.Disc(radius: 18, color: PaintedClip.red) { SIMD2(28 + 32 * $0, 45) }
    var clip = PaintedClip(width: 160, height: 90, fps: 10, frames: 32, noise: noise, discs: [disc])
    clip.isPlain = true
    let seen = try Tracker().track(clip.play)
    let whole = try #require(seen.tracks.max { $0.sightings.count < $1.sightings.count })
    #expect(whole.kind == .compact && whole.sightings.count >= 30, "\(seen.tracks.map { ($0.kind, $0.sightings.count) })")
  }

  @Test("pictures that were shrunk as they were decoded give the clip's own places and sizes")
  func shrunk() throws {
    let disc = PaintedClip.Disc(radius: 8, color: PaintedClip.red) { SIMD2(40 + 120 * $0, 70 + 20 * $0) }
    let clip = PaintedClip(frames: 24, discs: [disc])
    let small = try Tracker().track(clip.play)
    let large = try Tracker().track { visit in
      try clip.play { frame in
        try visit(TimedFrame(index: frame.index, time: frame.time, image: frame.image, clipSize: SIMD2(514, 289)))
      }
    }
    #expect(large.size == SIMD2(514, 289))
    #expect(small.tracks.count == 1 && large.tracks.count == 1)
    for (a, b) in zip(small.tracks[0].sightings, large.tracks[0].sightings) {
      #expect(b.position == 2 * a.position && b.area == 4 * a.area)
    }
  }

  @Test("things come and go over the picture's edge")
  func border() throws {
    let passes = PaintedClip.Disc(radius: 8, color: PaintedClip.red) { SIMD2(-60 + 300 * $0, 70) }
    let seen = try Tracker().track(PaintedClip(discs: [passes]).play)
    #expect(seen.tracks.map(\.start) == [.border])
    #expect(seen.tracks.map(\.end) == [.border])
  }

  @Test("a trembling camera is undone")
  func trembling() throws {
    var (clip, _) = PaintedClip.thrown(.lawful)
    clip.camera = { SIMD2(3 * $0 * 1.7, -2.2 * $0) }
    let seen = try Tracker().track(clip.play)
    #expect(seen.cameraMoved)
    let track = try #require(seen.tracks.first { $0.kind == .compact && $0.sightings.count > 35 })
    for s in track.sightings where !s.isCut {
      let d = s.position - clip.discs[0].place(s.time)!
      #expect((d * d).sum().squareRoot() < 1)
    }
  }

  @Test("clips that can't be tracked say why")
  func errors() {
    let small = Image(width: 8, height: 8, filledWith: SRGB8(red: 0, green: 0, blue: 0))
    let large = Image(width: 9, height: 8, filledWith: SRGB8(red: 0, green: 0, blue: 0))
    #expect(throws: TrackingError.noFrames) { try Tracker().track { _ in } }
    #expect(throws: TrackingError.sizeChanged(frame: 1, from: [8, 8], to: [9, 8])) {
      try Tracker().track { visit in
        try visit(TimedFrame(index: 0, time: 0, image: small))
        try visit(TimedFrame(index: 1, time: 1, image: large))
      }
    }
    #expect(throws: TrackingError.timeNotAscending(frame: 1)) {
      try Tracker().track { visit in for k in 0..<2 { try visit(TimedFrame(index: k, time: 0, image: small)) } }
    }
    #expect(
      TrackingError.sizeChanged(frame: 1, from: [8, 8], to: [9, 8]).description
        == "frame 1 is 9×8 after frames of 8×8: cut the clip there and score the parts")
    #expect(TrackingError.noFrames.description == "the clip has no frames: nothing can be tracked")
    #expect(
      TrackingError.timeNotAscending(frame: 1).description
        == "frame 1 is not later than the frame before it: repair the clip's time stamps")
    #expect(
      TrackingError.passesDiffer(first: 3, second: 2).description
        == "the clip showed 3 frames when first read and 2 when read again: give a source that replays the same frames")
    #expect(
      TrackingError.visionLibrary(operation: "finding components", status: -1).description
        == "finding components failed in OpenCV (status -1)")
  }

  @Test("pictures of one or a few pixels are taken without a crash", arguments: [1, 2, 3, 9])
  func tiny(size: Int) throws {
    let image = Image(width: size, height: size, filledWith: SRGB8(red: 9, green: 9, blue: 9))
    let seen = try Tracker().track { visit in for k in 0..<5 { try visit(TimedFrame(index: k, time: Double(k), image: image)) }
    }
    #expect(seen.tracks.isEmpty && !seen.evidence.hasStructure)
  }
}
