import Foundation
import LinearAlgebra
import WorldCore

/// A ball that goes over level ground by itself, read on the ground: a scene tells where that is, so that no depth is missing.
///
/// What rolls goes straight and speeds up by nothing; only a spin that slips turns or drives it, for a while after a blow.
/// `x(t) = x₀ + v₀t + Δv·max(0, t − t₁)` on both of the ground's axes, t₁ the best of all sightings' times: Δv across the way
/// is a turn, along it a gain of speed.
struct LevelRide {
  /// s, the ride's and that at which its velocity changes.
  let start: Double
  let end: Double
  let time: Double
  /// m/s, before.
  let speed: Double
  /// m/s, along the way and to the side, with standard deviations.
  let gain: (value: Double, deviation: Double)
  let turn: (value: Double, deviation: Double)

  /// When a speed that grows evenly began to: a bent line through it bends after a third of the rest.
  var onset: Double { max(start, time - (end - time) / 2) }

  /// How often so straight a ride looks as if it turned.
  var pValueOfTurn: Double { ScoreCalibration.smallest(Tails.normal(beyond: turn.value / turn.deviation), of: Self.tries) }
  /// And as if it sped up.
  var pValueOfGain: Double { ScoreCalibration.smallest(Tails.normal(above: gain.value / gain.deviation), of: Self.tries) }

  /// What strikes a ball may leave it with a spin that slips for so long, s; where the scene tells how rough the ground is, for
  /// as long as a slip of twice the fastest speed takes: `2s/(7μg)`.
  static let spinLasts = 0.6

  private static func slipping(_ index: Int, _ setting: SceneSetting, in scene: SceneMotion) -> Double {
    guard let friction = setting.friction, friction > 0 else { return spinLasts }
    let speeds = scene.motions.indices.flatMap { other -> [Double] in
      let scale = scene.scale(of: other) ?? 1
      return scene.motions[other].arcs.filter { $0.count >= TrackMotion.leastForVelocity }.map {
        max($0.velocity(at: $0.start).length, $0.velocity(at: $0.end).length) / scale
      }
    }
    return min(spinLasts, 2 * 2 * (speeds.max() ?? 0) / (7 * friction * scene.options.gravity))
  }
  /// Times in a row are hardly different tries: four span what a straight and a bent line can be.
  private static let tries = 4
  /// Sightings on either side of the change, and s after it: a hop that bends the way so is over by then.
  private static let least = (sightings: 5, after: 0.25)
  /// Share of the speed by which cameras, small unevenness and hops err.
  private static let slack = 0.03
  /// Frames that may be missing.
  private static let gap = 3

  /// Those of a motion that are long enough to tell.
  static func all(of index: Int, in scene: SceneMotion) -> [LevelRide] {
    guard !scene.isCrowd, scene.options.gravity > 0, let setting = scene.setting(of: index), setting.isFree,
      setting.instants.contains(where: { $0.ground != nil })
    else { return [] }
    let (motion, spinLasts) = (scene.motions[index], slipping(index, setting, in: scene))
    var rides: [LevelRide] = []
    var (run, from): ([PlacedArc.Point], Double) = ([], -.infinity)
    func close() {
      let settled = run.filter { $0.time >= from }
      if let ride = LevelRide(settled, radius: setting.outerRadius) { rides.append(ride) }
      run = []
    }
    var last: Int?
    for s in motion.sightings {
      let isApart = last.map { s.frame - $0 <= gap } ?? true
      guard isApart, let point = point(s, setting), !mayTouch(index, s, in: scene) else {
        close()
        (from, last) = (s.time + spinLasts, s.frame)
        continue
      }
      run.append(point)
      last = s.frame
    }
    close()
    return rides
  }

  /// A sighting on the ground; nil where it tells no place there.
  static func point(_ s: Track.Sighting, _ setting: SceneSetting) -> PlacedArc.Point? {
    guard let ground = setting.instant(at: s.time)?.ground else { return nil }
    let (right, down) = ground.perPixel
    let deviation = SIMD2(
      (right.x * right.x * s.covariance.xx + down.x * down.x * s.covariance.yy).squareRoot(),
      (right.y * right.y * s.covariance.xx + down.y * down.y * s.covariance.yy).squareRoot())
    return (s.time, ground.place, deviation)
  }

  /// Diameters by which outlines that touch are apart, and px.
  private static let touch = (share: 1.15, pixels: 2.0)

  /// Another mover's outline is so near that it may touch.
  private static func mayTouch(_ index: Int, _ s: Track.Sighting, in scene: SceneMotion) -> Bool {
    scene.motions.indices.contains { other in
      guard other != index, let company = scene.motions[other].track.sighting(at: s.frame) else { return false }
      return (company.position - s.position).length < (s.axes.x + company.axes.x) / 2 * touch.share + touch.pixels
    }
  }

  private init?(_ points: [PlacedArc.Point], radius: Double) {
    guard points.count >= 2 * Self.least.sightings, let first = points.first, let last = points.last else { return nil }
    var best: (chiSquare: Double, time: Double, x: LeastSquaresSolution, y: LeastSquaresSolution)?
    for k in Self.least.sightings...(points.count - Self.least.sightings) where last.time - points[k].time > Self.least.after {
      let time = (points[k - 1].time + points[k].time) / 2
      guard let x = PlacedArc.bent(points, at: time, axis: 0, gravity: 0),
        let y = PlacedArc.bent(points, at: time, axis: 1, gravity: 0)
      else { continue }
      if x.chiSquare + y.chiSquare < best?.chiSquare ?? .infinity { best = (x.chiSquare + y.chiSquare, time, x, y) }
    }
    guard let best else { return nil }
    let before = SIMD2(best.x.unknowns[1], best.y.unknowns[1])
    let change = SIMD2(best.x.unknowns[2], best.y.unknowns[2])
    // A silhouette's error lasts some frames, as in `PlacedArc`.
    let lasting = PlacedArc.lasting(over: points.count)
    func covariance(_ column: Int) -> Covariance2 {
      Covariance2(xx: best.x.covariance[column, column], xy: 0, yy: best.y.covariance[column, column]) * lasting
    }
    let way = before.unit
    // It has to go somewhere by itself for its way to have a direction.
    guard before.length > 5 * covariance(1).variance(along: way).squareRoot(),
      before.length * (last.time - first.time) > 2 * radius
    else { return nil }
    let side = SIMD2(-way.y, way.x)
    func measured(_ direction: SIMD2<Double>) -> (value: Double, deviation: Double) {
      let variance = (covariance(1) + covariance(2)).variance(along: direction) + pow(Self.slack * before.length, 2)
      return (change.dot(direction), variance.squareRoot())
    }
    (start, end, time, speed) = (first.time, last.time, best.time, before.length)
    (gain, turn) = (measured(way), measured(side))
  }
}
