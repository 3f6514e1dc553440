import Foundation
import WorldCore

/// A clip in which nothing falls: a table seen from above, things on wheels, or gravity missing?
///
/// Motion across the picture's vertical may roll on a floor. A body that moves up or down the picture in a straight line at
/// constant speed is either supported by a plane seen from above, driven or afloat (a lift, an aircraft, a balloon, snow), or
/// weightless. Before "weightless" the distance to the scene is tried: the bound on the acceleration bounds the scale, and with
/// it how large the body would have to be for its fall to go unseen. What remains is a choice between hypotheses, made by
/// Bayes' rule with the priors below and three kinds of evidence. The direction of the impacts: floors push up and walls
/// sideways in a level view, while the rails of a table push from all sides alike. A horizon: views from above seldom show a
/// line right across. And a rebound of the body itself: what is driven or afloat stops where it strikes. What grows as it comes
/// down the picture may roll there.
///
/// Priors are no test. A clip is condemned only where the camera is known to stand level, by the caller or by a scene, and
/// where the body rebounds or is one that falls freely in that scene; otherwise it is left undetermined.
struct WeightlessMotion {
  /// Before any evidence: a real clip with such motion is filmed from above (tables, rinks), or shows something driven or
  /// afloat, as about every other does; or no real camera took it.
  static let prior = (overhead: 0.10, driven: 0.50, weightless: 0.50)
  /// How often what is driven or afloat rebounds from something and goes on straight and as steadily.
  static let rebounding = 0.08
  /// Share of the speed that changes in a rebound, at least.
  static let rebound = 0.4
  /// That a body rolls away over the ground, where its path and its size allow that.
  static let rollingAway = 0.10
  /// How often a picture shows a line right across: the horizon or the foot of a wall, or some edge of a table from above.
  static let lineAcross = (level: 0.5, overhead: 0.15)
  /// Densities of an impact's direction, per hypothesis: within 20° of up, within 20° of sideways, within 20° of down,
  /// anything else.
  static let impactOdds = (level: [0.55, 0.25, 0.03, 0.17], overhead: [0.17, 0.34, 0.17, 0.32])
  /// A body larger than this, m, could fall unnoticed at the distance that implies.
  static let largestBody = 3.0

  let scene: SceneMotion

  init(_ scene: SceneMotion) { self.scene = scene }

  func finding() -> LawFinding {
    let name = GravityLaw.name
    if scene.options.view == .overhead { return .inapplicable(name, "seen from above: gravity acts along the line of sight") }
    var worst: (arc: Arc, index: Int, motion: TrackMotion, size: Double)?
    var impacts = [0, 0, 0, 0]
    for (index, motion) in scene.motions.enumerated() where motion.track.kind == .compact {
      if scene.setting(of: index).map({ !mayFall(motion, in: $0) }) ?? false { continue }
      for junction in motion.junctions where !scene.hasCompany(index, during: junction.gap) {
        let change = junction.velocityChange
        guard change.length > 5 * junction.velocityChangeCovariance.variance(along: change.unit).squareRoot() else { continue }
        let d = change.unit
        impacts[d.y < -0.94 ? 0 : abs(d.x) > 0.94 ? 1 : d.y > 0.94 ? 2 : 3] += 1
      }
      for arc in motion.arcs where arc.count >= 6 {
        guard let size = sizeToFallUnseen(arc, motion), size > Self.largestBody else { continue }
        if worst == nil || arc.duration > worst!.arc.duration {
          worst = (arc, index, motion, size)
        }
      }
    }
    guard let worst else { return .inapplicable(name, "no body was seen in free flight, nor one that should have been") }

    // Bayes' rule over where the camera stands.
    func likelihood(_ odds: [Double]) -> Double { zip(odds, impacts).reduce(1) { $0 * pow($1.0, Double($1.1)) } }
    var (level, overhead) = (likelihood(Self.impactOdds.level), likelihood(Self.impactOdds.overhead))
    if scene.evidence.horizon != nil {
      level *= Self.lineAcross.level
      overhead *= Self.lineAcross.overhead
    }
    let isOfScene = scene.setting(of: worst.index) != nil
    let isPassive = isOfScene || rebounds(worst.motion, worst.index)
    var innocent = Self.prior.driven * (isPassive ? Self.rebounding : 1) * level
    if scene.options.view == .unknown && !isOfScene { innocent += Self.prior.overhead * overhead }
    if mayRollAway(worst.arc, worst.motion) { innocent += Self.rollingAway * level }
    let weightless = Self.prior.weightless * level
    let isTested = isPassive && (isOfScene || scene.options.view == .level)
    let probability = max(innocent / (innocent + weightless), isTested ? 0 : Self.leastUntested)
    let bound = upperAcceleration(worst.arc)
    let violation = LawFinding.Violation(
      from: worst.arc.start, to: worst.arc.end,
      what:
        "the body crosses the picture's vertical in a straight line at constant speed: to fall unseen it would have to be \(Sentence.number(worst.size)) m large",
      sigma: Tails.normalQuantile(above: max(probability, 1e-300)))
    let scale = scene.accelerationUnit(of: worst.index)
    return LawFinding(
      law: name, applies: true, track: worst.motion.track.id, score: probability, pValue: nil,
      estimate: .init(
        value: worst.arc.acceleration(at: worst.arc.origin).y * scale.factor, unit: scale.name,
        ci95: [-bound * scale.factor, bound * scale.factor]),
      violations: probability < ScoreCalibration.probability(pValue: scene.options.alpha) ? [violation] : [],
      note:
        "no scale and no fall to compare with: weightless, or moved on a plane seen from above, or driven; a scene, a scale or the view would tell"
    )
  }

  /// The score of what is doubted.
  private static let leastUntested = ScoreCalibration.probability(
    pValue: ScoreCalibration.calibrated(ScoreCalibration.doubt, of: GravityLaw.name))

  /// What a scene holds by a joint or by water doesn't fall, nor does what touches something all the time: a belt may carry it.
  private func mayFall(_ motion: TrackMotion, in setting: SceneSetting) -> Bool {
    setting.isFree && motion.sightings.contains { setting.instant(at: $0.time).map { setting.isInTheOpen($0) } ?? false }
  }

  /// Whether it was thrown back by something that isn't seen to move.
  private func rebounds(_ motion: TrackMotion, _ index: Int) -> Bool {
    SeenContact.all(of: index, in: scene).contains { contact in
      guard let junction = motion.junctions.first(where: { $0.time == contact.time }) else { return false }
      return contact.departure > 0 && junction.velocityChange.length > Self.rebound * junction.incoming.length
        && !scene.hasCompany(index, during: contact.gap)
    }
  }

  /// How large the body would have to be, m, for its acceleration to hide below what this arc could show; nil when the arc is
  /// no straight, steady motion up or down the picture.
  private func sizeToFallUnseen(_ arc: Arc, _ motion: TrackMotion) -> Double? {
    guard arc.degree == 2 else { return nil }
    let path = arc.position(at: arc.end) - arc.position(at: arc.start)
    let (a, covariance) = arc.meanAcceleration
    guard path.length > 1.5 * motion.diameter, abs(path.y) > 0.3 * path.length, abs(path.y) > motion.diameter else {
      return nil
    }
    // Straight: what the acceleration does to the path across its way is within its error, or next to nothing. Steady: the
    // speed changes by no more than the same speed coming nearer or going away does.
    let way = path.unit
    let across = SIMD2(-way.y, way.x)
    let sagitta = abs(a.dot(across)) * arc.duration * arc.duration / 8
    guard pow(a.dot(across), 2) < 16 * covariance.variance(along: across) || sagitta < 0.02 * path.length,
      abs(a.dot(way)) * arc.duration < 0.4 * arc.velocity(at: arc.origin).length
        || pow(a.dot(way), 2) < 16 * covariance.variance(along: way)
    else { return nil }
    return motion.diameter * scene.options.gravity / upperAcceleration(arc)
  }

  /// Whether what is seen may be a body that rolls on level ground, or a table, nearer or away: its width then grows by a
  /// diameter for each height of the camera over that plane by which its foot comes down the picture (Hoiem et al., IJCV 2008,
  /// eq. 4).
  private func mayRollAway(_ arc: Arc, _ motion: TrackMotion) -> Bool {
    let growth = Line(through: motion.sightings[arc.range].map { ($0.position.y + $0.axes.y / 2, $0.axes.y) })
    return growth.slope > 0 && growth.slope + 3 * growth.deviation > 1 / Self.highestCamera
  }

  /// A camera stands no more than so many of the body's diameters above the plane that it rolls on.
  private static let highestCamera = 45.0

  /// Upper 99.9 % bound on the acceleration's size, px/s².
  private func upperAcceleration(_ arc: Arc) -> Double {
    let (a, covariance) = arc.meanAcceleration
    return a.length + 3.1 * max(covariance.xx, covariance.yy).squareRoot()
  }
}

/// A straight line by least squares.
private struct Line {
  let slope: Double
  /// Standard deviation of the slope, from the scatter about the line.
  let deviation: Double

  init(through points: [(x: Double, y: Double)]) {
    let n = Double(points.count)
    let (x, y) = (points.reduce(0) { $0 + $1.x } / n, points.reduce(0) { $0 + $1.y } / n)
    let spread = max(points.reduce(0) { $0 + pow($1.x - x, 2) }, 1e-12)
    let slope = points.reduce(0) { $0 + ($1.x - x) * ($1.y - y) } / spread
    let scatter = points.reduce(0) { $0 + pow($1.y - y - slope * ($1.x - x), 2) } / max(n - 2, 1)
    self.slope = slope
    deviation = (scatter / spread).squareRoot()
  }
}
