import Foundation
import LinearAlgebra
import WorldCore

/// A parabola in the world that comes nearer or goes away: each coordinate is a quadratic of time over the depth,
/// `p(t) = (n₀ + n₁t + n₂t²) / (1 + wt)`.
///
/// The pinhole camera's image of constant acceleration across the line of sight at a depth that changes at a constant rate
/// (Hartley & Zisserman 2004, eq. 6.1, w = Ż/Z at the origin of time). Whatever the principal point, `2n₂` is the acceleration
/// that the flight would show at its depth at the origin, free of what the approach feigns. One coefficient more than a
/// parabola explains drag-like bends in both coordinates and the body's apparent size alike: the size has to agree.
struct PerspectiveFlight {
  /// Ż/Z at the arc's origin, 1/s, with its variance.
  let rate: Double
  let rateVariance: Double
  let chiSquare: Double
  /// Of `2n₂`, with the rate unknown, px²/s⁴.
  let accelerationCovariance: Covariance2

  /// The depth, as a share of that at the arc's middle, is never less than this along a flight.
  private static let leastDepth = 0.15
  /// Fewer sightings don't tell an approach from noise.
  static let leastSightings = 10
  /// What blur and light do to the silhouette's size, as a share of what the depth does, standard deviation.
  private static let sizeSlack = 0.12

  /// The least-squares fit over a stretch of a track, by Gauss and Newton; nil where it doesn't converge, runs through the
  /// camera, or the silhouette's size doesn't change with the depth.
  init?(_ sightings: [Track.Sighting], _ range: Range<Int>) {
    self.init(points: sightings, range, asking: true)
  }

  /// - Parameter asksSize: whether the silhouette's size has to agree.
  init?(points sightings: [Track.Sighting], _ range: Range<Int>, asking asksSize: Bool) {
    guard range.count >= Self.leastSightings else { return nil }
    let points = sightings[range]
    let flat = Arc(sightings, range, degree: 2)
    let half = (flat.end - flat.start) / 2
    let times = points.map { ($0.time - flat.origin) / half }

    // Unknowns: three of x, three of y in units of half the duration, then w·half.
    var unknowns =
      (0..<3).map { flat.x[$0] * pow(half, Double($0)) } + (0..<3).map { flat.y[$0] * pow(half, Double($0)) } + [0.0]
    var previous = Double.infinity
    var solved: LeastSquaresSolution?
    for _ in 0..<25 {
      var design = Matrix(rows: 2 * points.count, columns: 7)
      var residuals = [Double](repeating: 0, count: 2 * points.count)
      for (i, point) in points.enumerated() {
        let t = times[i]
        let depth = 1 + unknowns[6] * t
        for axis in 0..<2 {
          let deviation = (axis == 0 ? point.covariance.xx : point.covariance.yy).squareRoot()
          let n = unknowns[3 * axis] + t * (unknowns[3 * axis + 1] + t * unknowns[3 * axis + 2])
          let row = 2 * i + axis
          for (k, power) in [1, t, t * t].enumerated() { design[row, 3 * axis + k] = power / depth / deviation }
          design[row, 6] = -n * t / (depth * depth) / deviation
          residuals[row] = ((axis == 0 ? point.position.x : point.position.y) - n / depth) / deviation
        }
      }
      let chi = residuals.reduce(0) { $0 + $1 * $1 }
      guard let step = try? leastSquares(design, residuals) else { return nil }
      let damping = min(1, 0.3 / max(abs(step.unknowns[6]), 1e-12))
      for k in 0..<7 { unknowns[k] += damping * step.unknowns[k] }
      guard 1 - abs(unknowns[6]) > Self.leastDepth else { return nil }
      solved = step
      if abs(previous - chi) < 1e-6 * (1 + chi) { break }
      previous = chi
    }
    guard let solved, abs(previous - solved.chiSquare) < 1e-3 * (1 + previous) else { return nil }
    rate = unknowns[6] / half
    rateVariance = solved.covariance[6, 6] / (half * half)
    chiSquare = solved.chiSquare
    let unit = 4 / pow(half, 4)
    accelerationCovariance = Covariance2(xx: unit * solved.covariance[2, 2], xy: 0, yy: unit * solved.covariance[5, 5])
    guard !asksSize || sizeAgrees(points, times: times, rate: unknowns[6]) else { return nil }
  }

  /// Regresses the logarithm of the silhouette's width on that of the nearness: the slope is 1.
  private func sizeAgrees(_ points: ArraySlice<Track.Sighting>, times: [Double], rate: Double) -> Bool {
    let nearness = times.map { -log(1 + rate * $0) }
    let sizes = points.map { log(max($0.axes.y, 1e-3)) }
    let n = Double(points.count)
    let (meanNearness, meanSize) = (nearness.reduce(0, +) / n, sizes.reduce(0, +) / n)
    let spread = nearness.reduce(0) { $0 + pow($1 - meanNearness, 2) }
    let slope = zip(nearness, sizes).reduce(0) { $0 + ($1.0 - meanNearness) * ($1.1 - meanSize) } / spread
    let scatter = zip(nearness, sizes).reduce(0) { $0 + pow($1.1 - meanSize - slope * ($1.0 - meanNearness), 2) } / (n - 2)
    let deviation = (scatter / spread + Self.sizeSlack * Self.sizeSlack).squareRoot()
    return slope > 2.5 * deviation && abs(slope - 1) < 3 * deviation
  }
}
