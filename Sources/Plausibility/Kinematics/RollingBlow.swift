import Foundation
import LinearAlgebra
import WorldCore

/// A ball at rest on level ground that a rolling one sets off, read on the ground: how fast it rolls away against how fast it
/// can.
///
/// An elastic blow gives it `v = 2 m₁/(m₁ + m₂)·u`; the top spin of what rolls gives it none forward. It slides until friction
/// μ has spun it up, `2v/(7μg)` later, and rolls with 5/7 of v then (solid spheres; Routh, Dynamics of a System of Rigid
/// Bodies, 1905).
struct RollingBlow {
  /// m/s: how fast it rolls, and at most can, with the standard deviation of the difference.
  let speed: Double
  let most: Double
  let deviation: Double

  var sigma: Double { (speed - most) / deviation }

  /// A solid sphere's share of its speed once it rolls.
  private static let rolling = 5.0 / 7
  /// Share by which spin from the blow, hops and hollow balls change that, standard deviation.
  private static let slack = 0.1
  /// s: of the ride before that is read, and of the one after.
  private static let (before, after) = (0.4, 0.6)
  /// Sightings of either.
  private static let least = 5
  /// Share of what friction would take from its speed, up to which the striker rolls.
  private static let slowing = 0.3

  /// nil where the blow isn't of that kind, or not enough is seen.
  init?(_ collision: Collision, in scene: SceneMotion) {
    let sides = [collision.first, collision.second]
    guard let target = sides.first(where: { $0.before == .zero }), let striker = sides.first(where: { $0.before != .zero }),
      let (own, other) = scene.setting(of: target.motion).flatMap({ a in scene.setting(of: striker.motion).map { (a, $0) } }),
      own.isFree, other.isFree, own.body != other.body, let mass = own.mass, let striking = other.mass, mass > 0, striking > 0,
      let friction = own.friction, friction > 0, scene.options.gravity > 0
    else { return nil }
    let arriving = (collision.time - Self.before)...(collision.gap.lowerBound + 1e-9)
    guard let came = Self.ride(striker.motion, other, during: arriving, in: scene) else { return nil }
    // What slides, slows: who knows its spin.
    let braking = friction * scene.options.gravity * came.duration / 2
    guard came.slowing < Self.slowing * braking else { return nil }
    let blow = 2 * striking / (mass + striking)
    let rolls = collision.time + 2 * blow * came.speed / (7 * friction * scene.options.gravity)
    guard let goes = Self.ride(target.motion, own, during: rolls...(rolls + Self.after), in: scene) else { return nil }
    (speed, most) = (goes.speed, Self.rolling * blow * came.speed)
    deviation =
      (goes.variance + pow(Self.rolling * blow, 2) * came.variance + pow(Self.slack * most, 2)).squareRoot()
  }

  /// Speed over the ground in a stretch of time, and by how much less it is in its second half.
  private static func ride(
    _ index: Int, _ setting: SceneSetting, during span: ClosedRange<Double>, in scene: SceneMotion
  ) -> (speed: Double, variance: Double, slowing: Double, duration: Double)? {
    let points = scene.motions[index].sightings.filter { span.contains($0.time) }.compactMap { LevelRide.point($0, setting) }
    guard points.count >= least, let first = points.first, let last = points.last else { return nil }
    func velocity(_ points: ArraySlice<PlacedArc.Point>) -> (value: SIMD2<Double>, variance: SIMD2<Double>)? {
      let middle = points.reduce(0) { $0 + $1.time } / Double(points.count)
      func fit(_ axis: Int) -> LeastSquaresSolution? {
        var design = Matrix(rows: points.count, columns: 2)
        for (row, point) in points.enumerated() {
          (design[row, 0], design[row, 1]) = (1 / point.deviation[axis], (point.time - middle) / point.deviation[axis])
        }
        return try? leastSquares(design, points.map { $0.place[axis] / $0.deviation[axis] })
      }
      guard points.count > 1, let x = fit(0), let y = fit(1) else { return nil }
      return (SIMD2(x.unknowns[1], y.unknowns[1]), SIMD2(x.covariance[1, 1], y.covariance[1, 1]))
    }
    let half = points.count / 2
    guard let all = velocity(points[...]), let head = velocity(points[..<half]), let tail = velocity(points[half...]) else {
      return nil
    }
    let way = all.value.unit
    let variance = (all.variance * way * way).sum() * PlacedArc.lasting(over: points.count)
    return (all.value.length, variance, (head.value - tail.value).dot(way), last.time - first.time)
  }
}
