import WorldCore

/// A thread, a rod or an arm that a body hangs by, as its silhouette shows it: it is long, one end of it stays where it was, and
/// the other goes with the body. What is tethered so pays out or swings; it doesn't fall.
enum Tether {
  /// px: an edge that moves by less stays where it is; share of the length by which the body's end moves besides.
  private static let (still, travel) = (2.5, 0.7)
  /// A silhouette is so many times as long as wide where a tether belongs to it.
  private static let elongation = 1.8
  /// The share of the sightings that show it.
  private static let leastShare = 0.5

  private static let candidates = 64

  /// Of silhouettes whose pixels are known.
  static func isSeen(in motion: TrackMotion) -> Bool {
    let boxes = motion.sightings.compactMap(Box.init)
    guard boxes.count >= TrackMotion.leastForAcceleration, 2 * boxes.count > motion.sightings.count else { return false }
    // The still scene shows the thread as far as it is there most of the time: what differs is what the body adds to it below
    // that, or lacks above.
    return [boxes.map { ($0.top, $0.bottom) }, boxes.map { ($0.left, $0.right) }].contains { spans in
      let ends = spans.flatMap { [$0.0, $0.1] }
      func held(_ end: Double) -> [Double] {
        spans.filter { min(abs($0.0 - end), abs($0.1 - end)) < still }.map { $0.1 - $0.0 }
      }
      // Of a long track some ends stand for all.
      let some = stride(from: 0, to: ends.count, by: max(1, ends.count / candidates)).map { held(ends[$0]) }
      guard let lengths = some.max(by: { $0.count < $1.count }) else { return false }
      guard Double(lengths.count) > leastShare * Double(spans.count), let longest = lengths.max() else { return false }
      return longest > elongation * motion.diameter && longest - lengths.min()! > travel * motion.diameter
    }
  }

  /// What a silhouette covers, px.
  private struct Box {
    var left: Double
    var right: Double
    var top: Double
    var bottom: Double

    init?(_ sighting: Track.Sighting) {
      guard let first = sighting.outline.first else { return nil }
      (left, right) = (Double(first.from), Double(first.to))
      (top, bottom) = (Double(first.row), Double(first.row + 1))
      for run in sighting.outline {
        (left, right) = (min(left, Double(run.from)), max(right, Double(run.to)))
        (top, bottom) = (min(top, Double(run.row)), max(bottom, Double(run.row + 1)))
      }
    }
  }
}
