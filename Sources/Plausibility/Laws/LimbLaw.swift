import Foundation
import WorldCore

/// Limbs: a long thing – a stick, a club, an outstretched body – keeps its length while it turns in free flight.
///
/// *Formula.* A rod that flies free sweeps a plane. Where that plane faces the camera its length in the picture stays, L = L₀;
/// where it doesn't, L falls and rises by the cosine of the plane's tilt within half a turn. So a length that has stayed while
/// the rod turned by an eighth of a turn at least is the true one. *Test.* The mean of ln L over six sightings against that of
/// a steady stretch before or after it in the same flight, and of ln(L/width) likewise, so that what comes nearer isn't longer:
/// two-sided, the less sure of the two, with 5 % for perspective and tilt, priced for the choice by Bonferroni. Where the width
/// changes by more than a third of that, too, it is rigidity's to say. Where the scene is known: `SizeInSetting`. *Unit.* 1 (the
/// length over that of the steady stretch). *Applies* to compact tracks twice as long as wide, in flights of fourteen sightings
/// that turn in the picture. *Blind spots.* Limbs of one silhouette: an arm that grows on a body shows as the whole's change of
/// shape only; what doesn't turn, or not in flight.
struct LimbLaw: Law {
  static let name = "limbs"

  static let leastElongation = 2.0
  static let leastSightings = 14
  /// Sightings of the steady stretch at least, and of what is held against it.
  static let (steady, tested) = (8, 6)
  /// Radians that the thing turns while its length stays.
  static let leastTurn = Double.pi / 4
  /// Scatter of ln L within which a length stays.
  static let steadiness = 0.03
  /// Standard deviation of ln L by perspective and tilt.
  static let slack = 0.05
  /// An edge of a silhouette is known to this, px.
  static let edge = 0.5

  func findings(in scene: SceneMotion) -> [LawFinding] {
    let findings = scene.motions.indices.compactMap { index -> LawFinding? in
      let flights = Self.changes(of: index, in: scene)
      // Where the scene is known its own body's length tells, in flight or not.
      let known = SizeInSetting.changes(of: index, in: scene).filter(\.isLengthAlone).map { ($0.p, $0.violation) }
      let tests = flights.map { ($0.isLengthAlone ? $0.p : 1, $0.violation) } + known
      guard let worst = tests.map(\.0).min() else { return nil }
      let p = ScoreCalibration.smallest(worst, of: tests.count)
      let told = flights.filter(\.isLengthAlone).min { $0.p < $1.p } ?? flights.first
      return .tested(
        Self.name, track: scene.motions[index].track.id, pValue: p, estimate: told.map(Self.estimate),
        violations: p < scene.bound ? tests.filter { $0.0 < scene.bound }.map(\.1) : [],
        note: told == nil ? nil : "estimate: the length that differs most, over the steady one")
    }
    return findings.isEmpty
      ? [.inapplicable(Self.name, "nothing long was seen to turn in free flight at one length")] : findings
  }

  /// How a long thing's outline differs from what it was while it turned at one length.
  struct Change {
    let p: Double
    /// Of ln L, with its standard deviation.
    let change: Double
    let deviation: Double
    let span: ClosedRange<Double>
    /// The width stays. What becomes wider or narrower as well loses its shape: that is rigidity's to say.
    let isLengthAlone: Bool

    var violation: LawFinding.Violation {
      .init(
        from: span.lowerBound, to: span.upperBound,
        what:
          "the long body is \(Sentence.number(exp(change))) times as long about \(Sentence.time((span.lowerBound + span.upperBound) / 2)) as while it turned at one length before or after: it would have to \(isLengthAlone ? change > 0 ? "stretch" : "shrink" : "change its shape")",
        sigma: abs(change) / deviation)
    }
  }

  private static func estimate(_ change: Change) -> LawFinding.Estimate {
    .init(
      value: exp(change.change), unit: "1",
      ci95: [exp(change.change - 1.96 * change.deviation), exp(change.change + 1.96 * change.deviation)])
  }

  /// The worst stretch of each flight of a track that shows a long thing turn at one length.
  static func changes(of index: Int, in scene: SceneMotion) -> [Change] {
    guard let fall = scene.gravity.falls[index] else { return [] }
    return fall.arcs.compactMap { change(in: scene.motions[index].arcs[$0], of: index, scene) }
  }

  /// The stretch of a flight that differs most from a steady one.
  private static func change(in arc: Arc, of index: Int, _ scene: SceneMotion) -> Change? {
    let sightings = Array(scene.motions[index].sightings[arc.range])
    guard sightings.count >= Self.leastSightings else { return nil }
    let elongations = sightings.map { $0.axes.x / $0.axes.y }.sorted()
    guard elongations[elongations.count / 2] > Self.leastElongation, !scene.hasCompany(index, during: arc.start...arc.end)
    else { return nil }
    let lengths = sightings.map { log($0.axes.x) }
    let shapes = sightings.map { log($0.axes.x / $0.axes.y) }

    // The longest stretch, from either end, at one length.
    let n = sightings.count
    let fromStart = (Self.steady...n).last { isSteady(lengths[..<$0], sightings[..<$0]) }.map { 0..<$0 }
    let fromEnd = (0...(n - Self.steady)).first { isSteady(lengths[$0...], sightings[$0...]) }.map { $0..<n }
    guard let steady = [fromStart, fromEnd].compactMap(\.self).max(by: { $0.count < $1.count }) else { return nil }
    let windows = (0...(n - Self.tested)).map { $0..<($0 + Self.tested) }.filter { !$0.overlaps(steady) }
    // All of it at one length: the end of the stretch stands for what might have differed.
    guard !windows.isEmpty else {
      return Change(p: 1, change: 0, deviation: slack, span: arc.start...arc.end, isLengthAlone: true)
    }
    let changes = windows.map { window -> Change in
      let long = difference(lengths, window, steady, edge: Self.edge / exp(lengths[window.lowerBound]))
      let slim = difference(shapes, window, steady, edge: Self.edge / sightings[window.lowerBound].axes.y)
      let isAlike = long.change * slim.change > 0
      let z = isAlike ? min(abs(long.change) / long.deviation, abs(slim.change) / slim.deviation) : 0
      return Change(
        p: min(1, Tails.normal(beyond: z) * Double(windows.count)), change: long.change, deviation: long.deviation,
        span: sightings[window.lowerBound].time...sightings[window.upperBound - 1].time,
        isLengthAlone: abs(long.change - slim.change) < SizeInSetting.sameWidth * abs(long.change))
    }
    return changes.min { $0.p < $1.p }
  }

  /// The length stays while the thing turns.
  private static func isSteady(_ lengths: ArraySlice<Double>, _ sightings: ArraySlice<Track.Sighting>) -> Bool {
    let mean = lengths.reduce(0, +) / Double(lengths.count)
    let scatter = (lengths.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(lengths.count)).squareRoot()
    let noise = Self.edge / exp(mean)
    guard scatter < (Self.steadiness * Self.steadiness + noise * noise).squareRoot() else { return false }
    // A drift within the scatter is still a drift.
    let (head, tail) = (lengths.prefix(lengths.count / 2), lengths.suffix(lengths.count / 2))
    let drift = (tail.reduce(0, +) - head.reduce(0, +)) / Double(head.count)
    let turns = zip(sightings, sightings.dropFirst()).map { abs(remainder($1.angle - $0.angle, .pi)) }
    return abs(drift) < Self.steadiness && turns.reduce(0, +) > Self.leastTurn
  }

  /// Mean over one stretch less that over another, with its deviation by scatter, edges and slack.
  private static func difference(
    _ values: [Double], _ window: Range<Int>, _ steady: Range<Int>, edge: Double
  ) -> (change: Double, deviation: Double) {
    func mean(_ range: Range<Int>) -> Double { values[range].reduce(0, +) / Double(range.count) }
    let base = mean(steady)
    let scatter = values[steady].reduce(0) { $0 + ($1 - base) * ($1 - base) } / Double(steady.count - 1)
    let variance =
      scatter * (1 / Double(window.count) + 1 / Double(steady.count)) + edge * edge / Double(window.count)
      + Self.slack * Self.slack
    return (mean(window) - base, variance.squareRoot())
  }
}
