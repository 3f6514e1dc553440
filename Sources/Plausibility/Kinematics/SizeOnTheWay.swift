import Foundation
import WorldCore

/// A round body that changes its size for good within half a second while its path goes on as it was.
///
/// *Formula.* In the picture a width goes as 1/Z; the speed of a uniform motion across the line of sight goes as 1/Z where the
/// depth stays and as 1/Z² where it changes steadily, `(n₀ + n₁t)/(1 + wt)`: what has gone away looks smaller, and slower by
/// that factor or by its square. *Test.* How far `ln(v₂/v₁)` of the stretches after and before is from `ln(w₂/w₁)` to twice that,
/// under the errors of both; of what falls, v is the speed across the fall, which nothing else changes.
/// Something that drives itself might time its speed so as to hide that it goes away, and things deflate: a declared rate. *Blind
/// spots.* Bodies that stay in one place (flames, balloons, lamps), or go straight away.
enum SizeOnTheWay {
  /// s that the change takes at most.
  private static let passage = 0.45
  /// Sightings on either side that tell size and speed.
  private static let (fewest, most) = (5, 10)
  /// The logarithm of the sizes' ratio that is a change, and the share of it by which either side is steady.
  private static let (least, steady) = (0.15, 0.35)
  /// Of the logarithm of a size, by blur and light, and of a silhouette's edge, px.
  private static let (slack, edge) = (0.05, 0.3)
  /// Of the logarithm of a speed: wind, drag, a hand that isn't steady.
  private static let speedSlack = 0.08
  /// Share of the whole speed by which perspective turns the way down.
  private static let leak = 0.1
  /// How often things that go on evenly shrink or grow so.
  private static let deflates = 2e-3
  /// Places in a row are hardly different tries.
  private static let tries = 4

  static func change(of index: Int, in scene: SceneMotion) -> (p: Double, violation: LawFinding.Violation)? {
    let motion = scene.motions[index]
    guard motion.track.kind == .compact, scene.setting(of: index) == nil else { return nil }
    let down = scene.gravity.falls[index]?.acceleration.unit
    let changes = motion.arcs.filter { $0.count > 2 * fewest }.compactMap { arc -> Change? in
      guard !scene.hasCompany(index, during: arc.start...arc.end) else { return nil }
      return Change(Array(motion.sightings[arc.range]), down: down)
    }
    guard let worst = changes.max(by: { $0.z < $1.z }) else { return nil }
    let p = ScoreCalibration.smallest(Tails.normal(beyond: worst.z), of: tries * changes.count)
    return (
      max(p, deflates),
      .init(
        from: worst.span.lowerBound, to: worst.span.upperBound,
        what:
          "the body becomes \(Sentence.number(worst.ratio)) times as large within \(Sentence.number(worst.span.upperBound - worst.span.lowerBound)) s while it goes on \(Sentence.number(worst.speeds)) times as fast: it hasn't gone away or come nearer",
        sigma: worst.z)
    )
  }

  /// The largest of an arc.
  private struct Change {
    let z: Double
    let ratio: Double
    let speeds: Double
    let span: ClosedRange<Double>

    init?(_ s: [Track.Sighting], down: SIMD2<Double>?) {
      let sizes = s.map { log(max($0.axes.y, 1e-3)) }
      func median(_ range: Range<Int>) -> Double { sizes[range].sorted()[range.count / 2] }
      var best: (change: Double, last: Int, first: Int)?
      for last in (SizeOnTheWay.fewest - 1)..<(s.count - SizeOnTheWay.fewest) {
        // Ends with the first sighting that has the new size.
        let end = s[last].time + SizeOnTheWay.passage
        let first = min(s.firstIndex { $0.time >= end } ?? s.count, s.count - SizeOnTheWay.fewest)
        guard first > last else { continue }
        let change =
          median(first..<(first + SizeOnTheWay.fewest)) - median((last + 1 - SizeOnTheWay.fewest)..<(last + 1))
        if abs(change) > abs(best?.change ?? 0) { best = (change, last, first) }
      }
      guard let best, abs(best.change) > SizeOnTheWay.least else { return nil }
      let before = max(0, best.last + 1 - SizeOnTheWay.most)..<(best.last + 1)
      let after = best.first..<min(s.count, best.first + SizeOnTheWay.most)

      // What comes or goes all the time changes its size on either side as well.
      for side in [before, after] {
        let middle = (side.lowerBound + side.upperBound) / 2
        guard abs(median(middle..<side.upperBound) - median(side.lowerBound..<middle)) < SizeOnTheWay.steady * abs(best.change),
          s[side].allSatisfy({ $0.axes.x < SolidityLaw.round * $0.axes.y })
        else { return nil }
      }
      guard let v = SizeOnTheWay.speed(s, before, down: down), let u = SizeOnTheWay.speed(s, after, down: down) else {
        return nil
      }
      let change = median(after) - median(before)
      let edges = pow(SizeOnTheWay.edge, 2) * (exp(-2 * median(before)) + exp(-2 * median(after)))
      let variance =
        edges + 2 * pow(SizeOnTheWay.slack, 2) + v.variance + u.variance + 2 * pow(SizeOnTheWay.speedSlack, 2)
      // As if it went away, at least so much slower, and no more than that.
      let (slower, once) = (change > 0 ? u.log - v.log : v.log - u.log, abs(change))
      z = max(0, max(once - slower, slower - 2 * once)) / variance.squareRoot()
      (ratio, speeds) = (exp(change), exp(u.log - v.log))
      // It begins where a line through a quarter and three quarters of the change leads.
      let passages = [0.25, 0.75].map { share in
        s.indices.first { $0 > before.lowerBound && (sizes[$0] - median(before)) / change > share } ?? best.first
      }.map { s[$0].time }
      let onset = passages[0] - max(0, passages[1] - passages[0]) / 2
      span = min(max(onset, s[before.lowerBound].time), s[best.first].time)...s[best.first].time
    }
  }

  /// Logarithm of the speed over a stretch, across the fall where there is one, with its variance; nil of what hardly moves.
  private static func speed(
    _ s: [Track.Sighting], _ range: Range<Int>, down: SIMD2<Double>?
  ) -> (log: Double, variance: Double)? {
    let arc = Arc(s, range, degree: down == nil ? 1 : 2)
    let velocity = arc.velocity(at: arc.origin)
    let way = down.map { SIMD2(-$0.y, $0.x) } ?? velocity.unit
    let along = abs(velocity.dot(way))
    let variance = arc.covariance(1, at: arc.origin).variance(along: way)
    guard along * along > 25 * variance else { return nil }
    // Of a depth that changes some of the speed down the fall shows across it.
    let lent = down == nil ? 0 : pow(leak * velocity.length, 2)
    return (log(along), (variance + lent) / (along * along))
  }
}
