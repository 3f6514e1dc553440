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

  @Test("what is seen of a part of a body only vouches for no acceleration")
  func halfSeen() throws {
    let world = try Self.world("Evaluation/Suites/scenes/drop.yaml", seed: 3)
    var noise = RandomStream(seed: 7, "noise")
    var seen = SimulatedTracker(Self.look).watch(BrokenWorld(valid: world), stream: &noise)
    // Half of the ball is lost in a background of its colour: at the ends of each second the upper half, in its middle the
    // lower one.
    for k in seen.tracks[0].sightings.indices {
      let s = seen.tracks[0].sightings[k]
      let side = 2 * abs(s.time.truncatingRemainder(dividingBy: 1) - 0.5) - 0.5
      seen.tracks[0].sightings[k].area = s.area / 2
      seen.tracks[0].sightings[k].position.y += side * 0.6 * s.axes.y / 2
    }
    let reference = ReferenceMotion(world.trajectory, on: world.stage)
    let clip = ClipDescription(
      file: "simulated", fps: Self.look.framesPerSecond, size: [Int(seen.size.x), Int(seen.size.y)], frames: seen.frames,
      duration: Double(seen.frames) / Self.look.framesPerSecond)
    let document = Judge(options: reference.options(JudgeOptions(), for: seen)).score(
      tracks: seen.tracks, evidence: seen.evidence, clip: clip)
    #expect(document.laws.allSatisfy { $0.law != "gravity" || $0.violations.isEmpty }, "\(document.laws)")
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
