import Foundation
import WorldCore

/// Gravity: what is free falls, all alike, all the time.
///
/// *Formula.* Each free arc's acceleration is g, straight down; `t₁²h₂/(t₂²h₁) = 1` between the flights of one track is the
/// same statement without units. A body that isn't in free flight may be held, pushed aside or braked, but a passive one gains
/// no energy: `½(v₁² − v₀²) − g·(p₁ − p₀) ≤ 0` along every arc. *Tests.* (a) With a scale: ln(|a|/g) against its error and the
/// scale's. (b) Flights of one track against one another, each at the body's apparent size there and free of what its approach
/// feigns. (c) The energy of every other arc of a track that has shown free flight: rising without slowing needs power; and what it
/// gives way to in the air (`AlteredFlight`). (d)
/// Down in the world against down in the picture: cameras roll by some 8°, 1 in 100 by anything; (a) and (d) are asked of
/// flights whose acceleration is seen to stay the same. What isn't sure to fall is doubted, not condemned. (e) Where nothing in the clip falls: `WeightlessMotion`; where the
/// scene is known: `FallInTheOpen`. *Unit.* m/s² with a scale, px/s² without. *Applies* to compact tracks with a flight of five
/// sightings. *Blind spots.* Half gravity in the whole clip without a scale; a body that descends steadily (a parachute does
/// too); things with engines that fell before.
struct GravityLaw: Law {
  static let name = "gravity"

  /// Perspective and drag between two flights of one body, as a share of g, standard deviation.
  static let flightSlack = 0.12
  /// The misfit of drag that still explains flights which differ.
  static let explained = 0.05
  /// Share of the energies at play that perspective may feign, standard deviation.
  static let energySlack = 0.08
  /// A shorter arc may hide a bounce or two that the frames don't resolve.
  static let leastSightings = 7
  /// And one shorter than this, s, has no acceleration to speak of, however many frames a second there are.
  static let leastDuration = 0.19
  /// How often a valid fall turns, without a jolt, into a straight descent at constant speed: a slope met at a tangent whose
  /// friction balances gravity, a fluid entered at its terminal speed.
  static let tangentialDescent = 2e-3
  /// Standard deviation of a camera's roll, radians, and the share of clips filmed at any angle.
  static let roll = (usual: 0.14, anyhow: 0.01)
  /// That of a camera which the scene describes: what perspective does to the direction along a flight.
  static let knownRoll = 0.04

  func findings(in scene: SceneMotion) -> [LawFinding] {
    // Where the scene is known it tells more than the clip alone.
    let told = scene.motions.indices.compactMap { index in FallInTheOpen.finding(for: index, in: scene).map { (index, $0) } }
    let known = Set(told.map(\.0))
    // What a joint or water holds in the scene doesn't fall, whatever its path looks like for a while.
    let falls = scene.gravity.falls.filter { !known.contains($0.key) && scene.setting(of: $0.key)?.isFree ?? true }
      .sorted { $0.key < $1.key }
    let findings = told.map(\.1) + falls.map { finding(for: $0.key, fall: $0.value, in: scene) }
    guard findings.isEmpty else { return findings }
    guard scene.options.gravity > 0 else { return [.inapplicable(Self.name, "the scene has no gravity")] }
    return [WeightlessMotion(scene).finding()]
  }

  private func finding(for index: Int, fall: SharedGravity.Fall, in scene: SceneMotion) -> LawFinding {
    let motion = scene.motions[index]
    var tests: [(p: Double, violation: LawFinding.Violation)] = []
    let value = fall.acceleration.length
    let deviation = fall.covariance.variance(along: fall.acceleration.unit).squareRoot()
    let span = (motion.arcs[fall.arcs[0]].start, motion.arcs[fall.arcs.last!].end)

    // (a) The size of g.
    let view = scene.view(of: index)
    var estimate = LawFinding.Estimate(
      value: value, unit: "px/s^2", ci95: [value - 1.96 * deviation, value + 1.96 * deviation])
    var inMetres = ScaledGravity(motion: motion, index: index, fall: fall, scene: scene)?.estimate
    // How far the size of the body, which tells the scale, is itself to be trusted.
    var sizeError = 0.0
    if let byDiameter = DiameterScale(motion: motion, fall: fall, scene: scene)?.estimate {
      (inMetres, sizeError) = (byDiameter, scene.options.scaleUncertainty)
    }
    let isUniform = fall.arcs.contains { SharedGravity.isUniform(motion.arcs[$0], of: motion) }
    if let inMetres { estimate = inMetres }
    if let inMetres, isUniform {
      let relative = (inMetres.ci95[1] - inMetres.ci95[0]) / 3.92 / inMetres.value
      let z = log(inMetres.value / scene.options.gravity) / (relative * relative + sizeError * sizeError).squareRoot()
      tests.append(
        (
          Tails.normal(beyond: z),
          .init(
            from: span.0, to: span.1,
            what:
              "the body falls with \(Sentence.number(estimate.value)) m/s^2 where gravity is \(Sentence.number(scene.options.gravity)) m/s^2",
            sigma: abs(z))
        ))
    }
    tests += otherArcs(index, fall: fall, in: scene)
    tests += AlteredFlight.all(of: index, fall: fall, in: scene).map { ($0.p, $0.violation) }

    // (d) Which way is down.
    if scene.options.view != .overhead, isUniform {
      let down = view?.down ?? SIMD2(0, 1)
      let angle = atan2(fall.acceleration.cross(down), fall.acceleration.dot(down))
      let across =
        fall.covariance.variance(along: SIMD2(fall.acceleration.unit.y, -fall.acceleration.unit.x)).squareRoot() / value
      let roll = view == nil ? Self.roll.usual : Self.knownRoll
      let anyhow = view == nil ? Self.roll.anyhow : 0
      let usual = Tails.normal(beyond: angle / (roll * roll + across * across).squareRoot())
      let p = (1 - anyhow) * usual + anyhow * (1 - abs(angle) / .pi)
      tests.append(
        (
          p,
          .init(
            from: span.0, to: span.1,
            what:
              "the body falls \(Sentence.number(abs(angle) * 180 / .pi))° off \(view == nil ? "the picture's own down" : "where the scene's gravity points")",
            sigma: Tails.normalQuantile(above: p))
        ))
    }

    tests = tests.map { (scene.supposingFall($0.p, of: index), $0.violation) }
    let p = ScoreCalibration.smallest(tests.map(\.p).min() ?? 1, of: max(1, tests.count))
    // What alone would be doubt tells, beside what isn't, since when.
    let violations = p < scene.bound ? tests.filter { $0.p <= ScoreCalibration.doubt }.map(\.violation) : []
    return .tested(Self.name, track: motion.track.id, pValue: p, estimate: estimate, violations: violations)
  }

  /// (b) and (c): the arcs of the track that aren't among its free flights.
  private func otherArcs(
    _ index: Int, fall: SharedGravity.Fall, in scene: SceneMotion
  ) -> [(p: Double, violation: LawFinding.Violation)] {
    let motion = scene.motions[index]
    let g = fall.acceleration
    var tests: [(p: Double, violation: LawFinding.Violation)] = []
    for (i, arc) in motion.arcs.enumerated() where !fall.arcs.contains(i) && arc.count >= Self.leastSightings {
      guard arc.duration >= Self.leastDuration else { continue }
      guard fall.arcs.contains(where: { motion.showSameBody(arc, motion.arcs[$0]) }) else { continue }

      // What carries a body without a jolt does so from the first; what it only meets at the end doesn't.
      if !scene.hasCompany(index, during: arc.start...arc.origin),
        let weightless = switchedOff(arc, i, motion: motion, gravity: g)
      {
        tests.append(weightless)
      }
      guard !scene.hasCompany(index, during: arc.start...arc.end) else { continue }
      let (a, covariance) = arc.meanAcceleration

      // A curved flight along g's line with another size, at the size that the body has there: gravity itself has changed.
      if SharedGravity.isCurved(arc), a.unit.dot(g.unit) > 0.94, covariance.mahalanobisSquared(a) > 25 {
        let nearness = Nearness(of: motion, in: arc, against: fall.arcs.map { motion.arcs[$0] })
        let feigned = -2 * nearness.recession * arc.velocity(at: arc.origin).dot(g.unit)
        let expected = g.length * nearness.ratio + feigned
        let slack =
          pow(Self.flightSlack * g.length, 2) + pow(g.length * nearness.ratio * nearness.ratioDeviation, 2)
          + pow(2 * nearness.recessionDeviation * arc.velocity(at: arc.origin).dot(g.unit), 2)
        let variance = covariance.variance(along: g.unit) + fall.covariance.variance(along: g.unit) + slack
        let z = (a.dot(g.unit) - expected) / variance.squareRoot()
        // Air makes flights of one body unlike.
        let drag = AirDrag(fall.arcs.map { motion.arcs[$0] } + [arc])
        let isDrag = (drag?.pValue ?? 0) > Self.explained
        tests.append(
          (
            max(Tails.normal(beyond: z), isDrag ? ScoreCalibration.doubt : 0),
            .init(
              from: arc.start, to: arc.end,
              what: "the body falls at \(Sentence.number(a.dot(g.unit) / expected)) times the rate of its other flights",
              sigma: abs(z))
          ))
      }

      let (p0, p1) = (arc.position(at: arc.start), arc.position(at: arc.end))
      let (v0, v1) = (arc.velocity(at: arc.start), arc.velocity(at: arc.end))
      let gain = (v1.dot(v1) - v0.dot(v0)) / 2 - g.dot(p1 - p0)
      let c0 = arc.covariance(1, at: arc.start), c1 = arc.covariance(1, at: arc.end)
      let q0 = arc.covariance(0, at: arc.start), q1 = arc.covariance(0, at: arc.end)
      func form(_ v: SIMD2<Double>, _ c: Covariance2) -> Double { v.x * v.x * c.xx + v.y * v.y * c.yy }
      let atPlay = max(abs(g.dot(p1 - p0)), max(v0.dot(v0), v1.dot(v1)) / 2)
      let variance = form(v0, c0) + form(v1, c1) + form(g, q0) + form(g, q1) + pow(Self.energySlack * atPlay, 2)
      let z = gain / variance.squareRoot()
      // A third of a diameter's lift is within what a silhouette's change of shape feigns.
      guard gain > 0.33 * g.length * motion.diameter else { continue }
      let share = a.dot(g.unit) / g.length
      tests.append(
        (
          Tails.normal(above: z),
          .init(
            from: arc.start, to: arc.end,
            what:
              "from \(Sentence.time(arc.start)) the body moves with \(Sentence.number(share)) times the gravity of its own falls and gains energy: needs \(scene.energy(gain, of: index, fall: g.length)) injected by \(Sentence.time(arc.end))",
            sigma: z)
        ))
    }
    return tests
  }

  /// A free fall that becomes a straight, steady descent without any jolt: the acceleration changed, the velocity did not.
  private func switchedOff(
    _ arc: Arc, _ index: Int, motion: TrackMotion, gravity g: SIMD2<Double>
  ) -> (p: Double, violation: LawFinding.Violation)? {
    guard let junction = motion.junctions.first(where: { $0.after == index }) else { return nil }
    let before = motion.arcs[junction.before]
    let (a, covariance) = arc.meanAcceleration
    let fell = before.meanAcceleration.value.dot(g.unit) > 0.6 * g.length
    let steady = a.length < 0.15 * g.length && covariance.variance(along: g.unit).squareRoot() < 0.15 * g.length
    let down = arc.velocity(at: arc.origin).dot(g.unit)
    let steep = down > 0.25 * arc.velocity(at: arc.origin).length && down * arc.duration > motion.diameter
    let jolt = junction.velocityChange
    let joltVariance = junction.velocityChangeCovariance.variance(along: jolt.unit)
    let smooth = jolt.length < 4 * joltVariance.squareRoot() + 0.05 * junction.incoming.length
    guard fell, steady, steep, smooth else { return nil }
    return (
      Self.tangentialDescent,
      .init(
        from: junction.gap.lowerBound, to: arc.end,
        what:
          "a free fall turns into straight descent at constant speed at \(Sentence.time(junction.time)), without touching anything: gravity would have to end there",
        sigma: Tails.normalQuantile(above: Self.tangentialDescent))
    )
  }
}
