import Foundation
import WorldCore

/// Bounce: at an impact the coefficient of restitution obeys 0 ≤ e ≤ 1, and energy never rises.
///
/// *Formula.* (a) The arcs before and after are read at the instant t* at which they meet. For a bounce off a floor (velocity
/// changes within 35° of up), `e = v′·n / −v·n` with n up; spin and motion towards the camera can't raise the normal speed off
/// a level floor, so `v′·n ≤ −v·n`; off a tilted one the sideways speed may be turned up, so `|v′| > |v|` is asked besides. Off
/// anything else, sidespin and depth can lend speed to the picture plane, so `|v′| ≤ |v|` is asked with half of the speed as
/// its error. (b) Where the impact itself was not seen (reflections, blur, a gap in the track), the energies of the flights
/// before and after it are compared: `½(v·d)² − g(p·d)` along gravity, and with the sideways speed besides, may only fall.
/// *Test.* One-sided, under the covariances of both arcs, with 4 % of the speed for what perspective does between the arcs.
/// *Unit.* 1. *Applies* where both arcs have a velocity, the body came in with speed, and no other mover is near. *Blind
/// spots.* Collisions with movers (momentum's law), racks and springs that aren't seen to move, e within 0…1 but wrong for the
/// material.
struct BounceLaw: Law {
  static let name = "bounce"

  /// Perspective between two arcs of one bounce, as a share of the speed.
  static let slack = 0.04
  /// What spin and depth may lend off a surface of unknown direction, as a share of the speed.
  static let loan = 0.5
  /// Share of the speed with which something is run into, at least.
  static let head = 0.2
  /// Within this angle of up (cosine) a velocity change comes from a floor.
  static let floorCosine = 0.82
  /// An impact further than this from the nearest sightings is anybody's guess, s.
  static let longestGap = 0.25
  /// Where more than this many frames are missing the impact counts as unseen.
  static let seenFrames = 1.6

  func findings(in scene: SceneMotion) -> [LawFinding] {
    var findings: [LawFinding] = []
    for (index, motion) in scene.motions.enumerated() where motion.track.kind == .compact {
      let impacts = motion.junctions.compactMap { impact($0, of: index, in: scene) }
      guard let worst = impacts.min(by: { $0.pValue < $1.pValue }) else { continue }
      // The worst of so many impacts.
      let p = ScoreCalibration.smallest(worst.pValue, of: impacts.count)
      // Of the worst, and of those that are all right of the one that is known best.
      let measured = impacts.filter { $0.restitution != nil }.min { ($0.pValue, $0.width) < ($1.pValue, $1.width) }
      findings.append(
        .tested(
          Self.name, track: motion.track.id, pValue: p, estimate: measured?.restitution,
          violations: p < scene.bound ? impacts.filter { $0.pValue < scene.bound }.map(\.violation) : []))
    }
    return findings.isEmpty
      ? [.inapplicable(Self.name, "no impact was seen from which a speed before and after can be read")] : findings
  }

  /// One impact's test.
  private struct Impact {
    var pValue: Double
    var restitution: LawFinding.Estimate?
    var violation: LawFinding.Violation

    /// Of the interval of the restitution.
    var width: Double { restitution.map { $0.ci95[1] - $0.ci95[0] } ?? .infinity }
  }

  /// nil where the junction is no impact that tells anything.
  private func impact(_ junction: Junction, of index: Int, in scene: SceneMotion) -> Impact? {
    let motion = scene.motions[index]
    let change = junction.velocityChange
    let changeDeviation = junction.velocityChangeCovariance.variance(along: change.unit).squareRoot()
    let top = motion.junctions.map(\.incoming.length).max() ?? 0
    guard change.length > 5 * changeDeviation, junction.incoming.length > 0.15 * top,
      isImpact(junction, motion: motion), !scene.hasCompany(index, during: junction.gap, at: junction)
    else { return nil }

    // What water or a joint holds turns by that where no solid is near.
    if let setting = scene.setting(of: index), !setting.isFree,
      setting.instant(at: motion.arcs[junction.before].end)?.normals.isEmpty ?? false
    {
      return nil
    }

    // Arcs too short to be read may lie between, and more than one contact: energy alone is asked then.
    let width = junction.gap.upperBound - junction.gap.lowerBound
    let isOne = scene.setting(of: index).map { SceneSetting.isOnePlane($0.normals(about: junction, of: motion)) } ?? true
    guard isOne, width < Self.seenFrames * motion.frameTime else { return unseenImpact(junction, of: index, in: scene) }

    // The scene may say what was struck.
    if let (normal, depth) = struck(junction, of: index, in: scene), junction.incoming.dot(normal) < 0,
      change.unit.dot(normal) > Self.floorCosine
    {
      return bounce(junction, up: normal, depth: depth, of: index, in: scene)
    }
    // Where nothing falls, which way is up is anyone's guess.
    let up = -scene.gravity.down
    let upIsKnown = !scene.gravity.falls.isEmpty || scene.options.view == .level
    if upIsKnown && change.unit.dot(up) > Self.floorCosine && junction.incoming.dot(up) < 0 {
      return bounce(junction, up: up, depth: 0, of: index, in: scene)
    }
    guard junction.incoming.length > 0.4 * top else { return nil }
    return rebound(junction, of: index, in: scene)
  }

  /// Cosine between a push and the normal of the solid that gives it, at least.
  private static let pushed = 0.95

  /// The one solid of the scene that is near, if it is seen from its side: its normal in the picture, and, but for level
  /// ground, how much of it points along the line of sight: by so much a wall turns speed that isn't seen into speed that is.
  private func struck(_ junction: Junction, of index: Int, in scene: SceneMotion) -> (normal: SIMD2<Double>, depth: Double)? {
    let motion = scene.motions[index]
    guard let setting = scene.setting(of: index),
      setting.silhouettes.areas.lowerBound > 0.9 * setting.silhouettes.areas.upperBound
    else { return nil }
    let ends = [motion.arcs[junction.before].end, motion.arcs[junction.after].start].compactMap { setting.instant(at: $0) }
    // What is fast is seen before it touches and after, not while: then it is the nearest solid, from which the blow pushes.
    let near = ends.flatMap(\.normals)
    let nearest = ends.compactMap(\.nearest).filter { SIMD2($0.x, $0.y).unit.dot(junction.velocityChange.unit) > Self.pushed }
    let normals = near.isEmpty && nearest.count == ends.count ? nearest : near
    let isLevel = near.isEmpty ? ends.contains(where: \.isNearestLevel) : ends.contains(where: \.isOnLevel)
    guard let first = normals.first, SceneSetting.isOnePlane(normals) else { return nil }
    let normal = SIMD2(first.x, first.y)
    return normal.length > 0.9 ? (normal.unit, isLevel ? 0 : abs(first.z)) : nil
  }

  /// Off a floor: the speed away from it against the speed towards it.
  ///
  /// - Parameter depth: share of a speed along the line of sight that it turns into the picture, either way.
  private func bounce(
    _ junction: Junction, up: SIMD2<Double>, depth: Double, of index: Int, in scene: SceneMotion
  ) -> Impact? {
    let (before, after) = (-junction.incoming.dot(up), junction.outgoing.dot(up))
    let variance = junction.incomingCovariance.variance(along: up) + junction.outgoingCovariance.variance(along: up)
    let lent = pow(depth * junction.incoming.length, 2)
    let deviation = (variance + Self.slack * Self.slack * before * before + lent).squareRoot()
    // What goes on downwards has met no floor.
    guard before > 1.5 * deviation, after > -2 * deviation else { return nil }
    let (e, relative) = (after / before, deviation / before)

    // A tilted floor turns sideways speed up: then the whole speed doesn't rise.
    let speeds = (junction.incoming.length, junction.outgoing.length)
    let speedVariance =
      junction.incomingCovariance.variance(along: junction.incoming.unit)
      + junction.outgoingCovariance.variance(along: junction.outgoing.unit) + pow(Self.slack * speeds.0, 2) + lent
    let z = min((after - before) / deviation, (speeds.1 - speeds.0) / speedVariance.squareRoot())
    let energy = scene.energy(gain(junction), of: index, fall: fall(of: index, in: scene))
    return Impact(
      pValue: supposed(Tails.normal(above: z), of: index, in: scene),
      // Bounces too low to be told apart look like a body that stays down.
      restitution: after > 2 * deviation ? .init(value: e, unit: "1", ci95: [e - 1.96 * relative, e + 1.96 * relative]) : nil,
      violation: .init(
        from: junction.gap.lowerBound, to: junction.gap.upperBound,
        what:
          "the bounce leaves \(Sentence.number(e)) times as fast as it arrived: \(energy) would have to be injected at \(Sentence.time(junction.time))",
        sigma: z))
  }

  /// Off anything else: the speed in the picture plane, with what may be lent to it.
  private func rebound(_ junction: Junction, of index: Int, in scene: SceneMotion) -> Impact? {
    let (before, after) = (junction.incoming.length, junction.outgoing.length)
    let variance =
      junction.incomingCovariance.variance(along: junction.incoming.unit)
      + junction.outgoingCovariance.variance(along: junction.outgoing.unit)
    let deviation = (variance + pow(Self.loan * before, 2)).squareRoot()
    guard before > 1.5 * deviation else { return nil }
    let z = (after - before) / deviation
    let energy = scene.energy(gain(junction), of: index, fall: fall(of: index, in: scene))
    // What is pushed along its way ran into nothing: something drives it. A kick comes from what isn't seen, or is its own.
    var p = supposed(Tails.normal(above: z), of: index, in: scene)
    if scene.setting(of: index) == nil {
      if before < Self.crawl * after || drivesItself(index, in: scene) { p = max(p, InertiaLaw.unseenSpring.alone) }
      if isDriven(junction) { p = max(p, Self.driven) }
    }
    return Impact(
      pValue: p, restitution: nil,
      violation: .init(
        from: junction.gap.lowerBound, to: junction.gap.upperBound,
        what:
          "the impact speeds the body up \(Sentence.number(after / before)) times: \(energy) would have to be injected at \(Sentence.time(junction.time))",
        sigma: z))
  }

  /// Somewhere between two flights: what their energies say.
  private func unseenImpact(_ junction: Junction, of index: Int, in scene: SceneMotion) -> Impact? {
    guard let fall = scene.gravity.falls[index], fall.arcs.contains(junction.before), fall.arcs.contains(junction.after),
      junction.gap.upperBound - junction.gap.lowerBound <= Self.longestGap,
      junction.incoming.dot(fall.acceleration) > 0, junction.outgoing.dot(fall.acceleration) < 0
    else { return nil }
    let motion = scene.motions[index]
    let change = FlightEnergyChange(
      motion.arcs[junction.before], motion.arcs[junction.after], at: junction.time, gravity: fall.acceleration,
      gravityVariance: fall.covariance.variance(along: fall.acceleration.unit))

    // A speed wrong by the slack is an energy wrong by twice that.
    let slack = pow(2 * Self.slack * change.arriving, 2)
    guard change.arriving > 1.5 * (change.vertical.variance + slack).squareRoot() else { return nil }
    let z = min(
      change.vertical.value / (change.vertical.variance + slack).squareRoot(),
      change.total.value / (change.total.variance + slack).squareRoot())
    let energy = scene.energy(change.vertical.value, of: index, fall: fall.acceleration.length)
    return Impact(
      pValue: supposed(Tails.normal(above: z), of: index, in: scene), restitution: nil,
      violation: .init(
        from: junction.gap.lowerBound, to: junction.gap.upperBound,
        what:
          "the flight after the bounce at \(Sentence.time(junction.time)) has more energy than the one before: \(energy) would have to be injected there",
        sigma: z))
  }

  /// What comes with less than this share of the speed with which it leaves was set off rather than thrown back.
  private static let crawl = 0.35
  /// How often something in a picture speeds up along its way by itself.
  private static let driven = 0.3
  /// The speed rises by this factor where something pushes a body along its way.
  private static let drive = 1.4

  private func isDriven(_ junction: Junction) -> Bool {
    -junction.incoming.dot(junction.velocityChange.unit) < Self.head * junction.incoming.length
  }

  /// Whether it is pushed along its way elsewhere with nothing near: fins, wings, motors.
  private func drivesItself(_ index: Int, in scene: SceneMotion) -> Bool {
    scene.motions[index].junctions.contains { junction in
      let change = junction.velocityChange
      let deviation = junction.velocityChangeCovariance.variance(along: change.unit).squareRoot()
      return change.length > SeenContact.significance * deviation
        && isDriven(junction) && junction.outgoing.length > Self.drive * junction.incoming.length
        && !scene.hasCompany(index, during: junction.gap, reach: 0.5 * scene.motions[index].diameter)
    }
  }

  /// What seems to fall and isn't sure to may kick itself off, which is doubt, no verdict.
  private func supposed(_ pValue: Double, of index: Int, in scene: SceneMotion) -> Double {
    let isKnown = scene.gravity.falls[index] == nil || scene.setting(of: index) != nil
    return isKnown ? pValue : scene.supposingFall(pValue, of: index)
  }

  /// Energy per mass that the picture plane sees added, px²/s².
  private func gain(_ junction: Junction) -> Double {
    (junction.outgoing.dot(junction.outgoing) - junction.incoming.dot(junction.incoming)) / 2
  }

  private func fall(of index: Int, in scene: SceneMotion) -> Double {
    scene.gravity.falls[index]?.acceleration.length ?? 1
  }

  /// The two arcs meet in the gap: the velocity jumps, the place doesn't.
  private func isImpact(_ junction: Junction, motion: TrackMotion) -> Bool {
    let (a, b) = (motion.arcs[junction.before], motion.arcs[junction.after])
    return motion.showSameBody(a, b) && junction.isContinuous(in: motion)
  }
}
