import Foundation
import WorldCore

/// Inertia: what nothing pushes neither starts nor stops nor turns.
///
/// *Tests.* (a) A body that stops dead, stays for four frames and goes on with the velocity it had: nothing that stops a body
/// keeps its momentum for it. By the clip alone that is asked of flights: what walks or is driven may stop and go on. (b) A body
/// that lay still and sets off at full speed while no other mover is within reach of it, by the declared rate of springs that
/// don't show; by the clip alone that is doubt, for insects and machines do so. (c) Where a scene tells what is near: a velocity that changes otherwise
/// than what it touches can push (`UnexplainedPush`), a ball that doesn't go straight on level ground (`LevelRide`), or in a
/// world without gravity at all. *Unit.* none. *Applies* to compact tracks. *Blind spots.* What turns by itself on ground that
/// the scene doesn't describe; strings and threads.
struct InertiaLaw: Law {
  static let name = "inertia"

  /// How often a recorder or a converter makes a picture stand still for that long.
  static let heldPicture = 1e-4
  /// How often a still body sets off by something that the picture doesn't show; a scene shows it.
  static let unseenSpring = (alone: ScoreCalibration.doubt, known: 1e-4)
  /// It sets off with this share of the speed it has a little later, at least: what rolls away by itself, or falls, begins
  /// slowly.
  static let suddenness = 0.6
  /// It was seen to lie for so long, s.
  static let leastRest = 0.3
  /// What struck it is no further away than this, px, besides what it went since, a frame and a half at most.
  static let room = 4.0

  func findings(in scene: SceneMotion) -> [LawFinding] {
    var findings: [LawFinding] = []
    for (index, motion) in scene.motions.enumerated()
    where motion.track.kind == .compact && motion.sightings.count >= PermanenceLaw.leastSightings {
      var tests = Freeze.all(of: index, in: scene).map { held($0, of: index, in: scene) }
      if let start = suddenStart(index, in: scene) { tests.append(start) }
      let all = UnexplainedPush.all(of: index, in: scene).filter { !$0.isInTheOpen || scene.options.gravity == 0 }
      let isFrictions = all.contains(where: \.isAlongRide) && FrictionLaw.condemns(index, in: scene)
      let rides = LevelRide.all(of: index, in: scene)
      tests += rides.map(turned)
      let pushes = all.filter { !($0.isAlongRide && isFrictions) }
      tests += pushes.map { pushed($0, scale: scene.scale(of: index)) }
      // Whoever neither stops nor starts keeps the law.
      let p = ScoreCalibration.smallest(tests.map(\.p).min() ?? 1, of: max(1, pushes.count + rides.count))
      findings.append(
        .tested(
          Self.name, track: motion.track.id, pValue: p,
          violations: p < scene.bound ? tests.filter { $0.p < scene.bound }.map(\.violation) : []))
    }
    return findings.isEmpty ? [.inapplicable(Self.name, "nothing compact was followed long enough")] : findings
  }

  private func held(
    _ freeze: Freeze, of index: Int, in scene: SceneMotion
  ) -> (p: Double, violation: LawFinding.Violation) {
    let motion = scene.motions[index]
    let isFlight = scene.gravity.falls[index]?.arcs.contains { number in
      let arc = motion.arcs[number]
      return abs(arc.end - freeze.span.lowerBound) < Self.leastRest || abs(arc.start - freeze.span.upperBound) < Self.leastRest
    }
    let p = isFlight ?? false || scene.setting(of: index) != nil ? Self.heldPicture : ScoreCalibration.doubt
    return (
      p,
      .init(
        from: freeze.span.lowerBound, to: freeze.span.upperBound,
        what:
          "the body stops dead at \(Sentence.time(freeze.span.lowerBound)) and goes on at \(Sentence.time(freeze.span.upperBound)) as fast as before: its momentum would have to be kept for it",
        sigma: Tails.normalQuantile(above: p))
    )
  }

  private func turned(_ ride: LevelRide) -> (p: Double, violation: LawFinding.Violation) {
    // Chance alone bends a ride that much as often as this says: unlike the others here.
    let p = max(ScoreCalibration.uncalibrated(ride.pValueOfTurn), UnexplainedPush.unseen)
    return (
      p,
      .init(
        from: ride.time - Self.beforeTurn, to: ride.time + Self.beforeTurn,
        what:
          "on level ground the body's way bends by itself at \(Sentence.time(ride.time)): \(Sentence.number(abs(ride.turn.value))) m/s to the side, with nothing near to push it",
        sigma: Tails.normalQuantile(above: p))
    )
  }

  /// When a way bends is known to about this, s.
  private static let beforeTurn = 0.05

  private func pushed(_ push: UnexplainedPush, scale: Double?) -> (p: Double, violation: LawFinding.Violation) {
    let unit = scale.map { (1 / $0, "m/s") } ?? (1, "px/s")
    return (
      push.pValue,
      .init(
        from: push.junction.gap.lowerBound, to: push.junction.gap.upperBound,
        what:
          "the body's velocity changes by \(Sentence.number(push.excess * unit.0)) \(unit.1) at \(Sentence.time(push.junction.time)), as nothing that it touches can push",
        sigma: Tails.normalQuantile(above: push.pValue))
    )
  }

  /// (b) nil where it began to move as bodies do, or in company.
  private func suddenStart(_ index: Int, in scene: SceneMotion) -> (p: Double, violation: LawFinding.Violation)? {
    let motion = scene.motions[index]
    // What moved slowly from the first frame on was no more at rest than the clip is old.
    guard motion.track.start == .rest, motion.track.sightings[0].time > Self.leastRest, let arc = motion.arcs.first,
      arc.count >= TrackMotion.leastForVelocity, arc.range.lowerBound == 0
    else { return nil }
    let (start, end) = (arc.velocity(at: arc.start), arc.velocity(at: min(arc.end, arc.start + 0.3)))
    let deviation = arc.covariance(1, at: arc.start).variance(along: start.unit).squareRoot()
    guard start.length > 4 * deviation, start.length > Self.suddenness * end.length,
      start.length * motion.frameTime < PermanenceLaw.longestStep * motion.diameter
    else { return nil }
    let span = (arc.start - 4 * motion.frameTime)...(arc.start + 0.5 * motion.frameTime)
    let near = scene.motions.indices.contains { other in
      other != index
        && scene.motions[other].track.sightings.contains { s in
          let company = scene.motions[other]
          let reach = 0.5 * (motion.diameter + company.diameter) + Self.room + 1.5 * start.length * motion.frameTime
          return span.contains(s.time) && (s.position - arc.position(at: arc.start)).length < reach
        }
    }
    guard !near else { return nil }
    let p = scene.setting(of: index) == nil ? Self.unseenSpring.alone : Self.unseenSpring.known
    return (
      p,
      .init(
        from: arc.start - motion.frameTime, to: arc.start + motion.frameTime,
        what: "a body at rest sets off at \(Sentence.time(arc.start)) at full speed with nothing near it",
        sigma: Tails.normalQuantile(above: p))
    )
  }
}
