public import WorldCore

/// Judges whether a real camera could have recorded a clip's motion: law by law, with units and error bars.
///
/// Reads tracks only, never a simulation. Equal input gives an equal document, bit for bit.
public struct Judge: Sendable {
  public var options: JudgeOptions

  public init(options: JudgeOptions = JudgeOptions()) { self.options = options }

  /// In the order in which one explains another: what jumps seems to fall wrongly as well, not the other way round.
  private static let laws: [any Law] = [
    ContinuityLaw(), PermanenceLaw(), RigidityLaw(), InertiaLaw(), ContactLaw(), SolidityLaw(), BounceLaw(), MomentumLaw(),
    GravityLaw(),
    BallisticFlightLaw(), AirborneBodyLaw(), LimbLaw(), FrictionLaw(), RollingLaw(), PendulumLaw(), BuoyancyLaw(),
    FluidVolumeLaw(), ClothLaw(), SoundLaw(),
  ]

  /// The names of all laws that the judge knows, as score documents have them.
  public static var lawNames: [String] { laws.map { type(of: $0).name } }

  /// - Parameters:
  ///   - tracks: what moved, picture coordinates, with covariances.
  ///   - evidence: what the clip shows apart from the tracks; its order test needs no track.
  ///   - sound: what is heard; nil where the clip has no sound, or not at the picture's speed.
  ///   - matter: what is seen of the liquids and cloths that a scene tells of.
  ///   - clip: goes into the document; its size and duration are used.
  public func score(
    tracks: [Track], evidence: MotionEvidence, sound: SoundEvidence? = nil, matter: [MatterEvidence] = [], clip: ClipDescription
  ) -> ScoreDocument {
    // Each shot is a world of its own: another camera, another scale. The order of frames is asked of the clip once.
    var scenes: [SceneMotion] = []
    for shot in Set(tracks.map(\.shot) + matter.map(\.shot)).sorted() {
      var evidence = evidence
      if !scenes.isEmpty { (evidence.orderRatio, evidence.orderPValue) = (nil, nil) }
      let seen = tracks.filter { $0.shot == shot }
      scenes.append(
        SceneMotion(
          tracks: seen, evidence: evidence, sound: sound, matter: matter.filter { $0.shot == shot }, clip: clip,
          options: options))
    }
    if scenes.isEmpty { scenes = [SceneMotion(tracks: [], evidence: evidence, sound: sound, clip: clip, options: options)] }
    let isMeasured = scenes.contains(where: \.isMeasured)
    let findings = Self.laws.flatMap { law in Self.telling(scenes.flatMap { law.findings(in: $0) }) }
      .map { isMeasured ? $0.calibrated : $0 }
    let summary = Verdict(findings: findings, alpha: options.alpha, isMeasured: isMeasured)
    return ScoreDocument(
      clip: clip, score: summary.score, verdict: summary.verdict,
      tracks: tracks.map { track in
        let isImage = scenes.contains { $0.images[track.id] != nil }
        return .init(
          id: track.id, firstFrame: track.firstFrame, lastFrame: track.lastFrame, kind: isImage ? .image : track.kind)
      },
      laws: findings, limits: limits(scenes, findings))
  }

  /// A law that doesn't apply in one shot says so only where it applies in none.
  private static func telling(_ findings: [LawFinding]) -> [LawFinding] {
    let applicable = findings.filter(\.applies)
    return applicable.isEmpty ? Array(findings.prefix(1)) : applicable
  }

  private func limits(_ scenes: [SceneMotion], _ findings: [LawFinding]) -> [String] {
    var limits: [String] = []
    if options.pixelsPerMetre == nil && options.knownDiameter == nil && options.trackViews.isEmpty {
      limits.append("no scale given: accelerations are in px/s^2")
    }
    let motions = scenes.flatMap(\.motions)
    if scenes.count > 1 { limits.append("\(scenes.count) shots: each is judged by itself, what happens at a cut is not") }
    if motions.isEmpty {
      limits.append(
        scenes[0].evidence.hasStructure
          ? "nothing was followed for three frames or more" : "nothing moves that stands out of the picture's noise")
    } else if !motions.contains(where: { $0.track.kind == .compact }) {
      limits.append("only things that change their outline move: the laws here speak of compact bodies")
    }
    for (image, body) in scenes.flatMap({ $0.images.sorted { $0.key < $1.key } }) {
      limits.append("track \(image) moves as a shadow or mirror image of track \(body): the laws are not asked of it")
    }
    for finding in findings where !finding.applies { if let note = finding.note { limits.append("\(finding.law): \(note)") } }
    return limits
  }
}

extension LawFinding {
  /// With the score of its calibrated p-value.
  fileprivate var calibrated: LawFinding {
    guard applies, let pValue else { return self }
    var finding = self
    finding.score = ScoreCalibration.probability(pValue: ScoreCalibration.calibrated(pValue, of: law))
    return finding
  }
}

/// One number and one word from all findings.
struct Verdict {
  let score: Double
  let verdict: ScoreDocument.Verdict

  /// The smallest calibrated p-value becomes a probability, as the smallest of so many: within a law, of its findings; then, of
  /// the sharp laws that apply (Šidák both times, which no dependence between tests of one sign makes worse than Bonferroni's
  /// bound). So a clip of many things is called implausible as seldom as one of few. Findings that state a probability of their
  /// own (rival hypotheses without a p-value) count when theirs is lower.
  ///
  /// - Parameter isMeasured: whether p-values are calibrated first, as those of measured tracks.
  init(findings: [LawFinding], alpha: Double, isMeasured: Bool) {
    let tested = Dictionary(grouping: findings.filter { $0.applies && $0.pValue != nil }, by: \.law)
    let laws = tested.keys.count { ScoreCalibration.sharp.contains($0) }
    let p = tested.map { law, findings in
      let least = ScoreCalibration.smallest(findings.map { $0.pValue! }.min()!, of: findings.count)
      let p = ScoreCalibration.smallest(least, of: max(1, laws))
      return isMeasured ? ScoreCalibration.calibrated(p, of: law) : p
    }.min()
    let stated = findings.filter { $0.applies && $0.pValue == nil }.compactMap(\.score).min()
    let scores = [p.map(ScoreCalibration.probability), stated].compactMap { $0 }

    // The verdict's bound on a stated probability is the score that a p-value of α would give.
    let failed = (p ?? 1) < alpha || (stated ?? 1) < ScoreCalibration.probability(pValue: alpha)
    guard let least = scores.min() else {
      // Nothing testable was seen.
      score = 0.5
      verdict = .undetermined
      return
    }
    score = least
    // Continuity and permanence alone are too little to vouch for physics when a rival hypothesis remains open.
    verdict = failed ? .implausible : (stated != nil ? .undetermined : .plausible)
  }
}
