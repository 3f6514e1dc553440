import Foundation
import LinearAlgebra
import WorldCore

/// A track that goes to and fro: along a circle about a pivot, or up and down.
struct Swing {
  let kind: Oscillation.Kind
  /// Radians from straight down, or px along the path's main direction.
  let samples: [Oscillation.Sample]
  /// The fit in which damping stands for all that takes or gives energy.
  let fit: Oscillation
  /// The better of that and the one with dry friction.
  let best: Oscillation
  /// px; of what swings up and down, nil.
  let length: (value: Double, deviation: Double)?
  let amplitude: Double
  /// Half swings seen.
  let halves: Int

  /// Fewer passages through the middle don't show an oscillation.
  private static let leastHalves = 3
  /// The circle, or the line, is missed by this share of the path's length at most, rms.
  private static let shape = 0.03
  /// And the fitted motion by this share of the amplitude: of what keeps to a circle, and of what only goes up and down.
  private static let misfit = (pendulum: 0.3, harmonic: 0.15)
  /// A path that bends away from its chord by less than this many standard deviations of a sighting isn't known to be a circle.
  private static let leastSagitta = 8.0

  init?(_ motion: TrackMotion, frameTime: Double) {
    let sightings = motion.sightings
    guard sightings.count >= 24 else { return nil }
    let n = Double(sightings.count)
    let middle = sightings.reduce(SIMD2<Double>.zero) { $0 + $1.position } / n
    let moments = sightings.reduce((xx: 0.0, xy: 0.0, yy: 0.0)) { sum, s in
      let d = s.position - middle
      return (sum.xx + d.x * d.x, sum.xy + d.x * d.y, sum.yy + d.y * d.y)
    }
    let angle = 0.5 * atan2(2 * moments.xy, moments.xx - moments.yy)
    let main = SIMD2(cos(angle), sin(angle))
    let along = sightings.map { ($0.position - middle).dot(main) }
    let half = (along.max()! - along.min()!) / 2
    let noise = sightings.map { ($0.covariance.trace / 2).squareRoot() }.sorted()[sightings.count / 2]
    guard half > 10 * noise, half > 0.2 * motion.diameter else { return nil }

    // A swing on a circle below its pivot, or one straight up and down.
    let circle = Self.circle(sightings)
    if let circle, Self.isBelow(circle, middle), half * half / (2 * circle.radius) > Self.leastSagitta * noise,
      circle.residual < max(Self.shape * 2 * half, 1.5 * noise)
    {
      // A bob with its rod in one silhouette is no compact thing.
      guard motion.track.kind == .compact || VisibleRod.isRigid(sightings, about: circle.center) else { return nil }
      kind = .pendulum
      let pivot = circle.center
      samples = sightings.map { s in
        let d = s.position - pivot
        let tangent = SIMD2(d.y, -d.x).unit
        return .init(
          time: s.time, value: atan2(d.x, d.y), deviation: s.covariance.variance(along: tangent).squareRoot() / d.length)
      }
      length = (circle.radius, circle.deviation)
    } else if abs(main.y) > 0.95, motion.track.kind == .compact {
      kind = .harmonic
      samples = zip(sightings, along).map { s, value in
        .init(time: s.time, value: value * (main.y > 0 ? 1 : -1), deviation: s.covariance.variance(along: main).squareRoot())
      }
      length = nil
    } else {
      return nil
    }

    // Passages through the middle tell how fast it swings.
    let values = samples.map(\.value)
    let rest = (values.max()! + values.min()!) / 2
    let far = 0.3 * (values.max()! - values.min()!) / 2
    var passages: [Double] = []
    var side = 0
    for sample in samples {
      let now = sample.value - rest > far ? 1 : sample.value - rest < -far ? -1 : 0
      guard now != 0 else { continue }
      if side != 0, now != side { passages.append(sample.time) }
      side = now
    }
    guard passages.count >= Self.leastHalves else { return nil }
    halves = passages.count - 1
    let frequency = Double.pi * Double(halves) / (passages.last! - passages[0])
    guard frequency * frameTime < 0.8, let fit = Oscillation(samples, kind: kind, frequency: frequency, rest: rest) else {
      return nil
    }
    let dry = Oscillation(samples, kind: kind, frequency: frequency, rest: rest, dryFriction: true)
    self.fit = fit
    best = dry.map { $0.chiSquare < fit.chiSquare - 2 ? $0 : fit } ?? fit
    amplitude = (values.max()! - values.min()!) / 2

    let scatter = best.chiSquare / samples.reduce(0) { $0 + 1 / ($1.deviation * $1.deviation) }
    guard scatter.squareRoot() < (kind == .pendulum ? Self.misfit.pendulum : Self.misfit.harmonic) * amplitude else {
      return nil
    }
  }

  private static func isBelow(
    _ circle: (center: SIMD2<Double>, radius: Double, deviation: Double, residual: Double), _ middle: SIMD2<Double>
  )
    -> Bool
  { (middle - circle.center).unit.y > 0.85 }

  /// The circle through points by least squares on `x² + y² = 2ax + 2by + c` (Kåsa, IEEE TIM 1976), px.
  private static func circle(_ sightings: [Track.Sighting]) -> (
    center: SIMD2<Double>, radius: Double, deviation: Double, residual: Double
  )? {
    let origin = sightings[0].position
    let scale = max(sightings.map { ($0.position - origin).length }.max() ?? 1, 1)
    var design = Matrix(rows: sightings.count, columns: 3)
    let points = sightings.map { ($0.position - origin) / scale }
    for (i, p) in points.enumerated() { (design[i, 0], design[i, 1], design[i, 2]) = (2 * p.x, 2 * p.y, 1) }
    guard let fit = try? leastSquares(design, points.map { $0.dot($0) }) else { return nil }
    let center = SIMD2(fit.unknowns[0], fit.unknowns[1])
    let square = fit.unknowns[2] + center.dot(center)
    guard square > 0 else { return nil }
    let radius = square.squareRoot()
    let residual = (points.reduce(0) { $0 + pow(($1 - center).length - radius, 2) } / Double(points.count)).squareRoot()
    // Of the radius, by the scatter about the circle.
    let variance = fit.chiSquare / Double(max(1, fit.degreesOfFreedom))
    let row = [center.x / radius, center.y / radius, 0.5 / radius]
    var sum = 0.0
    for i in 0..<3 { for j in 0..<3 { sum += row[i] * row[j] * fit.covariance[i, j] } }
    return (center * scale + origin, radius * scale, (sum * variance).squareRoot() * scale, residual * scale)
  }
}
