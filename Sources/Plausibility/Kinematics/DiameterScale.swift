import Foundation
import LinearAlgebra
import WorldCore

/// Gravity in m/s² from a body of known diameter: its apparent size tells the scale at every place, through any perspective.
///
/// A straight fall seen by a pinhole: depth along the path is z₀(1 + γh), so apparent diameters go as d₀/(1 + γh) and the picture
/// coordinate along the path as `(u₀ + βh)/(1 + γh)`. Both are fitted together with h = v₀t + ½gt²; β = s₀·√(1 − e²) with the scale
/// s₀ = d₀/D and e the share of the path along the line of sight, `e = γf/s₀` for a focal length f (px).
struct DiameterScale {
  /// With its 95 % interval.
  let estimate: LawFinding.Estimate

  init?(motion: TrackMotion, fall: SharedGravity.Fall, scene: SceneMotion) {
    guard let diameter = scene.options.knownDiameter else { return nil }
    let focal = 0.5 * Double(scene.clip.size.max() ?? 1) / tan(scene.options.fieldOfView / 2)
    let center = SIMD2(Double(scene.clip.size[0]), Double(scene.clip.size[1])) / 2

    // World positions, one per sighting: depth from the apparent size, smoothed along the arc; then the fall in metres.
    guard let longest = fall.arcs.max(by: { motion.arcs[$0].count < motion.arcs[$1].count }) else { return nil }
    let arc = motion.arcs[longest]
    let sightings = Array(motion.sightings[arc.range])
    guard sightings.count >= 6 else { return nil }

    // The inverse of depth is linear in h, and h in the picture coordinate by a projective map: 1/d is linear in 1/(…) — to first
    // order the apparent size is linear in the picture coordinate along the path, exactly so for a straight line under a pinhole.
    let path = (sightings.last!.position - sightings[0].position).unit
    let coordinates = sightings.map { ($0.position - sightings[0].position).dot(path) }
    let span = max(coordinates.max() ?? 1, 1)
    guard let (sizes, sizeScatter) = Self.line(through: zip(coordinates.map { $0 / span }, sightings.map(\.axes.y)).map { ($0, $1) }) else {
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
    // A parabola in space; each axis alike, weighted by the picture's error at that depth.
    var acceleration = [0.0, 0.0, 0.0]
    var variance = 0.0
    for axis in 0..<3 {
      var rows = Matrix(rows: sightings.count, columns: 3)
      var values: [Double] = []
      for (row, s) in sightings.enumerated() {
        let t = s.time - arc.origin
        let deviation = s.covariance.variance(along: path).squareRoot() * metres[row][2] / focal
        (rows[row, 0], rows[row, 1], rows[row, 2]) = (1 / deviation, t / deviation, t * t / 2 / deviation)
        values.append(metres[row][axis] / deviation)
      }
      guard let fit = try? leastSquares(rows, values) else { return nil }
      acceleration[axis] = fit.unknowns[2]
      variance += fit.covariance[2, 2] * max(1, fit.chiSquare / Double(max(1, fit.degreesOfFreedom))) / 3
    }
    let g = acceleration.reduce(0) { $0 + $1 * $1 }.squareRoot()
    // The size's mean scales everything; its slope bends the path.
    let sizeError = sizes.covariance[0, 0].squareRoot() * sizeScatter / max(sizes.unknowns[0], 1)
    let error = (variance + pow(sizeError * g, 2)).squareRoot()
    estimate = .init(value: g, unit: "m/s^2", ci95: [g - 1.96 * error, g + 1.96 * error])
  }

  /// A line by least absolute deviations (reweighted least squares): shadows that cling to a silhouette now and then widen it much.
  private static func line(through points: [(x: Double, y: Double)]) -> (solution: LeastSquaresSolution, scatter: Double)? {
    var weights = [Double](repeating: 1, count: points.count)
    var answer: (LeastSquaresSolution, Double)?
    for _ in 0..<30 {
      var design = Matrix(rows: points.count, columns: 2)
      for (row, point) in points.enumerated() { (design[row, 0], design[row, 1]) = (weights[row], weights[row] * point.x) }
      guard let solution = try? leastSquares(design, zip(weights, points).map { $0 * $1.y }) else { return nil }
      let residuals = points.map { abs($0.y - solution.unknowns[0] - solution.unknowns[1] * $0.x) }
      let scatter = 1.4826 * residuals.sorted()[residuals.count / 2]
      weights = residuals.map { 1 / max($0, 0.02 * max(scatter, 1e-6)).squareRoot() }
      let scale = weights.max() ?? 1
      weights = weights.map { $0 / scale }
      answer = (solution, scatter)
    }
    return answer
  }
}
