import Foundation
import Mondo
import Testing

/// The judge beside a whole scene: what it knows of the surroundings tells lawful motion from any other, and which law is
/// broken.
@Suite("Laws beside a scene") struct SettingLawTests {
  static let look = FilmingCondition(name: "plain", height: 216, framesPerSecond: 30)

  static func world(_ path: String, seed: UInt64, under look: FilmingCondition = look) throws -> ValidWorld {
    let scene = try Scene.sample(contentsOf: SuiteTests.root.appending(path: path).path, seed: seed)
    let whole = ValidWorld(trajectory: try Simulation(of: scene).run(), stage: scene.stage)
    var view = RandomStream(seed: seed, "view")
    return whole.filmed(under: look, stream: &view)
  }

  /// What the judge says of a clip of it, beside the valid world's scene.
  static func judged(_ broken: BrokenWorld, beside valid: ValidWorld) -> ScoreDocument {
    var noise = RandomStream(seed: 7, "noise")
    let seen = SimulatedTracker(look).watch(broken, stream: &noise)
    let clip = ClipDescription(
      file: "simulated", fps: look.framesPerSecond, size: [Int(seen.size.x), Int(seen.size.y)], frames: seen.frames,
      duration: Double(seen.frames) / look.framesPerSecond)
    let reference = ReferenceMotion(valid.trajectory, on: valid.stage)
    return Judge(options: reference.options(JudgeOptions(), for: seen)).score(
      tracks: seen.tracks, evidence: seen.evidence, clip: clip)
  }

  @Test(
    "valid worlds pass, whatever they show",
    arguments: [
      "Evaluation/Suites/scenes/throw.yaml", "Evaluation/Suites/scenes/drop.yaml", "Evaluation/Suites/scenes/strike.yaml",
      "Evaluation/Suites/scenes/roll.yaml", "Evaluation/Suites/scenes/stick-toss.yaml", "Scenes/phyworld/collision.yaml",
      "Scenes/pendulums/pendulum.yaml", "Scenes/balls/missed-shot.yaml",
    ])
  func valid(path: String) throws {
    for seed in UInt64(1)...2 {
      let world = try Self.world(path, seed: seed)
      let document = Self.judged(BrokenWorld(valid: world), beside: world)
      #expect(document.verdict != .implausible, "\(document.laws.filter { !$0.violations.isEmpty })")
    }
  }

  @Test("a body is compared by its whole track, not by a scrap that lies a little nearer")
  func scraps() throws {
    let world = try Self.world("Evaluation/Suites/scenes/throw.yaml", seed: 1)
    var noise = RandomStream(seed: 7, "noise")
    var seen = SimulatedTracker(Self.look).watch(BrokenWorld(valid: world), stream: &noise)
    let reference = ReferenceMotion(world.trajectory, on: world.stage)
    let body = try #require(seen.tracks.indices.max { seen.tracks[$0].sightings.count < seen.tracks[$1].sightings.count })
    var scrap = seen.tracks[body]
    scrap.id = 1 + seen.tracks.map(\.id).max()!
    let middle = scrap.sightings.count / 2
    scrap.sightings = Array(scrap.sightings[middle..<middle + 3])
    for k in seen.tracks[body].sightings.indices { seen.tracks[body].sightings[k].position.x += 0.7 }
    let whole = try reference.metrics(of: seen, framesPerSecond: Self.look.framesPerSecond)
    seen.tracks.append(scrap)
    let torn = try reference.metrics(of: seen, framesPerSecond: Self.look.framesPerSecond)
    #expect(whole["iou"]! > 0.5 && torn["iou"] == whole["iou"], "\(whole) \(torn)")
  }

  @Test(
    "a pendulum hangs straight down where the scene's camera is rolled, and aslant where only the clip is",
    arguments: [-6.0, 6])
  func rolled(degrees: Double) throws {
    var look = Self.look
    (look.roll, look.azimuth) = (degrees, 0)
    for seed in UInt64(1)...3 {
      let world = try Self.world("Scenes/pendulums/pendulum.yaml", seed: seed, under: look)
      let document = Self.judged(BrokenWorld(valid: world), beside: world)
      #expect(document.laws.contains { $0.law == "pendulum" && $0.applies })
      #expect(document.verdict != .implausible, "\(document.laws.filter { !$0.violations.isEmpty })")
      var level = look
      level.roll = 0
      let upright = try Self.world("Scenes/pendulums/pendulum.yaml", seed: seed, under: level)
      let aslant = Self.judged(BrokenWorld(valid: world), beside: upright)
      #expect(aslant.laws.contains { $0.law == "pendulum" && ($0.pValue ?? 1) < 0.5 })
    }
  }

  @Test("what follows no body of the scene is not held to one's surroundings")
  func strangers() throws {
    let world = try Self.world("Evaluation/Suites/scenes/throw.yaml", seed: 2)
    var noise = RandomStream(seed: 7, "noise")
    var seen = SimulatedTracker(Self.look).watch(BrokenWorld(valid: world), stream: &noise)
    let reference = ReferenceMotion(world.trajectory, on: world.stage)
    // A spot in a corner, as light and coders make them, for as long as the ball is seen.
    var spot = seen.tracks[0]
    spot.id = seen.tracks.count + 1
    for k in spot.sightings.indices {
      (spot.sightings[k].position, spot.sightings[k].area) = (SIMD2(20, 20), 12)
    }
    seen.tracks.append(spot)
    let views = reference.options(JudgeOptions(), for: seen).trackViews
    #expect(views[seen.tracks[0].id]?.setting != nil)
    #expect(views[spot.id] == nil)
  }

  @Test(
    "what is clearly broken is found, by its law and at its time",
    arguments: [
      ("throw", "gravity-off", "gravity"), ("throw", "hover", "gravity"), ("throw", "gravity-upward", "gravity"),
      ("throw", "ghost-contact", "contact"), ("throw", "duplicate", "permanence"), ("throw", "grow", "rigidity"),
      ("throw", "frozen", "inertia"), ("throw", "teleport", "continuity"), ("throw", "interpenetration", "solidity"),
      ("throw", "vanish", "permanence"), ("throw", "shape-melt", "rigidity"), ("roll", "slide-speeds-up", "friction"),
      ("strike", "ghost-bodies", "solidity"), ("box-toss", "grow", "rigidity"), ("strike", "momentum-created", "momentum"),
      ("strike", "turns-by-itself", "inertia"), ("strike", "slide-speeds-up", "friction"),
      ("drop", "interpenetration", "solidity"),
    ])
  func broken(scene: String, violation: String, law: String) throws {
    try Self.expect(violation, in: "Evaluation/Suites/scenes/\(scene).yaml", seed: 3, toBreak: law)
  }

  @Test("what a joint holds keeps its arm; a disc that shrinks where it is struck hasn't turned, for it stays as round")
  func held() throws {
    try Self.expect("limb-stretch", in: "Scenes/pendulums/pendulum.yaml", seed: 3, toBreak: "rigidity", within: 20)
    try Self.expect("shrink", in: "Scenes/phyworld/collision.yaml", seed: 1, toBreak: "rigidity", within: 20, tries: 8)
  }

  /// A clear violation is found, by its law and within so many frames of its onset.
  ///
  /// - Parameter tries: seeds, from `seed` on, of which the first is taken whose world can be broken so that it shows.
  private static func expect(
    _ violation: String, in path: String, seed: UInt64, toBreak law: String, within frames: Double = 6, tries: UInt64 = 1
  ) throws {
    let family = try #require(ViolationFamilies.named(violation))
    var made: (valid: ValidWorld, broken: BrokenWorld)?
    for seed in seed..<(seed + tries) where made == nil {
      let world = try Self.world(path, seed: seed)
      var stream = RandomStream(seed: 5, "violation")
      let effect = VisibleEffect(beside: world, under: Self.look)
      made = family.broken(world, severity: .clear, seenBy: effect, stream: &stream).map { (world, $0) }
    }
    let (world, broken) = try #require(made)
    let document = Self.judged(broken, beside: world)
    #expect(document.verdict == .implausible, "\(document.laws)")
    let worst = try #require(document.foremost)
    #expect(worst.law == law, "\(worst)")
    let gaps = worst.violations.map {
      $0.from <= broken.onset && broken.onset <= $0.to ? 0 : min(abs($0.from - broken.onset), abs($0.to - broken.onset))
    }
    #expect(gaps.min()! * Self.look.framesPerSecond <= frames, "\(broken.onset): \(worst.violations)")
  }

  /// A valid world's tracks, changed, beside its scene.
  private static func judged(
    _ world: ValidWorld, under look: FilmingCondition = look, _ change: (inout TrackedClip) throws -> Void
  ) rethrows -> ScoreDocument {
    var noise = RandomStream(seed: 7, "noise")
    var seen = SimulatedTracker(look).watch(BrokenWorld(valid: world), stream: &noise)
    try change(&seen)
    let reference = ReferenceMotion(world.trajectory, on: world.stage)
    let clip = ClipDescription(
      file: "simulated", fps: look.framesPerSecond, size: [Int(seen.size.x), Int(seen.size.y)], frames: seen.frames,
      duration: Double(seen.frames) / look.framesPerSecond)
    return Judge(options: reference.options(JudgeOptions(), for: seen)).score(
      tracks: seen.tracks, evidence: seen.evidence, clip: clip)
  }

  @Test("what is seen of a part of a body only vouches for no acceleration")
  func halfSeen() throws {
    let world = try Self.world("Evaluation/Suites/scenes/drop.yaml", seed: 3)
    let touched = try #require(world.trajectory.contacts.first { $0.kind == .impact }?.time)
    // Half of the ball is lost in a background of its colour, until it bounces: which half changes on the way, as a parabola.
    let document = Self.judged(world) { seen in
      for k in seen.tracks[0].sightings.indices where seen.tracks[0].sightings[k].time < touched {
        let s = seen.tracks[0].sightings[k]
        let part = s.time / touched
        seen.tracks[0].sightings[k].area = s.area / 2
        seen.tracks[0].sightings[k].position.y += 4 * part * (1 - part) * 0.2 * s.axes.y / 2
      }
    }
    #expect(document.laws.allSatisfy { $0.law != "gravity" || $0.violations.isEmpty }, "\(document.laws)")
  }

  @Test("air holds a light body back, which is no violation where the scene has air")
  func air() throws {
    let scene = try Scene.sample(
      contentsOf: SuiteTests.root.appending(path: "Evaluation/Suites/scenes/drop.yaml").path,
      overrides: [
        .init(path: "air", value: "{density: 1.204, drag: true}"), .init(path: "bodies.ball.mass", value: "0.03 kg"),
      ],
      seed: 3)
    let world = ValidWorld(trajectory: try Simulation(of: scene).run(), stage: scene.stage)
    let document = Self.judged(world) { _ in }
    #expect(document.verdict != .implausible, "\(document.laws.filter { !$0.violations.isEmpty })")
  }

  @Test("a ball that shows its upper part only, across the floor and no narrower, is in the floor")
  func cut() throws {
    let world = try Self.world("Evaluation/Suites/scenes/roll.yaml", seed: 2)
    let document = Self.judged(world) { seen in
      for k in seen.tracks[0].sightings.indices.dropFirst(15).prefix(10) {
        let s = seen.tracks[0].sightings[k]
        // 45 % of its height are gone, and the middle of the rest is so much higher.
        seen.tracks[0].sightings[k].area = 0.57 * s.area
        seen.tracks[0].sightings[k].axes = SIMD2(s.axes.x, 0.55 * s.axes.x)
        seen.tracks[0].sightings[k].angle = 0
        seen.tracks[0].sightings[k].position.y -= 0.225 * s.axes.x
      }
    }
    #expect(document.laws.contains { $0.law == "solidity" && !$0.violations.isEmpty }, "\(document.laws)")
  }

  @Test("a silhouette with holes covers less and is no smaller; one that reaches less far is")
  func holes() throws {
    let world = try Self.world("Evaluation/Suites/scenes/throw.yaml", seed: 3)
    for (reach, isSmaller) in [(1.0, false), (0.8, true)] {
      let document = Self.judged(world) { seen in
        for k in seen.tracks[0].sightings.indices.dropFirst(8) {
          seen.tracks[0].sightings[k].area *= 0.64
          seen.tracks[0].sightings[k].axes *= reach
        }
      }
      let isTold = document.laws.contains { finding in
        finding.law == "rigidity" && finding.violations.contains { $0.what.contains("wide as it was") }
      }
      #expect(isTold == isSmaller, "\(document.laws)")
    }
  }

  @Test("what shows a part of what hangs from a joint has no arm of its own")
  func fragments() throws {
    let world = try Self.world("Scenes/pendulums/pendulum.yaml", seed: 3)
    let document = Self.judged(world) { seen in
      // Every third second shows a piece of the rod only, nearer to the joint.
      for k in seen.tracks[0].sightings.indices where Int(seen.tracks[0].sightings[k].time * 3) % 3 == 1 {
        seen.tracks[0].sightings[k].area *= 0.4
        seen.tracks[0].sightings[k].axes *= 0.6
        seen.tracks[0].sightings[k].position.y -= 12
      }
    }
    #expect(document.laws.allSatisfy { finding in finding.violations.allSatisfy { !$0.what.contains("from the joint") } })
  }

  @Test("where the tracker finds and loses things of a body's size, one that vanishes is no violation")
  func flickers() throws {
    let world = try Self.world("Evaluation/Suites/scenes/throw.yaml", seed: 3)
    for count in [0, 12] {
      let document = Self.judged(world) { seen in
        let usual = seen.tracks[0].sightings[0].area
        // Before it comes to the floor, which might hide it.
        let time = world.trajectory.contacts[0].time * 0.7
        seen.tracks[0].sightings.removeAll { $0.time > time }
        seen.tracks[0].end = .open
        seen.evidence.flickers = [Double](repeating: 0.8 * usual, count: count) + [Double](repeating: 0.1 * usual, count: 50)
      }
      let isTold = document.laws.contains { $0.law == "permanence" && !$0.violations.isEmpty }
      #expect(isTold == (count == 0), "\(document.laws)")
    }
  }

  @Test("a violation that no picture shows isn't made")
  func unseen() throws {
    let world = try Self.world("Evaluation/Suites/scenes/throw.yaml", seed: 3)
    let effect = VisibleEffect(beside: world, under: Self.look)
    var stream = RandomStream(seed: 5, "violation")
    // A ball has no direction that its outline shows.
    #expect(
      try #require(ViolationFamilies.named("spin-change")).broken(world, severity: .gross, seenBy: effect, stream: &stream)
        == nil)
    #expect(
      try #require(ViolationFamilies.named("teleport")).broken(world, severity: .gross, seenBy: effect, stream: &stream) != nil)
  }
}
