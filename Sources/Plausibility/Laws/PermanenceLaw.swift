import WorldCore

/// Permanence: nothing appears or vanishes in the open; the picture's edge, occlusion or rest explains every end of a track.
///
/// *Formula.* A body behind a still occluder was cut by its edge on the way, unless it moves its own width between frames. So
/// an end is unexplained when the last sighting shows the whole silhouette, no other mover is near, and the tracker calls it
/// open (not camouflaged, not at the border). *Test.* The declared rate at which the tracker loses a plain thing, plus that of
/// unseen occluders times the chance `1 − d/(vΔt)` that their edge fell between two sightings of a body of diameter d. *Unit.*
/// none. *Applies* to compact tracks of at least six whole sightings. *Blind spots.* Lights that go out, bubbles that burst,
/// things that vanish while they move several diameters per frame.
struct PermanenceLaw: Law {
  static let name = "permanence"

  static let leastSightings = 6
  /// How often a track of a thing that is still there ends like this.
  static let trackerLoss = 1e-4
  /// How often an end in the open, as the tracker sees it, lies at the edge of an occluder that the still scene doesn't give
  /// away.
  static let unseenOccluder = 0.01

  func findings(in scene: SceneMotion) -> [LawFinding] {
    var findings: [LawFinding] = []
    for (index, motion) in scene.motions.enumerated() where motion.track.kind == .compact {
      let s = motion.sightings
      guard s.count >= Self.leastSightings else { continue }
      var violations: [LawFinding.Violation] = []
      var least = 1.0
      if motion.track.end == .open, let last = s.last, let p = rate(last, motion, index, scene, arc: motion.arcs.last) {
        let seen = motion.track.sightings.last?.time ?? last.time
        violations.append(violation(from: seen, to: seen + motion.frameTime, "vanishes", at: last.position, p))
        least = min(least, p)
      }
      if motion.track.start == .open, let first = s.first, let p = rate(first, motion, index, scene, arc: motion.arcs.first) {
        let seen = motion.track.sightings.first?.time ?? first.time
        violations.append(violation(from: seen - motion.frameTime, to: seen, "appears", at: first.position, p))
        least = min(least, p)
      }
      findings.append(
        .tested(Self.name, track: motion.track.id, pValue: least, violations: least < scene.options.alpha ? violations : []))
    }
    return findings.isEmpty ? [.inapplicable(Self.name, "nothing compact was followed long enough")] : findings
  }

  /// How often a valid clip shows such an end; nil where it is explained.
  private func rate(_ s: Track.Sighting, _ motion: TrackMotion, _ index: Int, _ scene: SceneMotion, arc: Arc?) -> Double? {
    let areas = motion.sightings.map(\.area).sorted()
    guard s.area > 0.75 * areas[areas.count / 2] else { return nil }
    let speed = arc.map { $0.velocity(at: s.time).length } ?? 0
    let span = (s.time - 1.5 * motion.frameTime)...(s.time + 1.5 * motion.frameTime)
    // Without a steady arc, where it was a frame earlier or later is known to a step.
    let near = motion.sightings.filter { abs($0.frame - s.frame) <= 2 }
    let longest = zip(near, near.dropFirst()).map { ($1.position - $0.position).length }.max() ?? 0
    let isSteady = arc.map { $0.count >= TrackMotion.leastForVelocity } ?? false
    guard !scene.hasCompany(index, during: span, reach: isSteady ? 0 : longest) else { return nil }
    let step = speed * motion.frameTime
    return Self.trackerLoss + Self.unseenOccluder * max(0, 1 - motion.diameter / max(step, 1e-9))
  }

  private func violation(from: Double, to: Double, _ verb: String, at p: SIMD2<Double>, _ rate: Double) -> LawFinding.Violation
  {
    .init(
      from: from, to: to,
      what:
        "a whole body \(verb) in the open at (\(Sentence.number(p.x)), \(Sentence.number(p.y))) px between \(Sentence.time(from)) and \(Sentence.time(to)), with nothing there to hide it",
      sigma: Tails.normalQuantile(above: rate))
  }
}
