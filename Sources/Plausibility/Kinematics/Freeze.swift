import Foundation
import LinearAlgebra
import WorldCore

/// A body that stops dead, stays, and goes on as if nothing had been: the same velocity before and after, and nothing between.
struct Freeze: Sendable {
  /// The last sighting on its way, and the first on its way again, s.
  let span: ClosedRange<Double>
  /// px/s.
  let velocity: SIMD2<Double>

  /// Sightings in one place; two or three are a converter's doubled frames.
  static let leastSightings = 4
  /// s, and the share of the body's width that it would have gone meanwhile.
  private static let leastDuration = 0.08
  private static let leastWay = 0.3
  /// Sightings on either side from which a velocity is read: as many of these as one parabola goes through.
  private static let around = (least: 4, most: 6)
  /// How likely sightings are to lie so far from their parabola, or from one place, at least: what was struck among them goes
  /// another way.
  private static let leastFit = 1e-3
  /// A way between frames stands out of the sightings' error by so much.
  private static let significance = 6.0
  /// Share of the way that it would have gone from the middle of the first half to that of the second, which it goes at most.
  private static let stillness = 0.5
  /// Share of the speed by which it may go on otherwise, and which it has kept for certain: a floor that caught it takes more.
  private static let sameSpeed = 0.2
  private static let keptSpeed = 0.5

  /// Of those with nothing near that could have stopped it.
  static func all(of index: Int, in scene: SceneMotion) -> [Freeze] {
    all(of: scene.motions[index]).filter { freeze in
      let near = scene.setting(of: index)?.instants.contains { freeze.span.contains($0.time) && $0.hasCompany } ?? false
      return !near && !scene.hasCompany(index, during: freeze.span, reach: 0.5 * scene.motions[index].diameter)
    }
  }

  private static func all(of motion: TrackMotion) -> [Freeze] {
    let s = motion.sightings
    var found: [Freeze] = []
    var first = 0
    while first + 1 < s.count {
      var last = first
      while last + 1 < s.count, isStill(s[first], s[last + 1]) { last += 1 }
      if last - first + 1 >= leastSightings, s[last].time - s[first].time >= leastDuration,
        !isCrossed(s, first, last, by: motion.arcs), let freeze = Freeze(s, first, last)
      {
        found.append(freeze)
      }
      first = max(first + 1, last)
    }
    return found
  }

  /// Whether it only turns there, as at the top of a flight: one smooth motion goes on through it.
  private static func isCrossed(_ s: [Track.Sighting], _ first: Int, _ last: Int, by arcs: [Arc]) -> Bool {
    arcs.contains { arc in
      guard arc.start <= s[first].time, arc.end >= s[last].time else { return false }
      let beyond = s[..<first].count { $0.time >= arc.start } + s[(last + 1)...].count { $0.time <= arc.end }
      return beyond >= 2 && Tails.chiSquare(above: arc.chiSquare, degrees: arc.degreesOfFreedom) > leastFit
    }
  }

  private static func isStill(_ a: Track.Sighting, _ b: Track.Sighting) -> Bool {
    Tails.chiSquare(above: (a.covariance + b.covariance).mahalanobisSquared(b.position - a.position), degrees: 2) > leastFit
  }

  private init?(_ s: [Track.Sighting], _ first: Int, _ last: Int) {
    guard let before = Self.velocity(at: s[first].time, by: { Array(s[..<first].suffix($0)) }),
      let after = Self.velocity(at: s[last].time, by: { Array(s[(last + 1)...].prefix($0)) })
    else { return nil }
    let step = (s[last].time - s[first].time) / Double(last - first)
    let deviation = (s[first].covariance.trace / 2).squareRoot()
    let change = after.value - before.value
    let kept = before.value.dot(after.value) / before.value.dot(before.value)
    let keptDeviation = (after.variance + before.variance * kept * kept).squareRoot() / before.value.length
    // Errors that are as large as the way hide that it goes on.
    let half = (last - first + 1) / 2
    func middle(_ range: ClosedRange<Int>) -> SIMD2<Double> {
      s[range].reduce(.zero) { $0 + $1.position } / Double(range.count)
    }
    let gone = middle((last - half + 1)...last) - middle(first...(first + half - 1))
    let due = before.value.length * (s[last].time - s[first].time) / 2
    guard gone.length < Self.stillness * due else { return nil }
    guard
      before.value.length * step * Double(last - first) > max(Self.significance * deviation, Self.leastWay * s[first].axes.y),
      before.value.length * before.value.length > 25 * before.variance,
      change.length < Self.sameSpeed * before.value.length + 3 * (before.variance + after.variance).squareRoot(),
      kept - 3 * keptDeviation > Self.keptSpeed
    else { return nil }
    span = s[first].time...s[last].time
    velocity = before.value
  }

  /// By the longest parabola that ends at `time`, with the variance on each axis.
  private static func velocity(
    at time: Double, by sightings: (Int) -> [Track.Sighting]
  ) -> (value: SIMD2<Double>, variance: Double)? {
    for count in (around.least...around.most).reversed() {
      let s = sightings(count)
      guard s.count == count, s[count - 1].time > s[0].time else { continue }
      let arc = Arc(s, s.indices, degree: 2)
      guard Tails.chiSquare(above: arc.chiSquare, degrees: arc.degreesOfFreedom) > leastFit else { continue }
      return (arc.velocity(at: time), arc.covariance(1, at: time).trace / 2)
    }
    return nil
  }
}
