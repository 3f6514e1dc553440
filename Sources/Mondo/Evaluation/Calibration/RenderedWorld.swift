import Foundation

/// One drawn world rendered, encoded, decoded, tracked and judged: whole, broken in some ways, and spoiled.
struct RenderedWorld {
  let suite: ViolationSuite
  let settings: ViolationSuite.Rendered
  let world: ViolationSuite.World
  let draw: Int
  /// Which of the suite's violations come first; nil of a world that is shown whole only.
  let turn: Int?
  /// Which of the rendered worlds it is: only the first ones are filmed in further sizes.
  let number: Int
  /// A folder for clips that are looked at once.
  let scratch: String
  /// Where clips are kept that are worth a look; nil keeps none.
  let gallery: String?

  private var name: String { "\(world.family)/\(TrackedWorld.base(world.scene))-r\(draw)" }

  func judged(check: () throws -> Void) throws -> JudgedWorld {
    var stream = RandomStream(seed: suite.seed, "rendered.\(name)")
    var scene = try Scene.sample(contentsOf: world.scene, overrides: world.overrides, seed: stream.next() >> 1)
    (scene.picture.width, scene.picture.height) = (settings.size.width, settings.size.height)
    var simulation = Simulation(of: scene)
    simulation.threads = 1
    let valid = ValidWorld(trajectory: try simulation.run(), stage: scene.stage)
    let film = WorldFilm(samplesPerPixel: settings.samples)
    var result = JudgedWorld()
    result.gravity = valid.gravity.length

    let footage = try film.shoot(BrokenWorld(valid: valid), check: check)
    let reference = ReferenceMotion(valid)
    let twin = try judged(footage, "valid", reference, onset: nil)
    result.films = [JudgedFilm(look: "rendered", world: name, isTraining: false, alone: twin.alone, informed: twin.informed)]

    if let turn {
      try breakIn(turn, of: valid, twin: twin, footage: footage, film, &stream, into: &result, check: check)
      try spoil(footage, into: &result, check: check)
    }
    result.variants = try coded(footage, twin.informed, reference, settings.size, check: check)
    for size in settings.sizes where number < size.films {
      var stage = valid.stage
      (stage.picture.width, stage.picture.height) = (size.width, size.height)
      let larger = ValidWorld(trajectory: valid.trajectory, stage: stage)
      let footage = try film.shoot(BrokenWorld(valid: larger), check: check)
      let reference = ReferenceMotion(larger)
      let told = "\(size.width) × \(size.height)"
      let whole = try judged(footage, told, reference, onset: nil).informed
      result.variants.append(variant(told, of: twin.informed, whole))
      result.variants += try coded(footage, whole, reference, (size.width, size.height), check: check)
    }
    return result
  }

  /// One footage encoded by the suite's rate factors, against the judgement of it as it usually is.
  private func coded(
    _ footage: Footage, _ usual: JudgedPair.Outcome, _ reference: ReferenceMotion, _ size: (width: Int, height: Int),
    check: () throws -> Void
  ) throws -> [JudgedVariant] {
    try settings.rateFactors.map { factor in
      try check()
      let name = "CRF \(Int(factor)), \(size.width) × \(size.height)"
      return variant(name, of: usual, try judged(footage, name, reference, onset: nil, rateFactor: factor).informed)
    }
  }

  private func variant(_ name: String, of usual: JudgedPair.Outcome, _ other: JudgedPair.Outcome) -> JudgedVariant {
    JudgedVariant(
      look: "rendered", variant: name, world: self.name, score: usual.score, variantScore: other.score,
      verdict: usual.verdict, variantVerdict: other.verdict, alarm: other.verdict == .implausible ? other.what : nil)
  }

  /// Violations in turn, so that all families are seen over the worlds.
  private func breakIn(
    _ turn: Int, of valid: ValidWorld, twin: (alone: JudgedPair.Outcome, informed: JudgedPair.Outcome), footage: Footage,
    _ film: WorldFilm, _ stream: inout RandomStream, into result: inout JudgedWorld, check: () throws -> Void
  ) throws {
    let reference = ReferenceMotion(valid)
    var made = 0
    for step in 0..<suite.families.count where made < settings.violations {
      let family = suite.families[(turn + step) % suite.families.count]
      let severity = suite.severities[(turn + step + draw) % suite.severities.count]
      guard let broken = family.broken(valid, severity: severity, stream: &stream) else { continue }
      made += 1
      let shot =
        broken.isSameFilm ? footage.reordered(broken, fps: film.rate(of: broken)) : try film.shoot(broken, check: check)
      let outcome = try judged(shot, "\(family.name)-\(severity.rawValue)", reference, onset: broken.onset)
      func pair(_ valid: JudgedPair.Outcome, _ broken: JudgedPair.Outcome) -> JudgedPair {
        JudgedPair(
          violation: family.name, law: family.law, severity: severity, evidence: family.evidence, family: world.family,
          look: "rendered", world: name, isTraining: false, valid: valid, broken: broken)
      }
      result.pairs.append(pair(twin.alone, outcome.alone))
      result.informed.append(pair(twin.informed, outcome.informed))
    }
  }

  private func spoil(_ footage: Footage, into result: inout JudgedWorld, check: () throws -> Void) throws {
    for baseline in BaselineClip.allCases where baseline != .truth {
      try check()
      var noise = RandomStream(seed: suite.seed, "baseline.\(name)")
      let outcome = try judged(footage.spoiled(as: baseline, stream: &noise), baseline.rawValue, nil, onset: nil)
      result.baselines.append(JudgedBaseline(baseline: baseline, world: name, outcome: outcome.alone))
    }
  }

  private func judged(
    _ footage: Footage, _ label: String, _ reference: ReferenceMotion?, onset: Double?, rateFactor: Double = 18
  ) throws -> (alone: JudgedPair.Outcome, informed: JudgedPair.Outcome) {
    let file = name.replacing("/", with: "-") + "-" + label + ".mp4"
    let path = (gallery ?? scratch) + "/" + file
    try footage.write(to: path, rateFactor: rateFactor)
    defer { if gallery == nil { try? FileManager.default.removeItem(atPath: path) } }
    let judgement = try Judge().score(clip: path)
    let alone = judgement.document
    guard let reference else { return (.init(alone, onset: onset), .init(alone, onset: onset)) }
    // The same tracks, read again by a judge who knows the scene.
    let options = reference.options(JudgeOptions(), for: judgement.seen)
    let informed = Judge(options: options).score(
      tracks: judgement.seen.tracks, evidence: judgement.seen.evidence, sound: try SoundEvidence.heard(in: path, startingAt: 0),
      matter: try reference.matter(in: path, tracked: judgement.seen), clip: alone.clip)
    return (.init(alone, onset: onset), .init(informed, onset: onset))
  }
}

extension BrokenWorld {
  /// It shows the valid film's very frames, in another order or with other sound.
  var isSameFilm: Bool { frames != .kept || sound != .kept }
}
