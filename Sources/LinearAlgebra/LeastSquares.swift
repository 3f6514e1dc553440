/// The answer of a linear least-squares problem whose rows were divided by their standard deviations.
public struct LeastSquaresSolution: Sendable, Equatable {
  /// One per column.
  public var unknowns: [Double]
  /// `(AᵀA)⁻¹`: the covariance of the unknowns when every row's error has unit variance.
  public var covariance: Matrix
  /// Sum of squared residuals: chi-square distributed with `degreesOfFreedom` when the model holds.
  public var chiSquare: Double
  public var degreesOfFreedom: Int
}

/// Minimises `|A·x − b|²` by singular values, so that a column that says nothing is found out rather than divided by.
///
/// - Throws: `rankDeficient` when columns depend on one another (relative singular value below 1e-12 after columns are
/// scaled).
public func leastSquares(_ a: Matrix, _ b: [Double]) throws(LinearAlgebraError) -> LeastSquaresSolution {
  precondition(a.rows == b.count, "\(a.rows) equations need as many right-hand sides, not \(b.count)")

  // Columns come in different units (px, px/s, px/s²), so each is brought to length 1 before ranks are compared.
  var scaled = a
  var scales = [Double](repeating: 1, count: a.columns)
  for j in 0..<a.columns {
    let length = (0..<a.rows).reduce(0.0) { $0 + a[$1, j] * a[$1, j] }.squareRoot()
    guard length > 0 else { throw .rankDeficient(rank: a.columns - 1, unknowns: a.columns) }
    scales[j] = length
    for i in 0..<a.rows { scaled[i, j] = a[i, j] / length }
  }
  let (u, s, vt) = try scaled.singularValues()
  let rank = s.filter { $0 > 1e-12 * s[0] }.count
  guard rank == a.columns else { throw .rankDeficient(rank: rank, unknowns: a.columns) }

  var unknowns = [Double](repeating: 0, count: a.columns)
  var covariance = Matrix(rows: a.columns, columns: a.columns)
  for k in 0..<rank {
    let projection = (0..<a.rows).reduce(0.0) { $0 + u[$1, k] * b[$1] } / s[k]
    for i in 0..<a.columns {
      unknowns[i] += vt[k, i] * projection / scales[i]
      for j in 0..<a.columns { covariance[i, j] += vt[k, i] * vt[k, j] / (s[k] * s[k] * scales[i] * scales[j]) }
    }
  }
  let fitted = a * unknowns
  let chiSquare = zip(fitted, b).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  return LeastSquaresSolution(
    unknowns: unknowns, covariance: covariance, chiSquare: chiSquare, degreesOfFreedom: a.rows - a.columns)
}
