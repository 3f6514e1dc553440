import Foundation

/// Whether a clip's frames follow one another: von Neumann's ratio of what moves in them, and whether any frame tells of
/// another at all.
///
/// The mean square of successive differences over twice the variance (von Neumann, Ann. Math. Stat. 1941) is 1 when frames
/// come in no order and near 0 when motion is smooth. Motion that repeats every few frames has a ratio near 1, too, but its
/// frames tell of one another at some lag: so the p-value is the smaller of the ratio's own (mean 1, variance (n − 2)/(n² − 1)
/// under random order) and that of Ljung and Box's portmanteau statistic (Biometrika 1978) over the lags to eight (χ² with so
/// many degrees of freedom). Both hold for one dimension; more only narrow them, so that order is never seen where none is.
/// Constant memory.
package struct TemporalOrder {
  package static let columns = 16
  package static let rows = 12
  /// Lags over which frames are compared.
  static let lags = 8
  /// Things travel when the places they are at in turn have this many times the extent of what is there at once; one that lies
  /// for two thirds of the clip beside another that moves leaves 2.8.
  static let leastTurnover = 2.0

  private var count = 0
  /// Frames that show anything.
  private var filled = 0
  private var sum = [Double](repeating: 0, count: columns * rows)
  private var squares = 0.0
  /// Fewer frames that show anything are flashes, whose order tells nothing.
  static let leastFilled = 8
  /// Sums of products of frames so many apart, from lag 1.
  private var products = [Double](repeating: 0, count: lags)
  /// The first and the last frames' contents, oldest first.
  private var head: [[Double]] = []
  private var tail: [[Double]] = []

  package init() {}

  /// `content`: how much of each cell of a lattice moves in this frame.
  package mutating func add(_ content: [Double]) {
    for (i, value) in content.enumerated() {
      sum[i] += value
      squares += value * value
    }
    for (back, earlier) in tail.reversed().enumerated() { products[back] += Self.dot(content, earlier) }
    if head.count < Self.lags { head.append(content) }
    tail.append(content)
    if tail.count > Self.lags { tail.removeFirst() }
    count += 1
    if content.contains(where: { $0 > 0 }) { filled += 1 }
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
  }

  /// The ratio and the p-value; nil where nothing travels or fewer than eight frames show anything.
  package var result: (ratio: Double, pValue: Double)? {
    let lags = min(Self.lags, count / 4)
    guard lags >= 2, filled >= Self.leastFilled else { return nil }
    let n = Double(count)
    let mean = sum.map { $0 / n }
    let power = Self.dot(mean, mean)
    let variance = squares / n - power
    guard variance > 1e-12, variance > Self.leastTurnover * power else { return nil }

    // Autocovariances about the mean, which the lagged sums lack at either end.
    var statistic = 0.0
    var first = 0.0
    for lag in 1...lags {
      let present = n - Double(lag)
      let leading = head.prefix(lag).reduce(0) { $0 + Self.dot($1, mean) }
      let trailing = tail.suffix(lag).reduce(0) { $0 + Self.dot($1, mean) }
      let both = 2 * n * power - leading - trailing
      let correlation = (products[lag - 1] - both + present * power) / n / variance
      if lag == 1 { first = correlation }
      statistic += n * (n + 2) * correlation * correlation / present
    }
    let deviation = ((n - 2) / (n * n - 1)).squareRoot()
    let smooth = 0.5 * erfc(first / deviation / 2.0.squareRoot())
    return (1 - first, min(smooth, Self.chiSquare(above: statistic, degrees: lags)))
  }

  /// P(χ² ≥ x) for an even number of degrees in closed form; odd ones are rounded up, on the side of disorder.
  private static func chiSquare(above x: Double, degrees: Int) -> Double {
    var (term, sum) = (1.0, 1.0)
    for k in stride(from: 1, to: (degrees + 1) / 2, by: 1) {
      term *= x / 2 / Double(k)
      sum += term
    }
    return min(1, exp(-x / 2) * sum)
  }
}
