internal import COpenBLAS

extension Matrix {
  /// The matrix product, by BLAS `dgemm`.
  public static func * (a: Matrix, b: Matrix) -> Matrix {
    precondition(a.columns == b.rows, "a \(a.rows)×\(a.columns) matrix can't multiply a \(b.rows)×\(b.columns) one")
    var c = Matrix(rows: a.rows, columns: b.columns)
    cblas_dgemm(
      CblasColMajor, CblasNoTrans, CblasNoTrans, Int32(a.rows), Int32(b.columns), Int32(a.columns), 1, a.elements,
      Int32(a.rows), b.elements, Int32(b.rows), 0, &c.elements, Int32(c.rows))
    return c
  }

  /// The product with a vector, by BLAS `dgemv`.
  public static func * (a: Matrix, x: [Double]) -> [Double] {
    precondition(a.columns == x.count, "a \(a.rows)×\(a.columns) matrix can't multiply \(x.count) elements")
    var y = [Double](repeating: 0, count: a.rows)
    cblas_dgemv(CblasColMajor, CblasNoTrans, Int32(a.rows), Int32(a.columns), 1, a.elements, Int32(a.rows), x, 1, 0, &y, 1)
    return y
  }
}
