/// How well a clip's sound sits on what makes it: onsets heard against onsets expected (each contact's time and the way of the
/// sound to the camera).
public struct SoundOnsetError: Sendable, Equatable, Codable {
  /// heard − expected, s, of the matched onsets in order of time: positive is late.
  public var errors: [Double]
  public var expected: Int
  public var heard: Int

  /// Onsets nearer than this, s, are one event to an ear (and to a detector of onsets).
  public static let resolution = 0.03
  /// Onsets further apart than this, s, don't belong together.
  public static let reach = 0.25
  /// The tolerance of the F-measure beside that of a frame, s.
  public static let tolerance = 0.040

  /// Pairs the onsets one to one, in order of time, with the least sum of distances; what is left unpaired is missing or
  /// spurious.
  public init(heard: [Double], expected: [Double]) {
    let (h, e) = (Self.merged(heard), Self.merged(expected))
    self.heard = h.count
    self.expected = e.count
    // Dynamic programme over both lists: an onset without a partner costs the reach.
    var cost = [[Double]](repeating: [Double](repeating: 0, count: e.count + 1), count: h.count + 1)
    for i in 0...h.count {
      for j in 0...e.count where i + j > 0 {
        var least = Double.infinity
        if i > 0 { least = min(least, cost[i - 1][j] + Self.reach) }
        if j > 0 { least = min(least, cost[i][j - 1] + Self.reach) }
        if i > 0, j > 0, abs(h[i - 1] - e[j - 1]) <= Self.reach {
          least = min(least, cost[i - 1][j - 1] + abs(h[i - 1] - e[j - 1]))
        }
        cost[i][j] = least
      }
    }
    var errors: [Double] = []
    var (i, j) = (h.count, e.count)
    while i > 0 && j > 0 {
      let gap = h[i - 1] - e[j - 1]
      if abs(gap) <= Self.reach, cost[i][j] == cost[i - 1][j - 1] + abs(gap) {
        errors.append(gap)
        (i, j) = (i - 1, j - 1)
      } else if cost[i][j] == cost[i - 1][j] + Self.reach {
        i -= 1
      } else {
        j -= 1
      }
    }
    self.errors = errors.reversed()
  }

  /// s; nil where nothing was matched.
  public var median: Double? { Self.median(errors) }

  /// Median absolute deviation from the median, s.
  public var medianAbsoluteDeviation: Double? { median.flatMap { m in Self.median(errors.map { abs($0 - m) }) } }

  /// F1 of the events: matched within `tolerance` seconds counts as found. nil where there is nothing to hear and nothing was.
  public func f1(within tolerance: Double) -> Double? {
    guard heard + expected > 0 else { return nil }
    return 2 * Double(errors.count { abs($0) <= tolerance }) / Double(heard + expected)
  }

  private static func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let half = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
  }

  /// The first of each group.
  private static func merged(_ times: [Double]) -> [Double] {
    times.sorted().reduce(into: []) { kept, time in if kept.last.map({ time - $0 >= resolution }) ?? true { kept.append(time) }
    }
  }
}
