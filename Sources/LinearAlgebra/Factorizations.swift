internal import COpenBLAS

extension Matrix {
  /// The lower triangular L with `L·Lᵀ` = this symmetric positive matrix, by LAPACK `dpotrf`; reads the lower triangle.
  public func cholesky() throws(LinearAlgebraError) -> Matrix {
    precondition(rows == columns, "a Cholesky factor is of a square matrix, not \(rows)×\(columns)")
    var factor = self
    let status = LAPACKE_dpotrf(LAPACK_COL_MAJOR, Int8(UInt8(ascii: "L")), Int32(rows), &factor.elements, Int32(rows))
    guard status == 0 else { throw .notPositiveDefinite(order: Int(status)) }
    for j in 1..<max(columns, 1) { for i in 0..<j { factor[i, j] = 0 } }
    return factor
  }

  /// The inverse of a symmetric positive matrix, by its Cholesky factor (`dpotri`).
  public func positiveInverse() throws(LinearAlgebraError) -> Matrix {
    var inverse = try cholesky()
    let status = LAPACKE_dpotri(LAPACK_COL_MAJOR, Int8(UInt8(ascii: "L")), Int32(rows), &inverse.elements, Int32(rows))
    guard status == 0 else { throw .notPositiveDefinite(order: Int(status)) }
    for j in 0..<columns { for i in 0..<j { inverse[i, j] = inverse[j, i] } }
    return inverse
  }

  /// Eigenvalues, ascending, and unit eigenvectors as columns of this symmetric matrix, by LAPACK `dsyevd`; reads the lower
  /// triangle.
  public func symmetricEigensystem() throws(LinearAlgebraError) -> (values: [Double], vectors: Matrix) {
    precondition(rows == columns, "an eigensystem is of a square matrix, not \(rows)×\(columns)")
    var vectors = self
    var values = [Double](repeating: 0, count: rows)
    let status = LAPACKE_dsyevd(
      LAPACK_COL_MAJOR, Int8(UInt8(ascii: "V")), Int8(UInt8(ascii: "L")), Int32(rows), &vectors.elements, Int32(rows), &values)
    guard status == 0 else { throw .noConvergence(routine: "the eigenvalue iteration") }
    return (values, vectors)
  }

  /// `U·diag(s)·Vᵀ`, thin, singular values descending, by LAPACK `dgesdd`.
  public func singularValues() throws(LinearAlgebraError) -> (u: Matrix, s: [Double], vTransposed: Matrix) {
    let k = min(rows, columns)
    var copy = elements
    var u = Matrix(rows: rows, columns: k)
    var s = [Double](repeating: 0, count: k)
    var vt = Matrix(rows: k, columns: columns)
    let status = LAPACKE_dgesdd(
      LAPACK_COL_MAJOR, Int8(UInt8(ascii: "S")), Int32(rows), Int32(columns), &copy, Int32(rows), &s, &u.elements, Int32(rows),
      &vt.elements, Int32(k))
    guard status == 0 else { throw .noConvergence(routine: "the singular value iteration") }
    return (u, s, vt)
  }
}
