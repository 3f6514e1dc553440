import Foundation
import WorldCore

/// Gravity where a scene is known: what touches nothing falls with g, neither more nor less nor otherwise.
///
/// Every stretch of the track in which the scene has nothing within reach is read in metres: its acceleration is g, on both of
/// the picture's axes. *Test.* χ² of the difference, two degrees, with the scale's error and what air does to the scene's own
/// body. Unlike the laws of a bare clip it needs no fall to compare with: what hovers, rises or drifts is seen as well.
struct FallInTheOpen {
  /// A shorter stretch, s, has no acceleration to speak of, however many frames a second there are.
  static let leastDuration = 0.08

  /// nil where nothing was seen in the open.
  static func finding(for index: Int, in scene: SceneMotion) -> LawFinding? {
    let motion = scene.motions[index]
    guard let setting = scene.setting(of: index), motion.track.kind == .compact else { return nil }
    let flights = flights(of: index, in: scene)
    guard !flights.isEmpty else { return nil }
    let g = setting.gravity.length
    let tests = flights.map { flight -> (p: Double, violation: LawFinding.Violation) in
      // What a blow explains better is contact's to say.
      let p = blow(in: flight, setting, scene) == nil ? pValue(flight, setting) : 1
      let off = flight.acceleration - setting.gravity
      return (
        p,
        .init(
          from: onset(of: flight, motion, in: scene), to: flight.end,
          what:
            "from \(Sentence.time(flight.start)) to \(Sentence.time(flight.end)) the body accelerates by \(Sentence.number(flight.acceleration.length)) m/s^2, \(Sentence.number(off.length)) off gravity's \(Sentence.number(g)), with nothing within reach that could hold or push it",
          sigma: Tails.normalQuantile(above: p))
      )
    }
    let p = ScoreCalibration.smallest(tests.map(\.p).min()!, of: tests.count)
    return .tested(
      GravityLaw.name, track: motion.track.id, pValue: p, estimate: estimate(flights, setting),
      violations: p < scene.bound ? tests.filter { $0.p < scene.bound }.map(\.violation) : [],
      note: g > 0 ? nil : "the scene has no gravity: what touches nothing keeps its velocity")
  }

  /// Those long enough for an acceleration, without what is held on the way.
  private static func flights(of index: Int, in scene: SceneMotion) -> [PlacedArc] {
    let freezes = Freeze.all(of: index, in: scene)
    return PlacedArc.flights(of: index, in: scene).filter { flight in
      flight.duration >= leastDuration && !freezes.contains { $0.span.overlaps(flight.start...flight.end) }
    }
  }

  /// How often a flight under gravity alone would look like this.
  static func pValue(_ flight: PlacedArc, _ setting: SceneSetting) -> Double {
    let systematic = pow(2 * SceneSetting.uncertainty * setting.gravity.length, 2) + setting.air * setting.air
    let size = pow(SceneSetting.uncertainty * flight.acceleration.length, 2)
    let covariance = flight.accelerationCovariance + Covariance2(isotropic: systematic + size + 1e-6)
    return exp(-covariance.mahalanobisSquared(flight.acceleration - setting.gravity) / 2)
  }

  /// A flight that is no fall may be two, with a blow between them.
  private static func blow(in flight: PlacedArc, _ setting: SceneSetting, _ scene: SceneMotion) -> PlacedArc.Blow? {
    guard setting.gravity.length > 0, pValue(flight, setting) < scene.bound else { return nil }
    return flight.blow(gravity: setting.gravity)
  }

  /// Blows in the open that no corner of the path gave away, with how often air would feign them: what it does to the scene's
  /// own body, it may do to either half of a flight and not to the other.
  static func blows(of index: Int, in scene: SceneMotion) -> [(time: Double, change: SIMD2<Double>, pValue: Double)] {
    guard let setting = scene.setting(of: index) else { return [] }
    return flights(of: index, in: scene).compactMap { flight in
      guard let blow = blow(in: flight, setting, scene) else { return nil }
      let feigned = setting.air * flight.duration / 2
      let deviation = (blow.deviation * blow.deviation + feigned * feigned).squareRoot()
      // The best of so many times.
      let p = ScoreCalibration.smallest(Tails.normal(beyond: blow.change.length / deviation), of: blow.tries)
      return (blow.time, blow.change, p)
    }
  }

  /// When a flight's acceleration set in, s: a force that begins or ends leaves no corner in the path, so that the arcs part
  /// unnoticed at first, as `½Δa(t − t₀)²`; at t₀ their velocities along Δa are the same.
  private static func onset(of flight: PlacedArc, _ motion: TrackMotion, in scene: SceneMotion) -> Double {
    guard let index = motion.arcs.firstIndex(where: { $0.start <= flight.start + 1e-9 && flight.end <= $0.end + 1e-9 }),
      let junction = motion.junctions.first(where: { $0.after == index })
    else { return flight.start }
    let (before, after) = (motion.arcs[junction.before], motion.arcs[index])
    let middle = (junction.gap.lowerBound + junction.gap.upperBound) / 2
    let force = after.acceleration(at: middle) - before.acceleration(at: middle)
    let apart = after.velocity(at: middle) - before.velocity(at: middle)
    guard force.length > 0, min(before.count, after.count) >= TrackMotion.leastForAcceleration else { return flight.start }
    let lead = apart.dot(force) / force.dot(force)
    // Across the force nothing changes; and where the arcs cross, not touch, it was a blow.
    let time = middle - lead
    let gap = after.position(at: time) - before.position(at: time)
    guard abs(lead) < longestLead, gap.length < 0.5 * motion.diameter else { return flight.start }
    return min(max(time, before.start), flight.start)
  }

  /// A change of force is overlooked for no longer than this, s.
  private static let longestLead = 0.3

  /// The half width of the 95 % intervals of gravity over that of the covariances, which hold for the worst that a picture does
  /// to a silhouette: the 95 % quantile over the training split of `Evaluation/Suites/violations.yaml`, as `mondo evaluate`
  /// prints it.
  static let intervalShare = 0.46

  /// Along gravity, the flights weighted by their errors; nil where there is none.
  private static func estimate(_ flights: [PlacedArc], _ setting: SceneSetting) -> LawFinding.Estimate? {
    let g = setting.gravity.length
    guard g > 0 else { return nil }
    let down = setting.gravity.unit
    var (sum, weight) = (0.0, 0.0)
    for flight in flights {
      let variance = flight.accelerationCovariance.variance(along: down) + setting.air * setting.air
      sum += flight.acceleration.dot(down) / variance
      weight += 1 / variance
    }
    let value = sum / weight
    let deviation = intervalShare * (1 / weight + pow(SceneSetting.uncertainty * value, 2)).squareRoot()
    return .init(value: value, unit: "m/s^2", ci95: [value - 1.96 * deviation, value + 1.96 * deviation])
  }
}
