import Foundation
import LinearAlgebra
import WorldCore

/// Gravity in m/s² from a body of known diameter: its apparent size tells the scale at every place, through any perspective.
///
/// A straight fall seen by a pinhole: depth along the path is z₀(1 + γh), so apparent diameters go as d₀/(1 + γh) and the
/// picture coordinate along the path as `(u₀ + βh)/(1 + γh)`. Both are fitted together with h = v₀t + ½gt²; β = s₀·√(1 − e²)
/// with the scale s₀ = d₀/D and e the share of the path along the line of sight, `e = γf/s₀` for a focal length f (px).
struct DiameterScale {
  /// With its 95 % interval.
  let estimate: LawFinding.Estimate

  /// A silhouette's width is known to about this many pixels, however many sightings there are: the edge's own softness.
  private static let widthError = 0.5
  /// Relative standard deviation of the field of view: lenses and crops of unknown make.
  private static let fieldOfViewUncertainty = 0.2

  init?(motion: TrackMotion, fall: SharedGravity.Fall, scene: SceneMotion) {
    let fieldOfView = scene.options.fieldOfView
    let wider = fieldOfView * (1 + Self.fieldOfViewUncertainty)
    let candidates = fall.arcs.compactMap { index -> (value: Double, error: Double)? in
      let arc = motion.arcs[index]
      guard let here = Self.gravity(arc, motion: motion, scene: scene, fieldOfView: fieldOfView),
        let there = Self.gravity(arc, motion: motion, scene: scene, fieldOfView: wider)
      else { return nil }
      return (here.value, (here.error * here.error + pow(there.value - here.value, 2)).squareRoot())
    }
    // The flight that knows best; the others see the same body less well.
    guard let (g, error) = candidates.min(by: { $0.error / $0.value < $1.error / $1.value }) else { return nil }
    estimate = .init(value: g, unit: "m/s^2", ci95: [g - 1.96 * error, g + 1.96 * error])
  }

  /// The fall's acceleration through a lens of that field of view, with its standard deviation, m/s².
  private static func gravity(
    _ arc: Arc, motion: TrackMotion, scene: SceneMotion, fieldOfView: Double
  ) -> (value: Double, error: Double)? {
    guard let diameter = scene.options.knownDiameter else { return nil }
    let focal = 0.5 * Double(scene.clip.size.max() ?? 1) / tan(fieldOfView / 2)
    let center = SIMD2(Double(scene.clip.size[0]), Double(scene.clip.size[1])) / 2

    // World positions, one per sighting: depth from the apparent size, smoothed along the arc; then the fall in metres.
    let sightings = Array(motion.sightings[arc.range])
    guard sightings.count >= 6 else { return nil }

    // The inverse of depth is linear in h, and h in the picture coordinate by a projective map: 1/d is linear in 1/(…) — to
    // first order the apparent size is linear in the picture coordinate along the path, exactly so for a straight line under a
    // pinhole.
    let path = (sightings.last!.position - sightings[0].position).unit
    let coordinates = sightings.map { ($0.position - sightings[0].position).dot(path) }
    let span = max(coordinates.max() ?? 1, 1)
    guard
      let (sizes, sizeScatter) = Self.line(
        through: zip(coordinates.map { $0 / span }, sightings.map(\.axes.y)).map { ($0, $1) })
    else {
      return nil
    }

    var metres: [[Double]] = []
    for (u, s) in zip(coordinates, sightings) {
      let apparent = sizes.unknowns[0] + sizes.unknowns[1] * u / span
      guard apparent > 1 else { return nil }
      let depth = focal * diameter / apparent
      let ray = (s.position - center) / focal
      metres.append([ray.x * depth, ray.y * depth, depth])
    }
    // A parabola in space, each axis alike, weighted by the picture's error at that depth; then once more with the path that
    // the air took off added back.
    let deviations = zip(sightings, metres).map { $0.covariance.variance(along: path).squareRoot() * $1[2] / focal }
    let times = sightings.map { $0.time - arc.origin }
    guard let inVacuum = Self.parabola(times, metres, deviations) else { return nil }
    let taken = Self.drag(times, velocity: inVacuum.velocity, acceleration: inVacuum.acceleration, diameter: diameter)
    let undragged = zip(metres, taken).map { place, lost in (0..<3).map { place[$0] - lost[$0] } }
    guard let fit = Self.parabola(times, undragged, deviations) else { return nil }
    let (acceleration, variance) = (fit.acceleration, fit.variance)
    let dragged = inVacuum.acceleration.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let g = acceleration.reduce(0) { $0 + $1 * $1 }.squareRoot()
    // The size's mean scales everything; its slope bends the path.
    let scatterError = sizes.covariance[0, 0].squareRoot() * sizeScatter
    let sizeError = (scatterError * scatterError + widthError * widthError).squareRoot() / max(sizes.unknowns[0], 1)
    // The body's density is known to a factor of two: so is what the air did.
    let error = (variance + pow(sizeError * g, 2) + pow(0.7 * (g - dragged), 2)).squareRoot()
    return (g, error)
  }

  /// kg/m³ of the body, for drag: between wood and rubber.
  private static let density = 700.0

  /// Weighted least squares of a parabola on three axes; m, m/s and m/s² at the middle time, and the variance of the
  /// acceleration's size.
  private static func parabola(
    _ times: [Double], _ places: [[Double]], _ deviations: [Double]
  ) -> (velocity: [Double], acceleration: [Double], variance: Double)? {
    var (velocity, acceleration, variance) = ([0.0, 0, 0], [0.0, 0, 0], 0.0)
    for axis in 0..<3 {
      var rows = Matrix(rows: times.count, columns: 3)
      for (row, (t, deviation)) in zip(times, deviations).enumerated() {
        (rows[row, 0], rows[row, 1], rows[row, 2]) = (1 / deviation, t / deviation, t * t / 2 / deviation)
      }
      guard let fit = try? leastSquares(rows, zip(places, deviations).map { $0[axis] / $1 }) else { return nil }
      velocity[axis] = fit.unknowns[1]
      acceleration[axis] = fit.unknowns[2]
      variance += fit.covariance[2, 2] * max(1, fit.chiSquare / Double(max(1, fit.degreesOfFreedom))) / 3
    }
    return (velocity, acceleration, variance)
  }

  /// What a sphere's drag, `a = −k|v|v` with `k = 3 ρ_air C_d / (4 ρ D)` and C_d = 0.47, adds to its path by each time, m.
  private static func drag(_ times: [Double], velocity: [Double], acceleration: [Double], diameter: Double) -> [[Double]] {
    let k = 0.75 * 1.204 * 0.47 / (density * diameter)
    var (speedLost, lost) = ([0.0, 0, 0], [0.0, 0, 0])
    var answer: [[Double]] = [lost]
    for (t0, t1) in zip(times, times.dropFirst()) {
      let h = t1 - t0
      let middle = (t0 + t1) / 2
      let v = (0..<3).map { velocity[$0] + acceleration[$0] * middle }
      let speed = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for axis in 0..<3 {
        let slowing = -k * speed * v[axis]
        lost[axis] += speedLost[axis] * h + slowing * h * h / 2
        speedLost[axis] += slowing * h
      }
      answer.append(lost)
    }
    return answer
  }

  /// A line by least absolute deviations (reweighted least squares): shadows that cling to a silhouette now and then widen it
  /// much.
  private static func line(through points: [(x: Double, y: Double)]) -> (solution: LeastSquaresSolution, scatter: Double)? {
    var weights = [Double](repeating: 1, count: points.count)
    var answer: (LeastSquaresSolution, Double)?
    for _ in 0..<30 {
      var design = Matrix(rows: points.count, columns: 2)
      for (row, point) in points.enumerated() { (design[row, 0], design[row, 1]) = (weights[row], weights[row] * point.x) }
      guard let solution = try? leastSquares(design, zip(weights, points).map { $0 * $1.y }) else { return nil }
      let residuals = points.map { $0.y - solution.unknowns[0] - solution.unknowns[1] * $0.x }
      let scatter = 1.4826 * residuals.map { abs($0) }.sorted()[residuals.count / 2]
      weights = residuals.map { 1 / max(abs($0), 0.02 * max(scatter, 1e-6)).squareRoot() }
      let scale = weights.max() ?? 1
      weights = weights.map { $0 / scale }
      answer = (solution, scatter)
    }
    return answer
  }
}
