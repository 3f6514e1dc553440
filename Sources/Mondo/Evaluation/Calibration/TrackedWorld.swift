/// One drawn world watched by the simulated tracker, whole and broken in every way that it can be.
struct TrackedWorld {
  let suite: ViolationSuite
  let world: ViolationSuite.World
  /// Which of the world's draws.
  let draw: Int

  private var name: String { "\(world.family)/\(Self.base(world.scene))-\(draw)" }

  static func base(_ path: String) -> String {
    path.split(separator: "/").last.map { String($0.replacing(".yaml", with: "")) } ?? path
  }

  /// Draws, simulates and judges.
  ///
  /// - Throws: `SceneError`, `SimulationError`, or what `check` throws.
  func judged(check: () throws -> Void) throws -> JudgedWorld {
    let stream = RandomStream(seed: suite.seed, "violations.\(name)")
    let whole = try simulated(stream)
    var view = stream.substream(1)
    let look = suite.looks[draw % suite.looks.count]
    let valid = whole.filmed(under: look, stream: &view)
    let isTraining = isTraining(look)
    var result = JudgedWorld()
    result.gravity = valid.gravity.length
    let reference = ReferenceMotion(valid)
    var noise = stream.substream(2)
    let twin = judge(BrokenWorld(valid: valid), beside: reference, under: look, onset: nil, noise: &noise)
    result.films = [
      JudgedFilm(look: look.name, world: name, isTraining: isTraining, alone: twin.alone, informed: twin.informed)
    ]
    try filmMore(whole, stream, into: &result, check: check)

    let effect = VisibleEffect(beside: valid, under: look)
    // What only pictures show, tracks don't.
    for family in suite.families where family.evidence != .pictures {
      for severity in suite.severities {
        try check()
        // Each has a stream of its own, so that leaving one family out changes no other.
        var draws = RandomStream(seed: suite.seed, "violations.\(name).\(family.name).\(severity.rawValue)")
        guard let broken = family.broken(valid, severity: severity, seenBy: effect, stream: &draws) else { continue }
        // Twins have the same noise: what differs is the violation.
        var noise = stream.substream(2)
        let outcome = judge(broken, beside: reference, under: look, onset: broken.onset, noise: &noise)
        func pair(_ valid: JudgedPair.Outcome, _ broken: JudgedPair.Outcome) -> JudgedPair {
          JudgedPair(
            violation: family.name, law: family.law, severity: severity, evidence: family.evidence, family: world.family,
            look: look.name, world: name, isTraining: isTraining, valid: valid, broken: broken)
        }
        result.pairs.append(pair(twin.alone, outcome.alone))
        result.informed.append(pair(twin.informed, outcome.informed))
      }
    }
    for variant in suite.variants {
      try check()
      let other = valid.filmedAgain(under: variant)
      var noise = stream.substream(2)
      let seen = judge(BrokenWorld(valid: other), beside: ReferenceMotion(other), under: variant, onset: nil, noise: &noise)
      result.variants.append(
        JudgedVariant(
          look: look.name, variant: variant.name, world: name, score: twin.informed.score, variantScore: seen.informed.score,
          verdict: twin.informed.verdict, variantVerdict: seen.informed.verdict,
          alarm: seen.informed.verdict == .implausible ? seen.informed.what : nil))
    }
    return result
  }

  private func isTraining(_ look: FilmingCondition) -> Bool {
    !suite.heldOut.families.contains(world.family) && !suite.heldOut.looks.contains(look.name)
  }

  /// The valid world from other sides, in the other looks, with other noise: so that false alarms can be counted.
  private func filmMore(_ whole: ValidWorld, _ stream: RandomStream, into result: inout JudgedWorld, check: () throws -> Void)
    throws
  {
    for k in 1..<max(1, suite.films) {
      try check()
      let look = suite.looks[(draw + k) % suite.looks.count]
      var view = stream.substream(100 + k)
      let valid = whole.filmed(under: look, stream: &view)
      let seen = judge(BrokenWorld(valid: valid), beside: ReferenceMotion(valid), under: look, onset: nil, noise: &view)
      result.films.append(
        JudgedFilm(look: look.name, world: name, isTraining: isTraining(look), alone: seen.alone, informed: seen.informed))
    }
  }

  /// The world of this draw.
  private func simulated(_ stream: RandomStream) throws -> ValidWorld {
    let seeds = stream.substream(0)
    // Draws that give an impossible world are drawn again.
    for attempt in 0..<16 {
      var seeds = seeds.substream(attempt)
      let scene: Scene
      do { scene = try Scene.sample(contentsOf: world.scene, overrides: world.overrides, seed: seeds.next() >> 1) } catch {
        if attempt == 15 { throw error }
        continue
      }
      var simulation = Simulation(of: scene)
      simulation.threads = 1
      return ValidWorld(trajectory: try simulation.run(), stage: scene.stage)
    }
    preconditionFailure("the last attempt returns or throws")
  }

  /// The judge's word on a world, without and with knowledge of the valid scene.
  private func judge(
    _ broken: BrokenWorld, beside reference: ReferenceMotion, under look: FilmingCondition, onset: Double?,
    noise: inout RandomStream
  ) -> (alone: JudgedPair.Outcome, informed: JudgedPair.Outcome) {
    let seen = SimulatedTracker(look).watch(broken, stream: &noise)
    let sound = SimulatedListener().listen(to: broken, stream: &noise)
    let clip = ClipDescription(
      file: name, fps: look.framesPerSecond, size: [Int(seen.size.x), Int(seen.size.y)], frames: seen.frames,
      duration: Double(seen.frames) / look.framesPerSecond)
    let alone = Judge().score(tracks: seen.tracks, evidence: seen.evidence, sound: sound, clip: clip)
    let informed = Judge(options: reference.options(JudgeOptions(), for: seen)).score(
      tracks: seen.tracks, evidence: seen.evidence, sound: sound, clip: clip)
    return (.init(alone, onset: onset), .init(informed, onset: onset))
  }
}

extension ReferenceMotion {
  init(_ world: ValidWorld) { self.init(world.trajectory, on: world.stage) }
}
