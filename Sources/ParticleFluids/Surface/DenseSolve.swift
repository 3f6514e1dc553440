/// Gaussian elimination with pivots, for the few hundred panels of a hull: on one thread, so that its bits are the same on any
/// number of them.
enum DenseSolve {
  /// Replaces `right` (size × columns) by the solution of matrix · x = right; unknowns of a zero pivot become zero.
  static func solve(_ matrix: inout [Double], _ right: inout [Double], size n: Int, columns: Int) {
    guard n > 0 else { return }
    matrix.withUnsafeMutableBufferPointer { a in
      right.withUnsafeMutableBufferPointer { b in
        let (a, b) = (a.baseAddress!, b.baseAddress!)
        for k in 0..<n {
          let pivot = (k..<n).max { abs(a[$0 * n + k]) < abs(a[$1 * n + k]) }!
          if pivot != k {
            for j in 0..<n { (a[k * n + j], a[pivot * n + j]) = (a[pivot * n + j], a[k * n + j]) }
            for j in 0..<columns { (b[k * columns + j], b[pivot * columns + j]) = (b[pivot * columns + j], b[k * columns + j]) }
          }
          guard a[k * n + k] != 0 else { continue }
          for i in k + 1..<max(n, k + 1) {
            let factor = a[i * n + k] / a[k * n + k]
            if factor == 0 { continue }
            subtract(factor, a + (k * n + k), from: a + (i * n + k), count: n - k)
            subtract(factor, b + k * columns, from: b + i * columns, count: columns)
          }
        }
        for k in stride(from: n - 1, through: 0, by: -1) {
          for j in 0..<columns {
            var sum = b[k * columns + j]
            for i in k + 1..<max(n, k + 1) { sum -= a[k * n + i] * b[i * columns + j] }
            b[k * columns + j] = a[k * n + k] != 0 ? sum / a[k * n + k] : 0
          }
        }
      }
    }
  }

  /// y ← y − factor · x, eight at a time.
  @inline(__always)
  private static func subtract(
    _ factor: Double, _ x: UnsafeMutablePointer<Double>, from y: UnsafeMutablePointer<Double>, count: Int
  ) {
    let eights = count & ~7
    let (from, to) = (UnsafeRawPointer(x), UnsafeMutableRawPointer(y))
    let factors = SIMD8(repeating: factor)
    for j in stride(from: 0, to: eights &* 8, by: 64) {
      let value = UnsafeRawPointer(to).loadUnaligned(fromByteOffset: j, as: SIMD8<Double>.self)
      to.storeBytes(
        of: value - factors * from.loadUnaligned(fromByteOffset: j, as: SIMD8<Double>.self), toByteOffset: j,
        as: SIMD8<Double>.self)
    }
    for j in eights..<max(count, eights) { y[j] -= factor * x[j] }
  }
}
