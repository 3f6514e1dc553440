import Foundation

/// Whether a clip's frames follow one another: von Neumann's ratio of what moves in them.
///
/// The mean square of successive differences over twice the variance (von Neumann, Ann. Math. Stat. 1941) is 1 when frames
/// come in no order and near 0 when motion is smooth. Under random order its mean is 1 and, for one dimension, its variance (n
/// − 2)/(n² − 1); more dimensions only narrow it, so that the p-value given is on the safe side. Constant memory.
struct TemporalOrder {
  static let columns = 16
  static let rows = 12

  private var count = 0
  private var previous: [Double] = []
  private var sum = [Double](repeating: 0, count: columns * rows)
  private var squares = 0.0
  private var steps = 0.0

  /// `content`: how much of each cell of a lattice moves in this frame.
  mutating func add(_ content: [Double]) {
    for (i, value) in content.enumerated() {
      sum[i] += value
      squares += value * value
      if count > 0 { steps += (value - previous[i]) * (value - previous[i]) }
    }
    previous = content
    count += 1
  }

  /// The ratio and its p-value; nil where nothing moves or there are fewer than four frames.
  var result: (ratio: Double, pValue: Double)? {
    guard count >= 4 else { return nil }
    let n = Double(count)
    let variance = (squares - sum.reduce(0) { $0 + $1 * $1 } / n) / (n - 1)
    guard variance > 1e-12 else { return nil }
    let ratio = steps / (n - 1) / (2 * variance)
    let deviation = ((n - 2) / (n * n - 1)).squareRoot()
    return (ratio, 0.5 * erfc((1 - ratio) / deviation / 2.0.squareRoot()))
  }
}
