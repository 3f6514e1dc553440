import Foundation
import LinearAlgebra
import WorldCore

/// A stretch of a track read in metres, in the places that a scene's setting gives its sightings: perspective is out of them
/// already.
///
/// `x(t) = x₀ + v₀t + ½at²` on the setting's axes, t from the middle, by weighted least squares.
struct PlacedArc {
  let start: Double
  let end: Double
  let sightings: Int
  /// m/s², constant.
  let acceleration: SIMD2<Double>
  let accelerationCovariance: Covariance2
  /// m/s, in the middle.
  let velocity: SIMD2<Double>
  let velocityCovariance: Covariance2

  /// s, m, and standard deviations on both axes, m.
  typealias Point = (time: Double, place: SIMD2<Double>, deviation: SIMD2<Double>)

  /// What it was fitted to, and how well it fits.
  private let points: [Point]
  private let chiSquare: Double

  /// Fewer sightings have no acceleration to speak of.
  static let leastSightings = 5

  var duration: Double { end - start }

  /// The longest run of an arc's sightings whose surroundings are of a kind; nil where it is too short.
  init?(_ motion: TrackMotion, _ arc: Arc, in setting: SceneSetting, where isOfKind: (SceneSetting.Instant) -> Bool) {
    var (run, longest): ([(Track.Sighting, SceneSetting.Instant)], [(Track.Sighting, SceneSetting.Instant)]) = ([], [])
    let sizes = motion.sightings[arc.range].map(\.area).sorted()
    let fastest = max(arc.velocity(at: arc.start).length, arc.velocity(at: arc.end).length)
    for s in motion.sightings[arc.range] {
      // Where it wasn't seen by itself for a while it may have been anywhere that its speed leads.
      if let before = run.last, s.frame - before.0.frame > 1 {
        let way = fastest * (s.time - before.0.time) / before.1.pixelsPerMetre
        if !setting.isInTheOpen(before.1, reach: way) { run = [] }
      }
      // A silhouette of another size holds something else, too.
      let isItself = abs(log(s.area / sizes[sizes.count / 2])) < TrackMotion.sameSize
      if isItself, let instant = setting.instant(at: s.time), isOfKind(instant) { run.append((s, instant)) } else { run = [] }
      if run.count > longest.count { longest = run }
    }
    // Where an arc begins and ends is known to a sighting; one that belongs to its neighbour bends it.
    if longest.count >= Self.leastSightings + 3 { longest = Array(longest.dropFirst().dropLast()) }
    guard longest.count >= Self.leastSightings, let first = longest.first, let last = longest.last else { return nil }
    (start, end, sightings) = (first.0.time, last.0.time, longest.count)
    let (middle, half) = ((start + end) / 2, (end - start) / 2)
    let points = longest.map { s, instant in
      (
        time: s.time, place: instant.place,
        deviation: SIMD2(s.covariance.xx.squareRoot(), s.covariance.yy.squareRoot()) / instant.pixelsPerMetre
      )
    }
    func fit(_ axis: Int) -> LeastSquaresSolution? {
      var design = Matrix(rows: points.count, columns: 3)
      for (row, point) in points.enumerated() {
        let t = (point.time - middle) / half
        for (column, value) in [1, t, t * t].enumerated() { design[row, column] = value / point.deviation[axis] }
      }
      return try? leastSquares(design, points.map { $0.place[axis] / $0.deviation[axis] })
    }
    guard half > 0, let x = fit(0), let y = fit(1) else { return nil }
    self.points = points
    chiSquare = x.chiSquare + y.chiSquare
    let lasting = Self.lasting(over: longest.count)
    velocity = SIMD2(x.unknowns[1], y.unknowns[1]) / half
    velocityCovariance = Covariance2(xx: x.covariance[1, 1], xy: 0, yy: y.covariance[1, 1]) * (lasting / (half * half))
    acceleration = SIMD2(x.unknowns[2], y.unknowns[2]) * (2 / (half * half))
    // What isn't seen of the body may come and go within the stretch: as a parabola of that height, the same for all sightings.
    let blind = longest.map { setting.blindness(of: $0.0) / $0.1.pixelsPerMetre }.sorted()[longest.count / 2]
    let feigned = Covariance2(isotropic: pow(2 * blind / (half * half), 2))
    accelerationCovariance =
      Covariance2(xx: x.covariance[2, 2], xy: 0, yy: y.covariance[2, 2]) * (4 * lasting / pow(half, 4)) + feigned
  }

  /// A silhouette's error lasts some frames: over a stretch that is long beside them it counts for less than so many sightings.
  /// By how much their variances are too small.
  static func lasting(over sightings: Int) -> Double { 1 + 2 * min(max(Double(sightings - 8) / 16, 0), 1) }

  /// A velocity that jumps within a flight.
  struct Blow {
    /// s.
    let time: Double
    /// m/s, with its standard deviation along itself.
    let change: SIMD2<Double>
    let deviation: Double
    /// Times that were tried.
    let tries: Int
  }

  /// Sightings on either side of a blow.
  private static let besideBlow = 3
  /// A blow is told where it saves so much χ² against another acceleration: ten to one in likelihood, and once more for the
  /// choice of its time.
  private static let gain = 9.2

  /// `x₀`, `v₀` and `Δv` of `x(t) = x₀ + v₀t + ½gt² + Δv·max(0, t)` on one axis, with t from `time` on; nil where the points
  /// don't tell.
  static func bent(_ points: [Point], at time: Double, axis: Int, gravity: Double) -> LeastSquaresSolution? {
    var design = Matrix(rows: points.count, columns: 3)
    for (row, point) in points.enumerated() {
      let t = point.time - time
      for (column, value) in [1, t, max(0, t)].enumerated() { design[row, column] = value / point.deviation[axis] }
    }
    return try? leastSquares(
      design, points.map { ($0.place[axis] - gravity * pow($0.time - time, 2) / 2) / $0.deviation[axis] })
  }

  /// A blow within the flight that explains it better than an acceleration other than gravity does: `x = x₀ + v₀t + ½gt² +
  /// Δv·max(0, t − t₁)`, at the best of all sightings' times.
  func blow(gravity: SIMD2<Double>) -> Blow? {
    var best: (chiSquare: Double, blow: Blow)?
    let tries = points.count - 2 * Self.besideBlow
    guard tries > 0 else { return nil }
    for k in Self.besideBlow..<(points.count - Self.besideBlow) {
      let time = (points[k - 1].time + points[k].time) / 2
      guard let x = Self.bent(points, at: time, axis: 0, gravity: gravity.x),
        let y = Self.bent(points, at: time, axis: 1, gravity: gravity.y)
      else { continue }
      let change = SIMD2(x.unknowns[2], y.unknowns[2])
      let variance = Covariance2(xx: x.covariance[2, 2], xy: 0, yy: y.covariance[2, 2]).variance(along: change.unit)
      let total = x.chiSquare + y.chiSquare
      if best == nil || total < best!.chiSquare {
        best = (total, Blow(time: time, change: change, deviation: variance.squareRoot(), tries: tries))
      }
    }
    guard let best, best.chiSquare + Self.gain < chiSquare, best.blow.change.length > 5 * best.blow.deviation else {
      return nil
    }
    return best.blow
  }

  /// Every stretch of a motion in which nothing can be touched and something free would fall.
  static func flights(of index: Int, in scene: SceneMotion) -> [PlacedArc] {
    guard let setting = scene.setting(of: index), setting.isFree else { return [] }
    let motion = scene.motions[index]
    return motion.arcs.compactMap { arc in
      PlacedArc(motion, arc, in: setting) {
        setting.isInTheOpen($0) && !$0.hasCompany && !scene.hasCompany(index, during: $0.time...$0.time)
      }
    }
  }
}
