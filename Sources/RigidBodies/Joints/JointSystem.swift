/// The equations (J M⁻¹ Jᵀ + Γ) λ = r of joint rows, Γ their compliances: factored once by Cholesky's method, solved for any
/// number of right sides. Rows that others imply are left out.
struct JointSystem {
  private let count: Int
  /// Lower triangle of the factor, row-major (count, count).
  private var matrix: [Double]
  private var isFree: [Bool]

  init(_ rows: [JointRow]) {
    let n = rows.count
    count = n
    matrix = [Double](repeating: 0, count: n * n)
    isFree = [Bool](repeating: true, count: n)
    for i in 0..<n {
      for j in 0...i { matrix[i * n + j] = rows[i].response(to: rows[j]) }
      matrix[i * n + i] += rows[i].compliance
    }
    factor()
  }

  private mutating func factor() {
    let n = count
    let diagonal = (0..<n).map { matrix[$0 * n + $0] }
    for j in 0..<n {
      var pivot = matrix[j * n + j]
      for k in 0..<j { pivot -= matrix[j * n + k] * matrix[j * n + k] }
      if pivot <= 1e-12 * diagonal[j] {
        isFree[j] = false
        for i in j..<n { matrix[i * n + j] = 0 }
        matrix[j * n + j] = 1
        for k in 0..<j { matrix[j * n + k] = 0 }
        continue
      }
      let root = pivot.squareRoot()
      matrix[j * n + j] = root
      for i in (j + 1)..<max(n, j + 1) {
        var sum = matrix[i * n + j]
        for k in 0..<j { sum -= matrix[i * n + k] * matrix[j * n + k] }
        matrix[i * n + j] = sum / root
      }
    }
  }

  func solve(_ right: [Double]) -> [Double] {
    let n = count
    var x = right
    for i in 0..<n {
      if !isFree[i] { x[i] = 0 }
      for k in 0..<i { x[i] -= matrix[i * n + k] * x[k] }
      x[i] = isFree[i] ? x[i] / matrix[i * n + i] : 0
    }
    for i in stride(from: n - 1, through: 0, by: -1) {
      for k in (i + 1)..<max(n, i + 1) { x[i] -= matrix[k * n + i] * x[k] }
      x[i] = isFree[i] ? x[i] / matrix[i * n + i] : 0
    }
    return x
  }
}
