import Foundation
import WorldCore

/// Bounce: at an impact the coefficient of restitution obeys 0 ≤ e ≤ 1, and kinetic energy never rises.
///
/// *Formula.* The arcs before and after are read at the instant t* at which they meet. For a bounce off a floor (velocity
/// changes within 35° of up), `e = v′·n / −v·n` with n up; spin and motion towards the camera can't raise the normal speed off
/// a level floor, so `v′·n ≤ −v·n`. Off anything else, sidespin and depth can lend speed to the picture plane, so `|v′| ≤ |v|`
/// is asked with half of the speed as its error. *Test.* One-sided, under the covariance of both velocities, with 4 % of the
/// speed for what perspective does between the arcs. *Unit.* 1. *Applies* where both arcs have a velocity, the body came in
/// with speed, and no other mover is near. *Blind spots.* Collisions with movers (momentum's law), racks and springs that
/// aren't seen to move, e within 0…1 but wrong for the material.
struct BounceLaw: Law {
  static let name = "bounce"

  /// Perspective between two arcs of one bounce, as a share of the speed.
  static let slack = 0.04
  /// What spin and depth may lend off a surface of unknown direction, as a share of the speed.
  static let loan = 0.5
  /// Within this angle of up (cosine) a velocity change comes from a floor.
  static let floorCosine = 0.82

  func findings(in scene: SceneMotion) -> [LawFinding] {
    var findings: [LawFinding] = []
    let up = -scene.gravity.down
    for (index, motion) in scene.motions.enumerated() where motion.track.kind == .compact {
      var worst: (p: Double, violation: LawFinding.Violation)?
      var estimate: LawFinding.Estimate?
      var count = 0
      var violations: [LawFinding.Violation] = []
      let top = motion.junctions.map(\.incoming.length).max() ?? 0
      for junction in motion.junctions {
        let change = junction.velocityChange
        let changeDeviation = junction.velocityChangeCovariance.variance(along: change.unit).squareRoot()
        guard change.length > 5 * changeDeviation, junction.incoming.length > 0.15 * top else { continue }
        // Arcs too short to be read lie between: more than one contact may have.
        guard junction.gap.upperBound - junction.gap.lowerBound < 1.6 * motion.frameTime else { continue }
        guard isImpact(junction, motion: motion), !scene.hasCompany(index, during: junction.gap) else { continue }
        // Where nothing falls, which way is up is anyone's guess.
        let upIsKnown = !scene.gravity.falls.isEmpty || scene.options.view == .level
        let isFloor = upIsKnown && change.unit.dot(up) > Self.floorCosine && junction.incoming.dot(up) < 0
        guard isFloor || junction.incoming.length > 0.4 * top else { continue }
        let (before, after, deviation): (Double, Double, Double)
        if isFloor {
          before = -junction.incoming.dot(up)
          after = junction.outgoing.dot(up)
          let variance = junction.incomingCovariance.variance(along: up) + junction.outgoingCovariance.variance(along: up)
          deviation = (variance + Self.slack * Self.slack * before * before).squareRoot()
        } else {
          before = junction.incoming.length
          after = junction.outgoing.length
          let variance =
            junction.incomingCovariance.variance(along: junction.incoming.unit)
            + junction.outgoingCovariance.variance(along: junction.outgoing.unit)
          deviation = (variance + Self.loan * Self.loan * before * before).squareRoot()
        }
        guard before > 3 * deviation / 2 else { continue }
        count += 1
        let z = (after - before) / deviation
        let p = Tails.normal(above: z)
        if isFloor {
          let e = after / before
          let relative = deviation / before
          if estimate == nil || worst == nil || p < worst!.p {
            estimate = .init(value: e, unit: "1", ci95: [e - 1.96 * relative, e + 1.96 * relative])
          }
        }
        let gain = (junction.outgoing.dot(junction.outgoing) - junction.incoming.dot(junction.incoming)) / 2
        let g = scene.gravity.falls[index]?.acceleration.length ?? 1
        let energy = scene.energy(gain, fall: g)
        let violation = LawFinding.Violation(
          from: junction.gap.lowerBound, to: junction.gap.upperBound,
          what: isFloor
            ? "the bounce leaves \(Sentence.number(after / before)) times as fast as it arrived: \(energy) would have to be injected at \(Sentence.time(junction.time))"
            : "the impact speeds the body up \(Sentence.number(after / before)) times: \(energy) would have to be injected at \(Sentence.time(junction.time))",
          sigma: z)
        if p < scene.options.alpha { violations.append(violation) }
        if worst == nil || p < worst!.p { worst = (p, violation) }
      }
      guard let worst, count > 0 else { continue }
      // The worst of `count` impacts.
      let p = ScoreCalibration.smallest(worst.p, of: count)
      findings.append(
        .tested(
          Self.name, track: motion.track.id, pValue: p, estimate: estimate,
          violations: p < scene.options.alpha ? violations : []))
    }
    return findings.isEmpty
      ? [.inapplicable(Self.name, "no impact was seen from which a speed before and after can be read")] : findings
  }

  /// The two arcs meet in the gap: the velocity jumps, the place doesn't.
  private func isImpact(_ junction: Junction, motion: TrackMotion) -> Bool {
    let (a, b) = (motion.arcs[junction.before], motion.arcs[junction.after])
    guard motion.showSameBody(a, b) else { return false }
    let apart = b.position(at: junction.time) - a.position(at: junction.time)
    let covariance = a.covariance(0, at: junction.time) + b.covariance(0, at: junction.time)
    let room = Covariance2(isotropic: pow(ContinuityLaw.touch * motion.diameter, 2))
    return (covariance + room).mahalanobisSquared(apart) < 12
  }
}
