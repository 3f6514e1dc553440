import Foundation
import WorldCore

/// A track in the making: what was seen of one mover so far, and where it is expected next. Working pixels.
struct Trail {
  struct Point {
    var frame: Int
    var time: Double
    var silhouette: Silhouette
    var isShared: Bool
    /// Since the frame before.
    var turn: Track.Turn?
  }

  var points: [Point]
  var start: Track.End
  var end: Track.End?
  /// After its last sighting something was still there: what the frame showed at its place differed from the still scene.
  var isStillThere = false
  /// It was last predicted inside another mover's silhouette.
  var isHidden = false

  /// Goes on with a sighting; of two in a row the patterns tell how it turned, and the older one isn't needed any more.
  mutating func add(_ point: Point) {
    var point = point
    if let earlier = last.silhouette.pattern, let now = point.silhouette.pattern, point.frame == last.frame + 1,
      !point.isShared, !last.isShared
    {
      point.turn = now.turn(since: earlier)
    }
    points[points.count - 1].silhouette.pattern = nil
    points.append(point)
  }

  var last: Point { points[points.count - 1] }

  /// Median area of the last unshared sightings: what the mover looks like when nothing disturbs.
  var usualArea: Double {
    let areas = points.suffix(9).filter { !$0.isShared && !$0.silhouette.isCut }.map(\.silhouette.area).sorted()
    return areas.isEmpty ? last.silhouette.area : areas[areas.count / 2]
  }

  /// Median colour of the last unshared sightings, channel by channel.
  var usualColor: SIMD3<Double> {
    let own = points.suffix(9).filter { !$0.isShared && !$0.silhouette.isCut }.map(\.silhouette.color)
    guard !own.isEmpty else { return last.silhouette.color }
    func median(_ channel: Int) -> Double { own.map { $0[channel] }.sorted()[own.count / 2] }
    return SIMD3(median(0), median(1), median(2))
  }

  /// Median share of the same that only darkens the scene.
  var usualShade: Double {
    let own = points.suffix(9).filter { !$0.isShared && !$0.silhouette.isCut }.map(\.silhouette.shade).sorted()
    return own.isEmpty ? last.silhouette.shade : own[own.count / 2]
  }

  /// It is expected where it was, but for this share of its radius: what the coder holds may be it.
  func isStill(at time: Double) -> Bool {
    let way = predicted(at: time) - last.silhouette.center
    return (way * way).sum() < pow(max(Self.stir, Self.stillRadii * usualRadius), 2)
  }

  /// What goes less than this in a frame, px, shows the same pixels for a while.
  static let stir = 0.5
  private static let stillRadii = 0.1

  var usualRadius: Double { (usualArea / .pi).squareRoot() }

  /// px/s from the last sightings; nil while there is only one.
  var velocity: SIMD2<Double>? {
    let recent = points.suffix(3).filter { !$0.isShared }
    guard let a = recent.first, let b = recent.last, b.time > a.time else { return nil }
    if recent.count == 3 {
      // The end slope of the parabola through three sightings: bodies fall.
      let m = recent[recent.startIndex + 1]
      let (h1, h2) = (m.time - a.time, b.time - m.time)
      let d1 = (m.silhouette.center - a.silhouette.center) / h1
      let d2 = (b.silhouette.center - m.silhouette.center) / h2
      let bend = (d2 - d1) * (h2 / (h1 + h2))
      // A kink (a bounce between them) is no parabola to go on with.
      let turned = (bend * bend).sum() > 0.25 * max((d1 * d1).sum(), (d2 * d2).sum())
      return turned ? d2 : d2 + bend
    }
    return (b.silhouette.center - a.silhouette.center) / (b.time - a.time)
  }

  func predicted(at time: Double) -> SIMD2<Double> {
    last.silhouette.center + (velocity ?? .zero) * (time - last.time)
  }

  /// How far from its prediction the mover may turn up, px: it may turn back on the way, at up to its own speed.
  func reach(at time: Double, pictureSize: Double) -> Double {
    let size = max(2 * usualRadius, 3)
    guard let velocity else { return max(3 * size, 0.06 * pictureSize) }
    let travelled = (velocity * velocity).sum().squareRoot() * (time - last.time)
    return size + 2.2 * min(travelled, pictureSize)
  }
}
