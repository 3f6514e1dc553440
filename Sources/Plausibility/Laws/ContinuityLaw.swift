import Foundation
import WorldCore

/// Continuity: a body is somewhere at every instant, and gets nowhere faster than it moves.
///
/// *Formula.* Between the last sighting of one arc and the first of the next, a body whose speed is at most V (the larger of
/// the two arcs' speeds there, plus what gravity adds) may touch things and turn as often as it likes, but gets no further
/// than `V·Δt`. A body whose velocity stayed the same touched nothing, and must be where its own arc leads. *Test.* The
/// distance beyond that, in standard deviations of both arcs, with an eighth of the diameter for what a silhouette may be
/// wrong by when it touches something; one-sided. For the clip as a whole: frames that show things yet come in no order (von
/// Neumann's ratio of their content isn't below that of a random order). Where the scene has nothing within reach, both arcs
/// must meet. The same ratio of one body's places. *Unit.* px, m with a scale. *Blind spots.* Jumps shorter than a frame's own
/// motion, cuts between shots.
struct ContinuityLaw: Law {
  static let name = "continuity"

  /// Speeds may rise by this factor between sightings before a journey counts as too fast: an impact's loan, a rough velocity.
  static let haste = 1.3
  /// Share of the diameter by which a silhouette that touches something is wrong, standard deviation.
  static let touch = 0.12
  /// The same where it touches nothing.
  static let outline = 0.03
  /// Frames come late or early by this share of a frame, standard deviation, where clips were converted between rates.
  static let jitter = 0.3
  /// How often a valid clip with moving things shows no order at all (flashing lights, strobes): declared, not measured.
  static let disorderlyButValid = 1e-4

  /// A von Neumann ratio that random orders reach, but for one in a hundred; few frames may fail to show an order there is.
  static let leastDisorder = 0.65
  /// Fewer frames say nothing about their order.
  static let leastFrames = 20

  func findings(in scene: SceneMotion) -> [LawFinding] {
    if let disorder = disorder(in: scene) { return [disorder] }
    var findings: [LawFinding] = []
    for (index, motion) in scene.motions.enumerated()
    where motion.track.kind == .compact && !motion.junctions.isEmpty || motion.arcs.contains(where: { $0.count >= 5 }) {
      guard motion.track.kind == .compact else { continue }
      var least = 1.0
      var violations: [LawFinding.Violation] = []
      for junction in motion.junctions {
        guard var (z, distance) = overreach(junction, motion: motion, gravity: scene.gravity),
          !scene.hasDouble(index, across: junction.gap)
        else { continue }
        if let open = jump(junction, of: index, in: scene), open.z > z { (z, distance) = open }
        guard isShown(junction, motion, distance: distance) else { continue }
        let p = Tails.normal(above: z)
        least = min(least, p)
        guard p < scene.bound else { continue }
        let unit = scene.scale(of: index).map { (distance / $0, "m") } ?? (distance, "px")
        violations.append(
          .init(
            from: junction.gap.lowerBound, to: junction.gap.upperBound,
            what:
              "the body jumps \(Sentence.number(unit.0)) \(unit.1) off the way its speed carries it between \(Sentence.time(junction.gap.lowerBound)) and \(Sentence.time(junction.gap.upperBound))",
            sigma: z))
      }
      if let scatter = scattered(motion) {
        least = min(least, Self.disorderlyButValid / Double(2 * max(1, motion.junctions.count)))
        violations.append(scatter)
      }
      // A distance has two directions: its excess over nothing is two-sided; and there are so many junctions.
      let p = ScoreCalibration.smallest(min(1, 2 * least), of: max(1, motion.junctions.count))
      findings.append(
        .tested(Self.name, track: motion.track.id, pValue: p, violations: p < scene.bound ? violations : []))
    }
    return findings.isEmpty ? [.inapplicable(Self.name, "nothing compact was followed long enough")] : findings
  }

  /// Share of a jump that the sightings next to it show themselves; arcs that lead past each other show none.
  private static let shown = 0.5

  /// Whether the step between the sightings on both sides of a gap departs from the arcs' velocities by as much as the jump.
  private func isShown(_ junction: Junction, _ motion: TrackMotion, distance: Double) -> Bool {
    let (a, b) = (motion.arcs[junction.before], motion.arcs[junction.after])
    let (last, next) = (motion.sightings[a.range.upperBound - 1], motion.sightings[b.range.lowerBound])
    // Arcs too short to count lie between: every step there is bounded by itself.
    guard b.range.lowerBound == a.range.upperBound else { return true }
    let expected = (a.velocity(at: a.end) + b.velocity(at: b.start)) / 2 * (next.time - last.time)
    return (next.position - last.position - expected).length > Self.shown * distance
  }

  /// Where the scene has nothing to be touched, both arcs meet somewhere in the gap: how far apart they stay.
  private func jump(_ junction: Junction, of index: Int, in scene: SceneMotion) -> (z: Double, distance: Double)? {
    guard let setting = scene.setting(of: index), setting.isFree else { return nil }
    let motion = scene.motions[index]
    let (a, b) = (motion.arcs[junction.before], motion.arcs[junction.after])
    guard min(a.count, b.count) >= TrackMotion.leastForAcceleration, motion.showSameBody(a, b),
      setting.isInTheOpen(across: junction, of: motion)
    else { return nil }
    let apart = b.position(at: junction.time) - a.position(at: junction.time)
    let variance =
      (a.covariance(0, at: junction.time) + b.covariance(0, at: junction.time)).variance(along: apart.unit)
      + pow(Self.outline * motion.diameter, 2)
    return (apart.length / variance.squareRoot(), apart.length)
  }

  /// How far the journey across a junction's gap exceeds what the speeds allow: in standard deviations, and in px.
  private func overreach(_ junction: Junction, motion: TrackMotion, gravity: SharedGravity) -> (z: Double, distance: Double)? {
    let (a, b) = (motion.arcs[junction.before], motion.arcs[junction.after])
    let duration = b.start - a.end
    guard duration > 0, motion.showSameBody(a, b) else { return nil }
    let (p, q) = (a.position(at: a.end), b.position(at: b.start))
    let journey = q - p
    func speed(_ arc: Arc, _ t: Double) -> (value: Double, variance: Double) {
      let v = arc.velocity(at: t)
      return (v.length, arc.covariance(1, at: t).trace / 2)
    }
    let (va, vb) = (speed(a, a.end), speed(b, b.start))
    let fastest = va.value > vb.value ? va : vb
    let fall = max(a.acceleration(at: a.end).length, b.acceleration(at: b.start).length) * duration
    let reach = Self.haste * fastest.value * duration + fall * duration
    let direction = journey.unit
    let variance =
      a.covariance(0, at: a.end).variance(along: direction) + b.covariance(0, at: b.start).variance(along: direction)
      + Self.haste * Self.haste * fastest.variance * duration * duration + pow(Self.touch * motion.diameter, 2)
    var tooFar = ((journey.length - reach) / variance.squareRoot(), journey.length - reach)

    // Sightings between the two arcs, too few for arcs of their own: every step is bounded alike.
    let between = motion.sightings[(a.range.upperBound - 1)...b.range.lowerBound]
    for (s, t) in zip(between, between.dropFirst()) where between.count > 2 {
      let step = t.time - s.time
      let excess = (t.position - s.position).length - (Self.haste * fastest.value + fall) * step
      let direction = (t.position - s.position).unit
      let stepVariance =
        s.covariance.variance(along: direction) + t.covariance.variance(along: direction)
        + Self.haste * Self.haste * fastest.variance * step * step + pow(Self.touch * motion.diameter, 2)
      if excess / stepVariance.squareRoot() > tooFar.0 { tooFar = (excess / stepVariance.squareRoot(), excess) }
    }

    // The same velocity before and after: nothing was touched, so the later arc must continue the earlier one.
    let middle = (a.end + b.start) / 2
    let change = b.velocity(at: middle) - a.velocity(at: middle)
    let changeVariance = (a.covariance(1, at: middle) + b.covariance(1, at: middle)).variance(along: change.unit)
    guard min(a.count, b.count) >= 4, change.length < 3 * changeVariance.squareRoot() + 0.05 * fastest.value else {
      return tooFar
    }
    let apart = b.position(at: middle) - a.position(at: middle)
    let pathVariance = (a.covariance(0, at: middle) + b.covariance(0, at: middle)).variance(along: apart.unit)
    // Paths that lead anywhere between the frames don't miss each other.
    guard pathVariance < pow(Self.touch * motion.diameter, 2) else { return tooFar }
    let apartVariance =
      pathVariance + pow(Self.touch * motion.diameter, 2)
      + pow(Self.jitter * motion.frameTime * fastest.value * apart.unit.dot(a.velocity(at: middle).unit), 2)
    let missed = (apart.length / apartVariance.squareRoot(), apart.length)
    return missed.0 > tooFar.0 ? missed : tooFar
  }

  /// Some body goes its way smoothly for a quarter of the clip, on one path or on several with bounces between them, each further
  /// than half its width and all of them further than it is wide: frames in random order don't show that.
  private func showsPassage(_ scene: SceneMotion) -> Bool {
    scene.motions.contains { motion in
      guard motion.track.kind == .compact else { return false }
      var (sightings, travel) = (0, 0.0)
      for arc in motion.arcs where arc.count >= TrackMotion.leastForAcceleration && isTight(arc, of: motion) {
        let way = (arc.position(at: arc.end) - arc.position(at: arc.start)).length
        guard way > 0.5 * motion.diameter else { continue }
        sightings += arc.count
        travel += way
      }
      return sightings >= max(8, scene.clip.frames / 4) && travel > 1.5 * motion.diameter
    }
  }

  /// Places that jump to and fro have errors to match, and any path runs through those.
  private func isTight(_ arc: Arc, of motion: TrackMotion) -> Bool {
    let errors = motion.sightings[arc.range].map { ($0.covariance.trace / 2).squareRoot() }.sorted()
    return errors[errors.count / 2] < Self.tight * motion.diameter
  }

  /// Share of the diameter.
  private static let tight = 0.2

  /// One body's own places come in no order, further apart than it is wide.
  private func scattered(_ motion: TrackMotion) -> LawFinding.Violation? {
    let s = motion.sightings
    guard s.count >= Self.leastFrames, s.last!.frame - s[0].frame < 2 * s.count else { return nil }
    let mean = s.reduce(SIMD2<Double>.zero) { $0 + $1.position } / Double(s.count)
    let variance = s.reduce(0) { $0 + ($1.position - mean).dot($1.position - mean) } / Double(s.count)
    let steps =
      zip(s, s.dropFirst()).reduce(0) { $0 + ($1.1.position - $1.0.position).dot($1.1.position - $1.0.position) }
      / Double(s.count - 1)
    let ratio = steps / (2 * variance)
    guard ratio > Self.leastDisorder, variance > motion.diameter * motion.diameter else { return nil }
    // A ball that bounces every few frames goes back and forth between them, yet on paths; places in no order lie on none.
    let onPaths = motion.arcs.filter { $0.count >= TrackMotion.leastForVelocity }.reduce(0) { $0 + $1.count }
    guard 2 * onPaths < s.count else { return nil }
    return .init(
      from: s[0].time, to: s.last!.time,
      what:
        "from frame to frame the body is anywhere: its places come in no order (von Neumann ratio \(Sentence.number(ratio)), 1 is chance)",
      sigma: Tails.normalQuantile(above: Self.disorderlyButValid))
  }

  private func disorder(in scene: SceneMotion) -> LawFinding? {
    guard let ratio = scene.evidence.orderRatio, let p = scene.evidence.orderPValue, scene.evidence.hasStructure else {
      return nil
    }
    guard p > 0.01, ratio > Self.leastDisorder, scene.clip.frames >= Self.leastFrames, !showsPassage(scene) else { return nil }
    return .tested(
      Self.name, track: nil, pValue: Self.disorderlyButValid,
      violations: [
        .init(
          from: 0, to: scene.clip.duration,
          what:
            "the frames come in no order: what moves in them differs from one to the next as much as from any other (von Neumann ratio \(Sentence.number(ratio)), 1 is chance)",
          sigma: Tails.normalQuantile(above: Self.disorderlyButValid))
      ])
  }
}
