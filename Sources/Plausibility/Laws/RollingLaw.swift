import Foundation
import WorldCore

/// Rolling: a round thing that turns as it goes over level ground turns once in its own circumference.
///
/// *Formula.* v = ωr where the underside doesn't slip: κ = ωr/v is 1, positive where the lowest point is the slower one.
/// *Test.* κ by least squares over the turns of the pattern inside the outline, over the ride and each third of it, under their own
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
      guard let worst = rides.min(by: { $0.worst.p < $1.worst.p }), let best = rides.min(by: { $0.deviation < $1.deviation })
      else {
        continue
      }
      let p = max(ScoreCalibration.smallest(worst.worst.p, of: rides.count), Self.slippery)
      findings.append(
        .tested(
          Self.name, track: motion.track.id, pValue: p,
          estimate: .init(
            value: best.ratio, unit: "1", ci95: [best.ratio - 1.96 * best.deviation, best.ratio + 1.96 * best.deviation]),
          violations: p < scene.bound
            ? rides.filter { $0.worst.p < scene.bound }.map { violation($0, of: index, in: scene) } : [],
          note: "estimate: turning over rolling, ωr/v"))
    }
    return findings.isEmpty
      ? [.inapplicable(Self.name, "nothing round with a pattern was seen to roll by on level ground")]
      : findings
  }

  private struct Ride {
    /// ωr/v over all of it, with its standard deviation.
    let ratio: Double
    let deviation: Double
    let worst: Slip
    /// px/s.
    let speed: Double
  }

  /// A stretch of a ride.
  private struct Slip {
    let p: Double
    let ratio: Double
    let deviation: Double
    let span: ClosedRange<Double>
  }

  private func violation(_ ride: Ride, of index: Int, in scene: SceneMotion) -> LawFinding.Violation {
    let worst = ride.worst
    let slip = ride.speed * abs(1 - worst.ratio)
    let amount = scene.scale(of: index).map { "\(Sentence.number(slip / $0)) m/s" } ?? "\(Sentence.number(slip)) px/s"
    return .init(
      from: worst.span.lowerBound, to: worst.span.upperBound,
      what:
        "it turns \(Sentence.number(worst.ratio)) times as fast as it would roll: its underside slips over the ground by \(amount), and nothing brakes that",
      sigma: abs(worst.ratio - 1) / worst.deviation)
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
    guard steps.count >= Self.leastSteps, 2 * steps.count >= sightings.count - 1, let whole = Self.ratio(steps[...]) else {
      return nil
    }
    // The ride as a whole, and each stretch of a third of it: it may begin to slip on the way.
    let length = max(Self.leastSteps, steps.count / 3)
    let windows = [steps.indices] + (length < steps.count ? (0...(steps.count - length)).map { $0..<($0 + length) } : [])
    let slips = windows.compactMap { window -> Slip? in
      guard let seen = Self.ratio(steps[window]), abs(seen.ratio) > Self.leastTurning,
        abs(seen.ratio) > 3 * seen.variance.squareRoot(), !wearsOff(seen, after: steps[window.upperBound...])
      else { return nil }
      let deviation = deviation(seen, radius: radius)
      let p = min(1, Tails.normal(beyond: (seen.ratio - 1) / deviation) * Double(windows.count))
      return Slip(
        p: p, ratio: seen.ratio, deviation: deviation, span: steps[window.lowerBound].time...steps[window.upperBound - 1].time)
    }
    guard let worst = slips.min(by: { $0.p < $1.p }) else { return nil }
    // It slips where any stretch says so; the ride as a whole doesn't tell when.
    let parts = slips.dropFirst(slips.first?.span == steps[0].time...steps[steps.count - 1].time && slips.count > 1 ? 1 : 0)
      .filter { $0.p < options.alpha }
    let span = parts.isEmpty ? worst.span : parts.map(\.span.lowerBound).min()!...parts.map(\.span.upperBound).max()!
    return Ride(
      ratio: whole.ratio, deviation: deviation(whole, radius: radius),
      worst: Slip(p: worst.p, ratio: worst.ratio, deviation: worst.deviation, span: span), speed: travel.length / arc.duration)
  }

  /// Slipping that wears off is what friction does.
  private func wearsOff(_ seen: (ratio: Double, variance: Double), after rest: ArraySlice<Step>) -> Bool {
    guard let later = Self.ratio(rest) else { return false }
    let gain = abs(seen.ratio - 1) - abs(later.ratio - 1)
    return gain > 2 * (seen.variance + later.variance).squareRoot() && gain > Self.obliqueness * abs(seen.ratio - 1)
  }

  private func deviation(_ seen: (ratio: Double, variance: Double), radius: Double) -> Double {
    let slack = pow(Self.edge / radius * seen.ratio, 2) + pow(Self.obliqueness * max(1, abs(seen.ratio)), 2)
    return (seen.variance + slack).squareRoot()
  }

  /// From one frame to the next: radians that rolling would turn it, and that it turned.
  private struct Step {
    let time: Double
    let rolled: Double
    let turned: Double
    let deviation: Double
  }

  /// Σ rolled·turned / Σ rolled², weighted, with its variance by the steps' own deviations or their scatter, whichever is more.
  private static func ratio(_ steps: ArraySlice<Step>) -> (ratio: Double, variance: Double)? {
    let weights = steps.map { 1 / ($0.deviation * $0.deviation) }
    let power = zip(steps, weights).reduce(0) { $0 + $1.1 * $1.0.rolled * $1.0.rolled }
    guard steps.count > 2, power > 0 else { return nil }
    let ratio = zip(steps, weights).reduce(0) { $0 + $1.1 * $1.0.rolled * $1.0.turned } / power
    let chi = zip(steps, weights).reduce(0) { $0 + $1.1 * pow($1.0.turned - ratio * $1.0.rolled, 2) }
    return (ratio, max(1, chi / Double(steps.count - 1)) / power)
  }
}
