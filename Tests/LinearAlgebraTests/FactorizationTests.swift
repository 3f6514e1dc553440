import LinearAlgebra
import Testing
import WorldCore

@Suite("Factorizations and least squares") struct FactorizationTests {
  static let seeds: [UInt64] = Array(0..<20)

  static func random(_ rows: Int, _ columns: Int, _ stream: inout RandomStream) -> Matrix {
    var matrix = Matrix(rows: rows, columns: columns)
    for i in matrix.elements.indices { matrix.elements[i] = stream.normal() }
    return matrix
  }

  static func difference(_ a: Matrix, _ b: Matrix) -> Double {
    zip(a.elements, b.elements).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  @Test("factors multiply back to what they were taken from", arguments: seeds)
  func roundTrips(seed: UInt64) throws {
    var stream = RandomStream(seed: seed, "matrices")
    let n = 2 + stream.index(below: 8)
    let a = Self.random(n + 3, n, &stream)
    let positive = a.transposed * a

    let lower = try positive.cholesky()
    #expect(Self.difference(lower * lower.transposed, positive) < 1e-11)
    #expect(Self.difference(try positive.positiveInverse() * positive, .identity(n)) < 1e-7)

    let (values, vectors) = try positive.symmetricEigensystem()
    var scaled = vectors
    for j in 0..<n { for i in 0..<n { scaled[i, j] *= values[j] } }
    #expect(Self.difference(scaled * vectors.transposed, positive) < 1e-11)

    let (u, s, vt) = try a.singularValues()
    var us = u
    for j in 0..<n { for i in 0..<a.rows { us[i, j] *= s[j] } }
    #expect(Self.difference(us * vt, a) < 1e-12)
    // The two spectra are the same numbers, squared.
    for (value, root) in zip(values.reversed(), s) { #expect(abs(value - root * root) < 1e-10 * (1 + value)) }
  }

  @Test("the residual of least squares is orthogonal to every column, in any units", arguments: seeds)
  func normalEquations(seed: UInt64) throws {
    var stream = RandomStream(seed: seed, "least squares")
    var a = Self.random(20, 4, &stream)
    for i in 0..<20 { a[i, 3] *= 1e8 }
    let b = (0..<20).map { _ in stream.normal() }
    let solution = try leastSquares(a, b)
    let residual = zip(a * solution.unknowns, b).map { $0 - $1 }
    for j in 0..<4 {
      let column = (0..<20).map { a[$0, j] }
      let length = column.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(abs(zip(column, residual).reduce(0) { $0 + $1.0 * $1.1 }) / length < 1e-12)
    }
    #expect(solution.degreesOfFreedom == 16)
  }

  @Test("problems without an answer say why")
  func errors() {
    #expect(throws: LinearAlgebraError.notPositiveDefinite(order: 2)) {
      try Matrix(rows: [[1, 0], [0, -1]]).cholesky()
    }
    #expect(throws: LinearAlgebraError.rankDeficient(rank: 1, unknowns: 2)) {
      try leastSquares(Matrix(rows: [[1, 2], [2, 4], [3, 6]]), [1, 2, 3])
    }
    #expect(
      LinearAlgebraError.notPositiveDefinite(order: 2).description
        == "the matrix is not positive definite: its leading minor of order 2 is not positive")
    #expect(
      LinearAlgebraError.rankDeficient(rank: 1, unknowns: 2).description
        == "the equations determine only 1 of 2 unknowns: add observations or fix a parameter")
    #expect(
      LinearAlgebraError.noConvergence(routine: "the singular value iteration").description
        == "the singular value iteration did not converge: look for NaN or infinity in the matrix")
  }
}
