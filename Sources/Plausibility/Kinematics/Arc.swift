import Foundation
import LinearAlgebra
import WorldCore

/// A smooth stretch of a track: position as a polynomial of time on each axis, with the covariance of its coefficients.
///
/// Degree 2 is constant acceleration. Degrees 3 and 4 take up what drag, lift and perspective make of a parabola.
struct Arc: Sendable {
  /// Indices of the track's usable sightings.
  var range: Range<Int>
  /// Seconds: the first and last sighting's times.
  var start: Double
  var end: Double
  /// Time about which the polynomials are written: the middle.
  var origin: Double
  /// Coefficients of (t − origin)^k, px/s^k.
  var x: [Double]
  var y: [Double]
  var covarianceX: Matrix
  var covarianceY: Matrix
  var chiSquare: Double
  var degreesOfFreedom: Int
  /// Where the depth changes along the arc, both polynomials are over `1 + rate·(t − origin)`.
  private(set) var perspective: PerspectiveFlight?

  var degree: Int { x.count - 1 }
  var count: Int { range.count }
  var duration: Double { end - start }

  /// A parabola seen in perspective; nil where `PerspectiveFlight` finds none.
  init?(inPerspective sightings: [Track.Sighting], _ range: Range<Int>) {
    guard let perspective = PerspectiveFlight(sightings, range) else { return nil }
    self.init(sightings, range, degree: 2, perspective: perspective)
    degreesOfFreedom -= 1
  }

  /// Weighted least squares on each axis; `degree` is lowered where the sightings are too few for it.
  init(_ sightings: [Track.Sighting], _ range: Range<Int>, degree wanted: Int, perspective: PerspectiveFlight? = nil) {
    let points = sightings[range]
    let degree = min(wanted, points.count - 1)
    self.range = range
    self.perspective = perspective
    start = points.first!.time
    end = points.last!.time
    origin = (start + end) / 2
    let half = max((end - start) / 2, 1e-9)
    var (chi, fits): (Double, [(coefficients: [Double], covariance: Matrix)]) = (0, [])
    for axis in 0..<2 {
      var design = Matrix(rows: points.count, columns: degree + 1)
      var values = [Double](repeating: 0, count: points.count)
      for (row, point) in points.enumerated() {
        let deviation = (axis == 0 ? point.covariance.xx : point.covariance.yy).squareRoot()
        var power = 1 / deviation / (1 + (perspective?.rate ?? 0) * (point.time - origin))
        for k in 0...degree {
          design[row, k] = power
          power *= (point.time - origin) / half
        }
        values[row] = (axis == 0 ? point.position.x : point.position.y) / deviation
      }
      // Distinct times make a polynomial design of full rank; the fall-back serves sightings that share a time.
      var unknowns = [Double](repeating: 0, count: degree + 1)
      var covariance = Matrix.identity(degree + 1)
      if let solution = try? leastSquares(design, values) {
        unknowns = solution.unknowns
        covariance = solution.covariance
        chi += solution.chiSquare
      }
      var scale = 1.0
      var scales: [Double] = []
      for k in 0...degree {
        unknowns[k] /= scale
        scales.append(scale)
        scale *= half
      }
      for i in 0...degree { for j in 0...degree { covariance[i, j] /= scales[i] * scales[j] } }
      fits.append((unknowns, covariance))
    }
    (x, covarianceX) = fits[0]
    (y, covarianceY) = fits[1]
    chiSquare = chi
    degreesOfFreedom = 2 * (points.count - degree - 1)
  }

  /// The row that takes coefficients to the `order`-th derivative at t.
  func row(_ t: Double, order: Int) -> [Double] {
    let s = t - origin
    func power(_ k: Int, derived j: Int) -> Double {
      guard k >= j else { return 0 }
      return (0..<j).reduce(pow(s, Double(k - j))) { $0 * Double(k - $1) }
    }
    guard let rate = perspective?.rate else { return x.indices.map { power($0, derived: order) } }
    // Leibniz: Σ C(m, j) (s^k)^(m−j) · (1/D)^(j), where the j-th derivative of 1/D is (−w)^j j!/D^(j+1).
    let depth = 1 + rate * s
    return x.indices.map { k in
      var (sum, factor) = (0.0, 1 / depth)
      for j in 0...order {
        sum += factor * power(k, derived: order - j)
        factor *= -rate / depth * Double(order - j)
      }
      return sum
    }
  }

  /// The `order`-th derivative of position at t, px/s^order; may be asked beyond the ends.
  func derivative(_ order: Int, at t: Double) -> SIMD2<Double> {
    let r = row(t, order: order)
    return SIMD2(zip(r, x).reduce(0) { $0 + $1.0 * $1.1 }, zip(r, y).reduce(0) { $0 + $1.0 * $1.1 })
  }

  /// The covariance of that derivative.
  func covariance(_ order: Int, at t: Double) -> Covariance2 {
    let r = row(t, order: order)
    func form(_ c: Matrix) -> Double {
      var sum = 0.0
      for i in r.indices { for j in r.indices { sum += r[i] * c[i, j] * r[j] } }
      return sum
    }
    return Covariance2(xx: form(covarianceX), xy: 0, yy: form(covarianceY))
  }

  func position(at t: Double) -> SIMD2<Double> { derivative(0, at: t) }
  func velocity(at t: Double) -> SIMD2<Double> { derivative(1, at: t) }
  func acceleration(at t: Double) -> SIMD2<Double> { derivative(2, at: t) }

  /// Mean acceleration over the arc, at the depth of its middle, with its covariance.
  var meanAcceleration: (value: SIMD2<Double>, covariance: Covariance2) {
    guard duration > 0 else { return (.zero, Covariance2(isotropic: .infinity)) }
    // What the approach adds to the picture's acceleration is none of the body's.
    if let perspective { return (2 * SIMD2(x[2], y[2]), perspective.accelerationCovariance) }
    // For degree 2 it is the second derivative anywhere; beyond, a fit of degree 2 would weigh the ends alike, as the middle
    // does.
    return (acceleration(at: origin), covariance(2, at: origin))
  }
}

extension SIMD2 where Scalar == Double {
  func dot(_ other: Self) -> Double { x * other.x + y * other.y }
  func cross(_ other: Self) -> Double { x * other.y - y * other.x }
  var length: Double { dot(self).squareRoot() }
  var unit: Self { length > 0 ? self / length : .zero }
}
