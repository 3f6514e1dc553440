import Foundation
import LinearAlgebra
import WorldCore

/// Friction: what slides or rolls over a level plane slows down evenly, along a straight line, and never turns back.
///
/// *Formula.* Along the way, `s(t) = (s₀ + v₀t − ½at²)/(1 + wt)`: constant deceleration a ≥ 0 of a straight path in any plane,
/// through a pinhole. *Tests.* (a) F-test of a cubic and a quartic term in that, with a tenth of the path's departure from
/// uniform motion for rolling resistance and air, which grow with speed; (b) `v·v₀ ≥ 0` to the end: the body may stop, friction
/// doesn't push it back. (c) Where the scene says that the ground is level: nothing speeds up on it, but by spin for a while
/// after a blow. *Unit.* m/s² with a scale, else px/s². *Applies* to straight arcs of a dozen sightings and more whose speed
/// falls significantly, across gravity in a level view or anywhere in one from above, with no other mover near. *Blind spots.*
/// Slopes that lead straight away from the camera; what is pushed or driven; a change of surface begins a new arc.
struct FrictionLaw: Law {
  static let name = "friction"

  /// Of the F-test's excess, as a share of the bend that deceleration makes.
  static let slack = 0.1
  /// Angle to the horizontal of the picture (sine) within which a path is level in a level view.
  static let level = 0.1
  static let leastSightings = 12
  /// How often a level path turns back by a slope that the picture doesn't show.
  static let hiddenSlope = 3e-3

  func findings(in scene: SceneMotion) -> [LawFinding] {
    var findings: [LawFinding] = []
    for (index, motion) in scene.motions.enumerated() where motion.track.kind == .compact {
      let slides = motion.arcs.indices.compactMap { slide(motion.arcs[$0], $0, of: index, in: scene) }
      if let driven = drivenOnLevel(index, in: scene), slides.isEmpty || driven.pValue! < scene.options.alpha {
        findings.append(driven)
      }
      guard !slides.isEmpty, let best = slides.min(by: { $0.error / $0.deceleration < $1.error / $1.deceleration }) else {
        continue
      }
      let tests = slides.flatMap(\.tests)
      let p = ScoreCalibration.smallest(tests.map(\.p).min()!, of: tests.count)
      let unit = scene.accelerationUnit(of: index)
      findings.append(
        .tested(
          Self.name, track: motion.track.id, pValue: p,
          estimate: .init(
            value: best.deceleration * unit.factor, unit: unit.name,
            ci95: [
              (best.deceleration - 1.96 * best.error) * unit.factor, (best.deceleration + 1.96 * best.error) * unit.factor,
            ]),
          violations: p < scene.options.alpha ? tests.filter { $0.p < scene.options.alpha }.map(\.violation) : [],
          note: "estimate: deceleration"))
    }
    return findings.isEmpty ? [.inapplicable(Self.name, "nothing was seen to slow down on a level plane by itself")] : findings
  }

  /// Whether it calls a track's ride broken.
  static func condemns(_ index: Int, in scene: SceneMotion) -> Bool {
    FrictionLaw().findings(in: scene).contains { $0.track == scene.motions[index].track.id && !$0.violations.isEmpty }
  }

  /// How often a ball on level ground still speeds up, so long after anything struck it, by a spin that doesn't show.
  static let unseenSpin = 1e-3
  /// Share of g by which slopes too small for a scene, and its own errors, speed things up.
  static let levelSlack = 0.01

  /// (c) On ground that the scene says is level nothing speeds up by itself.
  private func drivenOnLevel(_ index: Int, in scene: SceneMotion) -> LawFinding? {
    guard let setting = scene.setting(of: index), setting.isFree, scene.options.gravity > 0 else { return nil }
    let motion = scene.motions[index]
    typealias Gain = (p: Double, from: Double, to: Double, what: String)
    // Arcs in the places of the scene's own body, and whole rides on the ground itself.
    var gains = motion.arcs.compactMap { arc -> Gain? in
      guard let ride = PlacedArc(motion, arc, in: setting, where: \.isOnLevel), ride.sightings >= Self.leastSightings,
        !scene.hasCompany(index, during: max(0, ride.start - LevelRide.spinLasts)...ride.end),
        ride.velocity.length * ride.duration > 2 * setting.outerRadius
      else { return nil }
      let way = ride.velocity.unit
      let slack = Self.levelSlack * scene.options.gravity + SceneSetting.uncertainty * ride.velocity.length / ride.duration
      let variance = ride.accelerationCovariance.variance(along: way) + slack * slack
      return (
        Tails.normal(above: ride.acceleration.dot(way) / variance.squareRoot()), min(arc.start, ride.start), ride.end,
        "by \(Sentence.number(ride.acceleration.length)) m/s^2"
      )
    }
    gains += LevelRide.all(of: index, in: scene).map {
      (
        $0.pValueOfGain, $0.onset, $0.end,
        "from \(Sentence.number($0.speed)) to \(Sentence.number($0.speed + $0.gain.value)) m/s"
      )
    }
    guard let worst = gains.min(by: { $0.p < $1.p }) else { return nil }
    let p = max(ScoreCalibration.smallest(worst.p, of: gains.count), Self.unseenSpin)
    return .tested(
      Self.name, track: motion.track.id, pValue: p,
      violations: p < scene.options.alpha
        ? [
          .init(
            from: worst.from, to: worst.to,
            what: "on level ground the body speeds up \(worst.what) with nothing near to drive it",
            sigma: Tails.normalQuantile(above: max(worst.p, Self.unseenSpin)))
        ] : [])
  }

  private struct Slide {
    /// px/s², with its standard deviation.
    let deceleration: Double
    let error: Double
    let tests: [(p: Double, violation: LawFinding.Violation)]
  }

  private func slide(_ arc: Arc, _ i: Int, of index: Int, in scene: SceneMotion) -> Slide? {
    let motion = scene.motions[index]
    guard arc.count >= Self.leastSightings, scene.gravity.falls[index]?.arcs.contains(i) != true else { return nil }
    // What a joint or water holds in the scene has other forces than friction on it.
    guard scene.setting(of: index)?.isFree ?? true else { return nil }
    let (a, covariance) = arc.meanAcceleration
    let start = arc.velocity(at: arc.start)
    let way = start.unit
    let across = SIMD2(-way.y, way.x)
    // In a level view, across gravity; from above, anywhere.
    let isLevel = scene.options.view == .overhead || abs(way.dot(scene.gravity.down)) < Self.level
    let isKnown = scene.options.view != .unknown || !scene.gravity.falls.isEmpty
    guard isKnown, isLevel, start.length * arc.duration > 2 * motion.diameter else { return nil }
    let deceleration = -a.dot(way)
    let error = covariance.variance(along: way).squareRoot()
    guard deceleration > 5 * error,
      abs(a.dot(across)) < 0.15 * deceleration + 3 * covariance.variance(along: across).squareRoot(),
      deceleration * arc.duration > 0.2 * start.length, !scene.hasCompany(index, during: arc.start...arc.end)
    else { return nil }

    var tests: [(p: Double, violation: LawFinding.Violation)] = []
    let points = motion.sightings[arc.range].map { s in
      (
        t: s.time - arc.origin, s: (s.position - arc.position(at: arc.origin)).dot(way),
        deviation: s.covariance.variance(along: way).squareRoot()
      )
    }
    if let p = uneven(points, bend: deceleration * arc.duration * arc.duration / 8, varianceError: motion.track.varianceError) {
      tests.append(
        (
          p,
          .init(
            from: arc.start, to: arc.end, what: "it slows down unevenly, as no friction on a plane does",
            sigma: Tails.normalQuantile(above: p))
        ))
    }
    let end = arc.velocity(at: arc.end)
    let back = -end.dot(way)
    let way2 = back * back / (2 * deceleration)
    let z = back / arc.covariance(1, at: arc.end).variance(along: way).squareRoot()
    if way2 > 0.5 * motion.diameter {
      tests.append(
        (
          max(Tails.normal(above: z), Self.hiddenSlope),
          .init(
            from: arc.start, to: arc.end,
            what: "on a level way it slows down, stops and comes back by itself: friction only brakes", sigma: z)
        ))
    }
    return tests.isEmpty ? nil : Slide(deceleration: deceleration, error: error, tests: tests)
  }

  /// p of the two terms beyond constant deceleration in perspective.
  private func uneven(_ points: [(t: Double, s: Double, deviation: Double)], bend: Double, varianceError: Double) -> Double? {
    let half = points.map { abs($0.t) }.max() ?? 1
    guard let even = Self.fit(points, half: half) else { return nil }
    let simple = even.chiSquare
    // Two terms more, through the same depths.
    guard let free = Self.solve(points, half: half, degree: 4, rate: even.rate, refines: false)?.chiSquare else { return nil }
    let deviation = points.map(\.deviation).sorted()[points.count / 2]
    // A wave of that height along the path, which is what two more terms take up.
    let allowed = Double(points.count) * pow(Self.slack * bend / deviation, 2) / 8
    let excess = max(0, simple - free - allowed)
    guard varianceError > 0 else { return Tails.chiSquare(above: excess, degrees: 2) }
    // The covariances' own factor, by its spread.
    return max(
      Tails.chiSquare(above: excess, degrees: 2), Tails.chiSquare(above: excess / exp(2 * varianceError), degrees: 2))
  }

  /// χ² of `(n₀ + n₁t + n₂t²)/(1 + wt)`, linear in all of its unknowns once multiplied out, reweighted by the depth found
  /// before.
  private static func fit(_ points: [(t: Double, s: Double, deviation: Double)], half: Double) -> (
    chiSquare: Double, rate: Double
  )? {
    var rate = 0.0
    for _ in 0..<4 {
      guard let next = solve(points, half: half, degree: 2, rate: rate, refines: true)?.unknowns.last, abs(next) < 0.8 else {
        return nil
      }
      rate = next
    }
    return solve(points, half: half, degree: 2, rate: rate, refines: false).map { ($0.chiSquare, rate) }
  }

  /// Least squares at a known rate of depth per half duration; a column more finds a better one.
  private static func solve(
    _ points: [(t: Double, s: Double, deviation: Double)], half: Double, degree: Int, rate: Double, refines: Bool
  ) -> LeastSquaresSolution? {
    var design = Matrix(rows: points.count, columns: degree + (refines ? 2 : 1))
    var values = [Double](repeating: 0, count: points.count)
    for (i, point) in points.enumerated() {
      let t = point.t / half
      let weight = 1 / (point.deviation * (1 + rate * t))
      var power = 1.0
      for k in 0...degree {
        design[i, k] = power * weight
        power *= t
      }
      if refines { design[i, degree + 1] = -t * point.s * weight }
      values[i] = point.s * (refines ? 1 : 1 + rate * t) * weight
    }
    return try? leastSquares(design, values)
  }
}
