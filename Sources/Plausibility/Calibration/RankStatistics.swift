/// How well a score tells valid from broken, without any threshold.
public enum RankStatistics {
  /// Area under the receiver operating characteristic: the chance that a broken clip scores below a valid one, ties counted
  /// half (Mann & Whitney). nil where either list is empty.
  public static func areaUnderCurve(valid: [Double], broken: [Double]) -> Double? {
    guard !valid.isEmpty, !broken.isEmpty else { return nil }
    let sorted = valid.sorted()
    func below(_ x: Double, orEqual: Bool) -> Int {
      var (low, high) = (0, sorted.count)
      while low < high {
        let middle = (low + high) / 2
        if sorted[middle] < x || (orEqual && sorted[middle] == x) { low = middle + 1 } else { high = middle }
      }
      return low
    }
    let wins = broken.reduce(0.0) { sum, x in
      sum + Double(sorted.count) - (Double(below(x, orEqual: false)) + Double(below(x, orEqual: true))) / 2
    }
    return wins / (Double(sorted.count) * Double(broken.count))
  }

  /// Share of pairs in which the broken twin scores lower; ties count half. nil of none.
  public static func pairAccuracy(_ pairs: [(valid: Double, broken: Double)]) -> Double? {
    pairs.map { $0.broken < $0.valid ? 1.0 : $0.broken == $0.valid ? 0.5 : 0 }.mean
  }

  /// The value below which a share of the sorted values lies, linear between them. nil of none.
  public static func quantile(_ share: Double, of values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let place = min(max(share, 0), 1) * Double(sorted.count - 1)
    let below = Int(place)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
  }

  /// A share and its 95 % interval (Wilson 1927): honest where counts are small or the share is 0 or 1.
  public static func wilson(_ count: Int, of total: Int) -> (share: Double, low: Double, high: Double)? {
    guard total > 0 else { return nil }
    let (n, p, z) = (Double(total), Double(count) / Double(total), 1.96)
    let center = (p + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    return (p, max(0, center - half), min(1, center + half))
  }
}
