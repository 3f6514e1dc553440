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
  /// Share of the spin, and rad/s, by which air and a slight tilt may change it in a flight.
  static let leeway = (share: 0.33, rate: 0.3)
  /// Angles err in bouts, so that their scatter tells too little of a rate's error: by this factor, as the valid clips of the
  /// training split ask (`mondo evaluate Evaluation/Suites/violations.yaml`).
  static let bouts = 1.12

  func findings(in scene: SceneMotion) -> [LawFinding] {
    var findings: [LawFinding] = []
    for (index, fall) in scene.gravity.falls.sorted(by: { $0.key < $1.key }) {
      let motion = scene.motions[index]
      let flights = fall.arcs.compactMap { spin(motion, motion.arcs[$0]) }
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
      ? [.inapplicable(Self.name, "no long body was seen to turn in free flight without changing its outline")] : findings
  }

  private struct Spin {
    let rate: Double
    let error: Double
    let p: Double
    let violation: LawFinding.Violation
  }

  private func spin(_ motion: TrackMotion, _ arc: Arc) -> Spin? {
    let sightings = motion.sightings[arc.range]
    guard sightings.count >= Self.leastSightings else { return nil }
    let elongations = sightings.map { $0.axes.x / $0.axes.y }
    let mean = elongations.reduce(0, +) / Double(elongations.count)
    let scatter = (elongations.reduce(0) { $0 + pow($1 - mean, 2) } / Double(elongations.count)).squareRoot()
    guard mean > Self.leastElongation, scatter < Self.sameOutline * mean else { return nil }

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
      violation: .init(
        from: max(arc.start, best.at - motion.frameTime), to: min(arc.end, best.at + motion.frameTime),
        what:
          "its spin changes by \(Sentence.number(best.change)) rad/s at \(Sentence.time(best.at)) in free flight: a torque would have to act on it there",
        sigma: Tails.normalQuantile(above: p)))
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
