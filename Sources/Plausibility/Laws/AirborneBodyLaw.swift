import Foundation
import LinearAlgebra
import WorldCore

/// Airborne body: nothing changes the spin of what flies free.
///
/// *Formula.* A body that turns about the line of sight (its outline keeps both axes) has `θ(t) = θ₀ + ωt`, ω constant: no
/// torque, no change of moment of inertia. *Test.* F-test of a change of ω anywhere in a flight (two terms more: another rate
/// from the best of all instants on, priced by Bonferroni for the choice) against the scatter of the angles themselves; then by
/// how much ω changes. *Unit.* rad/s. *Applies* to compact tracks half as long again as wide, in flights of ten sightings whose
/// axes keep within 5 %. *Blind spots.* Tumbling out of the picture plane, whose outline changes; bodies without a long axis, a
/// ball's texture among them; that the centre of mass flies a parabola is ballistic flight's to say. Air slows a thrown leaf: a
/// loss of a third is let pass.
struct AirborneBodyLaw: Law {
  static let name = "airborne-body"

  static let leastSightings = 10
  static let leastElongation = 1.5
  /// Relative scatter of the elongation within which the outline is the same one, turned.
  static let sameOutline = 0.05
  /// An edge of a silhouette wanders by this, px, standard deviation.
  static let edge = 0.2
  /// Share of the spin, and rad/s, by which air and a slight tilt may change it in a flight.
  static let leeway = (share: 0.33, rate: 0.3)
  /// Angles err in bouts, so that their scatter tells too little of a rate's error: by this factor, as the valid clips of the
  /// training split ask (`mondo evaluate Evaluation/Suites/violations.yaml`).
  static let bouts = 1.12

  func findings(in scene: SceneMotion) -> [LawFinding] {
    var findings: [LawFinding] = []
    for (index, fall) in scene.gravity.falls.sorted(by: { $0.key < $1.key }) {
      let motion = scene.motions[index]
      let flights = fall.arcs.compactMap { number -> Spin? in
        let arc = motion.arcs[number]
        let sightings = airborne(arc, index, in: scene)
        return spin(motion, arc, sightings) ?? patternSpin(motion, arc, sightings)
      }
      guard let worst = flights.min(by: { $0.p < $1.p }), let best = flights.min(by: { $0.error < $1.error }) else { continue }
      let p = ScoreCalibration.smallest(worst.p, of: flights.count)
      findings.append(
        .tested(
          Self.name, track: motion.track.id, pValue: p,
          estimate: .init(
            value: best.rate, unit: "rad/s", ci95: [best.rate - 1.96 * best.error, best.rate + 1.96 * best.error]),
          violations: p < scene.options.alpha ? flights.filter { $0.p < scene.options.alpha }.map(\.violation) : [],
          note: "estimate: spin about the line of sight"))
    }
    return findings.isEmpty
      ? [
        .inapplicable(
          Self.name, "no long body was seen to turn in free flight without changing its outline, no ball by its pattern")
      ] : findings
  }

  /// Before its middle's path shows that it lands its tip has touched, s.
  private static let landing = 0.12

  /// Sightings of a flight in which nothing can have been touched: where a scene tells what is near, by that; else without what
  /// comes just before it ends, or just after it began, in an impact.
  private func airborne(_ arc: Arc, _ index: Int, in scene: SceneMotion) -> [Track.Sighting] {
    let motion = scene.motions[index]
    let sightings = motion.sightings[arc.range]
    if let setting = scene.setting(of: index) {
      let free = sightings.map { s in setting.instant(at: s.time).map { setting.isInTheOpen($0) && !$0.hasCompany } ?? false }
      // The longest stretch.
      var (run, longest): ([Track.Sighting], [Track.Sighting]) = ([], [])
      for (s, isFree) in zip(sightings, free) {
        run = isFree ? run + [s] : []
        if run.count > longest.count { longest = run }
      }
      return longest
    }
    let begins = arc.range.lowerBound > 0, ends = arc.range.upperBound < motion.sightings.count
    return sightings.filter {
      (!begins || $0.time > arc.start + Self.landing) && (!ends || $0.time < arc.end - Self.landing)
    }
  }

  private struct Spin {
    let rate: Double
    let error: Double
    let p: Double
    let violation: LawFinding.Violation
  }

  private func spin(_ motion: TrackMotion, _ arc: Arc, _ sightings: [Track.Sighting]) -> Spin? {
    guard sightings.count >= Self.leastSightings else { return nil }
    let elongations = sightings.map { $0.axes.x / $0.axes.y }
    let mean = elongations.reduce(0, +) / Double(elongations.count)
    let scatter = (elongations.reduce(0) { $0 + pow($1 - mean, 2) } / Double(elongations.count)).squareRoot()
    // A thin one's width is known to its edge.
    let width = sightings.map(\.axes.y).sorted()[sightings.count / 2]
    let same = (Self.sameOutline * Self.sameOutline + pow(Self.edge / width, 2)).squareRoot()
    guard mean > Self.leastElongation, scatter < same * mean else { return nil }

    // An axis has no head: the angle goes on by the shortest turn from where it was going.
    let times = sightings.map(\.time)
    var angles: [Double] = []
    for s in sightings {
      var expected = angles.last ?? s.angle
      if angles.count > 1 { expected += angles[angles.count - 1] - angles[angles.count - 2] }
      angles.append(expected + remainder(s.angle - expected, .pi))
    }
    // More than a third of half a turn from frame to frame may be the other way round.
    let steps = zip(angles, angles.dropFirst()).map { abs($1 - $0) }
    guard (steps.max() ?? 0) < .pi / 3 else { return nil }

    let n = angles.count
    guard let line = fit(times, angles, bendAt: nil) else { return nil }
    var best: (chiSquare: Double, at: Double, change: Double, error: Double)?
    var tried = 0
    for k in 3..<(n - 3) {
      guard let bent = fit(times, angles, bendAt: times[k]) else { continue }
      tried += 1
      if best == nil || bent.chiSquare < best!.chiSquare {
        best = (bent.chiSquare, times[k], bent.unknowns[2], bent.covariance[2, 2])
      }
    }
    guard let best else { return nil }
    let variance = max(best.chiSquare / Double(n - 3), 1e-10)
    let f = (line.chiSquare - best.chiSquare) / variance
    let rate = line.unknowns[1]
    let error = (line.covariance[1, 1] * max(line.chiSquare / Double(n - 2), 1e-10)).squareRoot()
    var p = min(1, Tails.fisher(above: f / (Self.bouts * Self.bouts), 1, n - 3) * Double(tried))
    // What air may have done is no violation, as far as the change is known.
    let allowed = max(Self.leeway.share * abs(rate), Self.leeway.rate)
    let beyond = (abs(best.change) - allowed) / (Self.bouts * (best.error * variance).squareRoot())
    p = max(p, min(1, Tails.normal(above: beyond) * 2 * Double(tried)))
    return Spin(
      rate: rate, error: error, p: p,
      violation: violation(
        from: max(arc.start, best.at - motion.frameTime), to: min(arc.end, best.at + motion.frameTime), best.change,
        at: best.at, p))
  }

  /// How often a ball's pattern misleads: light that wanders over it, a seam that comes into sight.
  static let misread = 1e-3

  /// A round body's, by how its pattern turns from frame to frame.
  private func patternSpin(_ motion: TrackMotion, _ arc: Arc, _ sightings: [Track.Sighting]) -> Spin? {
    let turns = zip(sightings, sightings.dropFirst()).compactMap { a, b -> Turn? in
      guard let turn = b.turn, b.frame == a.frame + 1 else { return nil }
      let step = b.time - a.time
      return Turn(time: a.time, rate: turn.angle / step, weight: pow(step / turn.deviation, 2))
    }
    guard turns.count >= Self.leastSightings, let whole = Self.mean(turns[...]) else { return nil }
    var best: (chiSquare: Double, at: Int, change: Double, variance: Double)?
    let places = Self.leastTurns...(turns.count - Self.leastTurns)
    for k in places {
      guard let before = Self.mean(turns[..<k]), let after = Self.mean(turns[k...]) else { continue }
      let chiSquare = before.chiSquare + after.chiSquare
      if best == nil || chiSquare < best!.chiSquare {
        best = (chiSquare, k, after.rate - before.rate, before.variance + after.variance)
      }
    }
    guard let best else { return nil }
    // Their own deviations, or the scatter that is left, whichever is more.
    let scatter = max(1, best.chiSquare / Double(turns.count - 2))
    let allowed = max(Self.leeway.share * abs(whole.rate), Self.leeway.rate)
    let beyond = (abs(best.change) - allowed) / (best.variance * scatter).squareRoot()
    let p = max(min(1, Tails.normal(above: beyond) * 2 * Double(places.count)), Self.misread)
    let time = turns[best.at].time
    return Spin(
      rate: whole.rate, error: (whole.variance * max(1, whole.chiSquare / Double(turns.count - 1))).squareRoot(), p: p,
      violation: violation(from: max(arc.start, time - motion.frameTime), to: time + motion.frameTime, best.change, at: time, p)
    )
  }

  /// Turns of a pattern on either side of a change, at least.
  private static let leastTurns = 4

  private struct Turn {
    let time: Double
    /// rad/s, and one over its variance.
    let rate: Double
    let weight: Double
  }

  private static func mean(_ turns: ArraySlice<Turn>) -> (rate: Double, variance: Double, chiSquare: Double)? {
    let weight = turns.reduce(0) { $0 + $1.weight }
    guard weight > 0 else { return nil }
    let rate = turns.reduce(0) { $0 + $1.weight * $1.rate } / weight
    return (rate, 1 / weight, turns.reduce(0) { $0 + $1.weight * pow($1.rate - rate, 2) })
  }

  private func violation(from: Double, to: Double, _ change: Double, at time: Double, _ p: Double) -> LawFinding.Violation {
    .init(
      from: from, to: to,
      what:
        "its spin changes by \(Sentence.number(change)) rad/s at \(Sentence.time(time)) in free flight: a torque would have to act on it there",
      sigma: Tails.normalQuantile(above: p))
  }

  /// Least squares of a line, with another slope from an instant on where one is given.
  private func fit(_ times: [Double], _ angles: [Double], bendAt instant: Double?) -> LeastSquaresSolution? {
    var design = Matrix(rows: times.count, columns: instant == nil ? 2 : 3)
    for (i, t) in times.enumerated() {
      (design[i, 0], design[i, 1]) = (1, t - times[0])
      if let instant { design[i, 2] = max(0, t - instant) }
    }
    return try? leastSquares(design, angles)
  }
}
