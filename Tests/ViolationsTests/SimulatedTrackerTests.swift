import MotionTracking
import Plausibility
import Testing
import Violations
import WorldCore

/// The judge on worlds that the simulated tracker watches.
@Suite("Simulated tracker") struct SimulatedTrackerTests {
  static let look = FilmingCondition(name: "plain", height: 216, framesPerSecond: 30)

  static func judged(_ broken: BrokenWorld, seed: UInt64 = 1, look: FilmingCondition = look) -> ScoreDocument {
    var noise = RandomStream(seed: seed, "noise")
    let seen = SimulatedTracker(look).watch(broken, stream: &noise)
    let clip = ClipDescription(
      file: "simulated", fps: look.framesPerSecond, size: [Int(seen.size.x), Int(seen.size.y)], frames: seen.frames,
      duration: Double(seen.frames) / look.framesPerSecond)
    return Judge().score(tracks: seen.tracks, evidence: seen.evidence, clip: clip)
  }

  static func filmed(_ name: String, seed: UInt64 = 3) throws -> ValidWorld {
    var view = RandomStream(seed: seed, "view")
    let world = seed == 3 ? SuiteWorlds.all[name]! : try SuiteWorlds.world(name, seed: seed)
    return world.filmed(under: look, stream: &view)
  }

  @Test("it sees a thrown ball where the camera has it, with errors as large as it says")
  func positions() throws {
    let world = try Self.filmed("throw")
    var noise = RandomStream(seed: 1, "noise")
    let seen = SimulatedTracker(Self.look).watch(BrokenWorld(valid: world), stream: &noise)
    #expect(seen.tracks.count == 1)
    let track = try #require(seen.tracks.first)
    let ball = try #require(world.trajectory.body("ball"))
    for s in track.sightings where !s.isCut {
      let viewpoint = world.stage.viewpoint(at: s.time, of: world.trajectory)
      let place = try #require(viewpoint.project(world.trajectory.state(of: ball, at: s.time).position)?.pixel)
      let off = s.position - place
      #expect((off * off).sum() < 25 * s.covariance.trace)
    }
  }

  @Test("valid worlds are no false alarms", arguments: ["throw", "drop", "two-throws", "box-toss", "roll"])
  func valid(name: String) throws {
    var alarms = 0
    for seed in UInt64(10)..<14 {
      let document = Self.judged(BrokenWorld(valid: try Self.filmed(name, seed: seed)), seed: seed)
      if document.verdict == .implausible { alarms += 1 }
    }
    #expect(alarms == 0)
  }

  @Test("a ball that bounces between frames that are far apart still shows their order; in no order it doesn't")
  func slowFilm() throws {
    let look = FilmingCondition(name: "12 fps", height: 144, framesPerSecond: 12)
    for seed in UInt64(10)..<16 {
      var view = RandomStream(seed: seed, "view")
      let world = try SuiteWorlds.world("drop", seed: seed).filmed(under: look, stream: &view)
      #expect(Self.judged(BrokenWorld(valid: world), seed: seed, look: look).verdict != .implausible)
      var shuffled = BrokenWorld(world, onset: 0)
      shuffled.frames = .shuffled(seed: seed)
      #expect(Self.judged(shuffled, seed: seed, look: look).verdict == .implausible)
    }
  }

  @Test(
    "gross violations are implausible, by the right law, at the right time",
    arguments: [("gravity-off", "gravity"), ("teleport", "continuity"), ("vanish", "permanence"), ("bounce-gain", "bounce")])
  func gross(name: String, law: String) throws {
    let world = try Self.filmed("throw")
    let family = try #require(ViolationFamilies.named(name))
    var stream = RandomStream(seed: 5, "violation")
    let effect = VisibleEffect(beside: world, under: Self.look)
    // In the middle of the first flight: the ball has been in the picture for a while.
    var broken = try #require(family.broken(world, severity: .gross, seenBy: effect, stream: &stream))
    for _ in 0..<16 where !(0.4...0.8).contains(broken.onset) && name != "bounce-gain" {
      broken = try #require(family.broken(world, severity: .gross, seenBy: effect, stream: &stream))
    }
    let document = Self.judged(broken)
    #expect(document.verdict == .implausible, "\(document.laws)")
    let worst = try #require(document.laws.filter { !$0.violations.isEmpty }.min { ($0.score ?? 1) < ($1.score ?? 1) })
    #expect(worst.law == law, "\(worst)")
    let gaps = worst.violations.map {
      $0.from <= broken.onset && broken.onset <= $0.to ? 0 : min(abs($0.from - broken.onset), abs($0.to - broken.onset))
    }
    #expect(gaps.min()! * Self.look.framesPerSecond <= 3)
  }
}
