import WorldCore

/// Permanence: nothing appears or vanishes in the open; the picture's edge, occlusion or rest explains every end of a track.
///
/// *Formula.* A body behind a still occluder was cut by its edge on the way, unless it moves its own width between frames. So an end is
/// unexplained when the last sighting shows the whole silhouette, the body would have stayed within a diameter of it, no other mover is
/// near, and the tracker calls it open (not camouflaged, not at the border). *Test.* The rate at which the tracker loses a plain thing
/// for other reasons, declared below. *Unit.* none. *Applies* to compact tracks of at least six whole sightings. *Blind spots.* Lights
/// that go out, bubbles that burst, things that vanish while they move faster than a diameter per frame.
struct PermanenceLaw: Law {
  static let name = "permanence"

  static let leastSightings = 6
  /// How often a track of a thing that is still there ends like this.
  static let trackerLoss = 1e-4

  func findings(in scene: SceneMotion) -> [LawFinding] {
    var findings: [LawFinding] = []
    for (index, motion) in scene.motions.enumerated() where motion.track.kind == .compact {
      let s = motion.sightings
      guard s.count >= Self.leastSightings else { continue }
      var violations: [LawFinding.Violation] = []
      if motion.track.end == .open, let last = s.last, isUnexplained(last, motion, index, scene, arc: motion.arcs.last) {
        violations.append(violation(from: last.time, to: last.time + motion.frameTime, "vanishes", at: last.position, scene))
      }
      if motion.track.start == .open, let first = s.first, isUnexplained(first, motion, index, scene, arc: motion.arcs.first) {
        violations.append(violation(from: first.time - motion.frameTime, to: first.time, "appears", at: first.position, scene))
      }
      findings.append(
        .tested(Self.name, track: motion.track.id, pValue: violations.isEmpty ? 1 : Self.trackerLoss, violations: violations))
    }
    return findings.isEmpty ? [.inapplicable(Self.name, "nothing compact was followed long enough")] : findings
  }

  private func isUnexplained(_ s: Track.Sighting, _ motion: TrackMotion, _ index: Int, _ scene: SceneMotion, arc: Arc?) -> Bool {
    let areas = motion.sightings.map(\.area).sorted()
    guard s.area > 0.75 * areas[areas.count / 2] else { return false }
    let speed = arc.map { $0.velocity(at: s.time).length } ?? 0
    guard speed * motion.frameTime < 0.9 * motion.diameter else { return false }
    let span = (s.time - 1.5 * motion.frameTime)...(s.time + 1.5 * motion.frameTime)
    return !scene.hasCompany(index, during: span)
  }

  private func violation(from: Double, to: Double, _ verb: String, at p: SIMD2<Double>, _ scene: SceneMotion) -> LawFinding.Violation {
    .init(
      from: from, to: to,
      what: "a whole body \(verb) in the open at (\(Sentence.number(p.x)), \(Sentence.number(p.y))) px between \(Sentence.time(from)) and \(Sentence.time(to)), with nothing there to hide it",
      sigma: Tails.normalQuantile(above: Self.trackerLoss))
  }
}
