import Foundation
import WorldCore

/// Rolling: a round thing that turns as it goes over level ground turns once in its own circumference.
///
/// *Formula.* v = ωr where the underside doesn't slip: κ = ωr/v is 1, positive where the lowest point is the slower one.
/// *Test.* κ by least squares over the turns of the pattern inside the outline, step by step of the way, under their own
/// deviations and scatter, with 10 % for how obliquely it is seen: two-sided about 1. What slips is braked or driven until it
/// rolls, so a κ that moves towards 1 is lawful. *Unit.* 1. *Applies* to round compact tracks whose pattern is seen to turn (κ
/// stands out of nothing), on level, steady ways two diameters long with no other mover near, where the picture's up is known.
/// *Blind spots.* Plain balls, whose turning doesn't show; what slides without turning, or is carried; ways towards the camera;
/// one in five hundred slips on something as smooth as ice.
struct RollingLaw: Law {
  static let name = "rolling"

  static let leastSteps = 6
  /// κ's standard deviation by the view: a ball at the picture's edge is seen from aside, and down onto it.
  static let obliqueness = 0.10
  /// Half a width is known to this, px.
  static let edge = 0.3
  /// Sine of the way's angle to the horizontal.
  static let level = 0.2
  /// Slower than this share of rolling a thing is carried, or slides.
  static let leastTurning = 0.2
  /// How often something turns and slips steadily: on ice, or a driven wheel.
  static let slippery = 2e-3

  func findings(in scene: SceneMotion) -> [LawFinding] {
    var findings: [LawFinding] = []
    for (index, motion) in scene.motions.enumerated() where motion.track.kind == .compact {
      let rides = motion.arcs.indices.compactMap { ride($0, of: index, in: scene) }
      guard let worst = rides.min(by: { $0.p < $1.p }), let best = rides.min(by: { $0.deviation < $1.deviation }) else {
        continue
      }
      let p = max(ScoreCalibration.smallest(worst.p, of: rides.count), Self.slippery)
      findings.append(
        .tested(
          Self.name, track: motion.track.id, pValue: p,
          estimate: .init(
            value: best.ratio, unit: "1", ci95: [best.ratio - 1.96 * best.deviation, best.ratio + 1.96 * best.deviation]),
          violations: p < scene.options.alpha
            ? rides.filter { $0.p < scene.options.alpha }.map { violation($0, of: index, in: scene) } : [],
          note: "estimate: turning over rolling, ωr/v"))
    }
    return findings.isEmpty
      ? [.inapplicable(Self.name, "nothing round with a pattern was seen to roll by on level ground")]
      : findings
  }

  private struct Ride {
    /// ωr/v with its standard deviation.
    let ratio: Double
    let deviation: Double
    let p: Double
    let span: ClosedRange<Double>
    /// px/s.
    let speed: Double
  }

  private func violation(_ ride: Ride, of index: Int, in scene: SceneMotion) -> LawFinding.Violation {
    let slip = ride.speed * abs(1 - ride.ratio)
    let amount = scene.scale(of: index).map { "\(Sentence.number(slip / $0)) m/s" } ?? "\(Sentence.number(slip)) px/s"
    return .init(
      from: ride.span.lowerBound, to: ride.span.upperBound,
      what:
        "it turns \(Sentence.number(ride.ratio)) times as fast as it would roll: its underside slips over the ground by \(amount), and nothing brakes that",
      sigma: abs(ride.ratio - 1) / ride.deviation)
  }

  private func ride(_ number: Int, of index: Int, in scene: SceneMotion) -> Ride? {
    let (motion, options) = (scene.motions[index], scene.options)
    let arc = motion.arcs[number]
    guard options.view != .overhead, arc.count > Self.leastSteps, scene.gravity.falls[index]?.arcs.contains(number) != true,
      options.view == .level || !scene.gravity.falls.isEmpty || scene.evidence.horizon != nil
    else { return nil }
    let sightings = Array(motion.sightings[arc.range])
    let elongations = sightings.map { $0.axes.x / $0.axes.y }.sorted()
    let travel = arc.position(at: arc.end) - arc.position(at: arc.start)
    let (down, radius) = (scene.gravity.down, motion.diameter / 2)
    guard elongations[elongations.count / 2] < RigidityLaw.round, travel.length > 4 * radius,
      abs(travel.unit.dot(down)) < Self.level
    else { return nil }
    if let setting = scene.setting(of: index) {
      guard setting.isFree, sightings.allSatisfy({ setting.instant(at: $0.time)?.isOnLevel == true }) else { return nil }
    }
    guard !scene.hasCompany(index, during: arc.start...arc.end) else { return nil }

    // On the ground a way to the right turns clockwise.
    let right = SIMD2(down.y, -down.x)
    let steps = zip(sightings, sightings.dropFirst()).compactMap { a, b -> Step? in
      guard let turn = b.turn, b.frame == a.frame + 1 else { return nil }
      let time = (a.time + b.time) / 2
      return Step(
        time: time, rolled: arc.velocity(at: time).dot(right) * (b.time - a.time) / radius, turned: turn.angle,
        deviation: turn.deviation)
    }
    guard steps.count >= Self.leastSteps, 2 * steps.count >= sightings.count - 1, let whole = Self.ratio(steps) else {
      return nil
    }
    guard abs(whole.ratio) > Self.leastTurning, abs(whole.ratio) > 3 * whole.variance.squareRoot() else { return nil }

    // Slipping that wears off is what friction does.
    let half = steps.count / 2
    if let early = Self.ratio(Array(steps[..<half])), let late = Self.ratio(Array(steps[half...])) {
      let gain = abs(early.ratio - 1) - abs(late.ratio - 1)
      if gain > 2 * (early.variance + late.variance).squareRoot(), gain > Self.obliqueness * abs(early.ratio - 1) { return nil }
    }
    let variance =
      whole.variance + pow(Self.edge / radius * whole.ratio, 2) + pow(Self.obliqueness * max(1, abs(whole.ratio)), 2)
    let deviation = variance.squareRoot()
    return Ride(
      ratio: whole.ratio, deviation: deviation, p: Tails.normal(beyond: (whole.ratio - 1) / deviation),
      span: steps[0].time...steps[steps.count - 1].time, speed: travel.length / arc.duration)
  }

  /// From one frame to the next: radians that rolling would turn it, and that it turned.
  private struct Step {
    let time: Double
    let rolled: Double
    let turned: Double
    let deviation: Double
  }

  /// Σ rolled·turned / Σ rolled², weighted, with its variance by the steps' own deviations or their scatter, whichever is more.
  private static func ratio(_ steps: [Step]) -> (ratio: Double, variance: Double)? {
    let weights = steps.map { 1 / ($0.deviation * $0.deviation) }
    let power = zip(steps, weights).reduce(0) { $0 + $1.1 * $1.0.rolled * $1.0.rolled }
    guard steps.count > 2, power > 0 else { return nil }
    let ratio = zip(steps, weights).reduce(0) { $0 + $1.1 * $1.0.rolled * $1.0.turned } / power
    let chi = zip(steps, weights).reduce(0) { $0 + $1.1 * pow($1.0.turned - ratio * $1.0.rolled, 2) }
    return (ratio, max(1, chi / Double(steps.count - 1)) / power)
  }
}
