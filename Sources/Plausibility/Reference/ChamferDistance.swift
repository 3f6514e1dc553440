import WorldCore

/// PISA's Chamfer distance between silhouettes: the mean distance of the pixels of one from the nearest of the other, both ways
/// added, in units of the picture's height times √2; mean over bodies and frames.
///
/// A body that has gone counts with the picture's diagonal both ways.
public enum ChamferDistance {
  /// - Parameter size: of the picture, px.
  public static func of(_ bodies: [BodyComparison], size: SIMD2<Double>) -> Double? {
    let distances = bodies.flatMap(\.frames).compactMap { frame -> Double? in
      switch frame.sight {
      case .seen(let appearance): between(frame.expected.outline, appearance.outline) ?? 2 * size.length
      case .missing: 2 * size.length
      case .unknown: nil
      }
    }
    return distances.mean.map { $0 / (size.y * 2.0.squareRoot()) }
  }

  /// Both ways added, px; nil where one of them is empty.
  static func between(_ a: [Track.PixelRun], _ b: [Track.PixelRun]) -> Double? {
    guard let there = oneWay(a, to: b), let back = oneWay(b, to: a) else { return nil }
    return there + back
  }

  private static func oneWay(_ runs: [Track.PixelRun], to others: [Track.PixelRun]) -> Double? {
    guard !runs.isEmpty, !others.isEmpty else { return nil }
    var (sum, count) = (0.0, 0)
    for run in runs {
      for column in run.from..<run.to {
        // The nearest pixel of a run is straight above or below, or its nearer end.
        var least = Int.max
        for other in others {
          let across = column < other.from ? other.from - column : column >= other.to ? column - other.to + 1 : 0
          let along = run.row - other.row
          least = min(least, across * across + along * along)
        }
        sum += Double(least).squareRoot()
        count += 1
      }
    }
    return count > 0 ? sum / Double(count) : nil
  }
}
