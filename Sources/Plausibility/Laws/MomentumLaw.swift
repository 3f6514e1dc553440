import Foundation
import WorldCore

/// Momentum: in a collision of two bodies what one gains the other loses, and no energy is made.
///
/// *Formula.* `m₁Δv₁ + m₂Δv₂ = 0`: the changes are opposite, whatever the masses; `m₁/m₂ = |Δv₂|/|Δv₁|` is the estimate. That
/// holds in the picture of any plane, too, since its map is affine at one depth. And along the blow n ∥ Δv₁ − Δv₂ the bodies
/// part no faster than they met: `w′·n ≤ −w·n` for w = v₁ − v₂. *Tests.* (a) The angle between Δv₁ and −Δv₂ against its error,
/// with 8° for what floors, spin and perspective do within a few frames. (b) The speed of parting, with a fifth of the speed of
/// meeting for foreshortening and spin. (c) The mass ratios of several collisions of one pair. (d) With a scene: its own mass
/// ratio; without one, as much as sizes tell of masses (`BodyDensities`). (e) With a scene, whose bodies' masses and depths are known: neither is struck harder than by an elastic blow, `|Δvᵢ|
/// ≤ 2 mⱼ/(m₁ + m₂)·|w|`, with a tenth for spin and scale; what a rolling ball sets off from rest rolls no faster than 5/7 of
/// that (`RollingBlow`). *Unit.* 1. *Applies* where two followed bodies meet, both change their velocity, and no third is near;
/// one may have been at rest. *Blind spots.* A body that the tracker takes for part of the scene before and after, collisions
/// of three.
struct MomentumLaw: Law {
  static let name = "momentum"

  /// Standard deviation of the angle besides the tracker's, radians.
  static let slack = 0.14
  /// What spin and foreshortening lend to the speed of parting, as a share of the speed of meeting.
  static let loan = 0.2
  /// Of the hardest blow that two masses allow: what spin lends and scales err by.
  static let blowSlack = 0.1
  /// Of the logarithm of a mass ratio besides the tracker's.
  static let ratioSlack = 0.25

  func findings(in scene: SceneMotion) -> [LawFinding] {
    let collisions = Collision.all(in: scene)
    guard !collisions.isEmpty else { return [.inapplicable(Self.name, "no two bodies were seen to collide by themselves")] }
    let pairs = Dictionary(grouping: collisions) {
      [min($0.first.motion, $0.second.motion), max($0.first.motion, $0.second.motion)]
    }
    return pairs.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { pair, collisions in
      finding(collisions, of: pair, in: scene)
    }
  }

  private func finding(_ collisions: [Collision], of pair: [Int], in scene: SceneMotion) -> LawFinding {
    var tests: [(p: Double, violation: LawFinding.Violation)] = []
    for collision in collisions {
      tests.append(direction(collision))
      if let parting = parting(collision) { tests.append(parting) }
      if let blow = hardest(collision, in: scene) { tests.append(blow) }
      if let rolling = rollsAway(collision, in: scene) { tests.append(rolling) }
    }
    let ratios = collisions.map { ratio($0, of: pair[0]) }
    // The best known of several tells.
    let best = ratios.min { $0.deviation < $1.deviation }!
    if ratios.count > 1 {
      let odd = ratios.indices.max { abs(ratios[$0].value - best.value) < abs(ratios[$1].value - best.value) }!
      let spread = (pow(ratios[odd].deviation, 2) + pow(best.deviation, 2) + 2 * Self.ratioSlack * Self.ratioSlack).squareRoot()
      let z = abs(ratios[odd].value - best.value) / spread
      tests.append(
        (
          ScoreCalibration.smallest(Tails.normal(beyond: z), of: ratios.count - 1),
          .init(
            from: collisions[odd].gap.lowerBound, to: collisions[odd].gap.upperBound,
            what:
              "tracks \(scene.motions[pair[0]].track.id) and \(scene.motions[pair[1]].track.id) have a mass ratio of \(Sentence.number(exp(ratios[odd].value))) here and of \(Sentence.number(exp(best.value))) in another of their collisions",
            sigma: z)
        ))
    }
    if let known = known(best, of: pair, collisions, in: scene) { tests.append(known) }
    if let looks = BodyDensities.test(of: best, pair, at: collisions[0].gap, in: scene) { tests.append(looks) }
    let p = ScoreCalibration.smallest(tests.map(\.p).min()!, of: tests.count)
    let ids = pair.map { scene.motions[$0].track.id }
    return .tested(
      Self.name, track: ids[0], pValue: p,
      estimate: .init(
        value: exp(best.value), unit: "1",
        ci95: [exp(best.value - 1.96 * best.deviation), exp(best.value + 1.96 * best.deviation)]),
      violations: p < scene.options.alpha ? tests.filter { $0.p < scene.options.alpha }.map(\.violation) : [],
      note: "estimate: mass of track \(ids[0]) over that of track \(ids[1])")
  }

  /// (a) Both changes lie on one line, opposite.
  private func direction(_ collision: Collision) -> (p: Double, violation: LawFinding.Violation) {
    let (u, v) = (collision.first.change, -collision.second.change)
    let angle = atan2(u.cross(v), u.dot(v))
    func error(_ side: Collision.Side) -> Double {
      let along = side.change.unit
      return side.covariance.variance(along: SIMD2(-along.y, along.x)) / side.change.dot(side.change)
    }
    let z = abs(angle) / (error(collision.first) + error(collision.second) + Self.slack * Self.slack).squareRoot()
    return (
      Tails.normal(beyond: z),
      .init(
        from: collision.gap.lowerBound, to: collision.gap.upperBound,
        what:
          "in the collision at \(Sentence.time(collision.time)) the two bodies' velocities change \(Sentence.number(abs(angle) * 180 / .pi))° from opposite: momentum would have to come from elsewhere",
        sigma: z)
    )
  }

  /// (b) They part no faster than they met.
  private func parting(_ collision: Collision) -> (p: Double, violation: LawFinding.Violation)? {
    let n = (collision.first.change - collision.second.change).unit
    let before = collision.first.before - collision.second.before
    let meeting = -before.dot(n)
    let parting = (collision.first.after - collision.second.after).dot(n)
    let variance =
      collision.first.covariance.variance(along: n) + collision.second.covariance.variance(along: n)
      + pow(Self.loan * before.length, 2)
    guard parting > 0 else { return nil }
    let z = (parting - meeting) / variance.squareRoot()
    return (
      Tails.normal(above: z),
      .init(
        from: collision.gap.lowerBound, to: collision.gap.upperBound,
        what:
          "the bodies part \(meeting > 0 ? "\(Sentence.number(parting / meeting)) times as fast as they met" : "though they didn't meet"): energy would have to be released at \(Sentence.time(collision.time))",
        sigma: z)
    )
  }

  /// (e) Neither is struck harder than by an elastic blow. The speed of meeting is that in space, the changes are those in the
  /// picture, which are no larger than in space.
  private func hardest(_ collision: Collision, in scene: SceneMotion) -> (p: Double, violation: LawFinding.Violation)? {
    let sides = [collision.first, collision.second]
    let settings = sides.compactMap { scene.setting(of: $0.motion) }.filter(\.isFree)
    let masses = settings.compactMap(\.mass).filter { $0 > 0 }
    let scales = sides.compactMap { scene.scale(of: $0.motion) }
    guard masses.count == 2, scales.count == 2, settings[0].body != settings[1].body else { return nil }
    let across = sides[0].before / scales[0] - sides[1].before / scales[1]
    let along = recession(sides[0], before: collision.time, in: scene) - recession(sides[1], before: collision.time, in: scene)
    let meeting = (across.dot(across) + along * along).squareRoot()
    let tests = sides.indices.map { i -> (z: Double, ratio: Double) in
      let most = 2 * masses[1 - i] / (masses[0] + masses[1]) * meeting
      let change = sides[i].change.length / scales[i]
      let error = sides[i].covariance.variance(along: sides[i].change.unit) / (scales[i] * scales[i])
      return ((change - most) / (error + pow(Self.blowSlack * most, 2)).squareRoot(), change / max(most, 1e-9))
    }
    let worst = tests.max { $0.z < $1.z }!
    return (
      ScoreCalibration.smallest(Tails.normal(above: worst.z), of: 2),
      .init(
        from: collision.gap.lowerBound, to: collision.gap.upperBound,
        what:
          "one of the bodies is struck \(Sentence.number(worst.ratio)) times as hard at \(Sentence.time(collision.time)) as their masses allow an elastic blow: momentum or energy would have to come from elsewhere",
        sigma: worst.z)
    )
  }

  /// (e) on level ground.
  private func rollsAway(_ collision: Collision, in scene: SceneMotion) -> (p: Double, violation: LawFinding.Violation)? {
    guard let blow = RollingBlow(collision, in: scene) else { return nil }
    return (
      Tails.normal(above: blow.sigma),
      .init(
        from: collision.gap.lowerBound, to: collision.gap.upperBound,
        what:
          "the struck ball rolls away at \(Sentence.number(blow.speed)) m/s from the blow at \(Sentence.time(collision.time)), which gives it \(Sentence.number(blow.most)) m/s at most: momentum or energy would have to come from elsewhere",
        sigma: blow.sigma)
    )
  }

  /// How fast a body goes away from the camera before it collides, as its scale tells, m/s.
  private func recession(_ side: Collision.Side, before time: Double, in scene: SceneMotion) -> Double {
    guard let view = scene.view(of: side.motion) else { return 0 }
    let focal = 0.5 * Double(scene.clip.size.max() ?? 1) / tan(scene.options.fieldOfView / 2)
    let span = 4 * scene.motions[side.motion].frameTime
    return (focal / view.pixelsPerMetre(at: time) - focal / view.pixelsPerMetre(at: time - span)) / span
  }

  /// (d) The mass ratio is the scene's.
  private func known(
    _ ratio: (value: Double, deviation: Double), of pair: [Int], _ collisions: [Collision], in scene: SceneMotion
  ) -> (p: Double, violation: LawFinding.Violation)? {
    guard let a = scene.setting(of: pair[0]), let b = scene.setting(of: pair[1]), a.isFree, b.isFree, a.body != b.body,
      let first = a.mass, let second = b.mass, first > 0, second > 0
    else { return nil }
    let z = (ratio.value - log(first / second)) / (pow(ratio.deviation, 2) + Self.ratioSlack * Self.ratioSlack).squareRoot()
    return (
      Tails.normal(beyond: z),
      .init(
        from: collisions[0].gap.lowerBound, to: collisions[0].gap.upperBound,
        what:
          "what tracks \(scene.motions[pair[0]].track.id) and \(scene.motions[pair[1]].track.id) exchange makes a mass ratio of \(Sentence.number(exp(ratio.value))) where the scene has \(Sentence.number(first / second))",
        sigma: abs(z))
    )
  }

  /// Logarithm of the mass of one of the pair over the other's.
  private func ratio(_ collision: Collision, of motion: Int) -> (value: Double, deviation: Double) {
    let (own, other) =
      collision.first.motion == motion ? (collision.first, collision.second) : (collision.second, collision.first)
    func relative(_ side: Collision.Side) -> Double {
      side.covariance.variance(along: side.change.unit) / side.change.dot(side.change)
    }
    return (log(other.change.length / own.change.length), (relative(own) + relative(other)).squareRoot())
  }
}
