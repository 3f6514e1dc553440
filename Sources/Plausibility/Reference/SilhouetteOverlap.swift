import WorldCore

/// Intersection over union of the silhouettes that ought to be seen with those that are, mean over bodies and frames: 0…1.
///
/// A body that ought to be seen and isn't counts 0, for whatever reason.
public enum SilhouetteOverlap {
  public static func of(_ bodies: [BodyComparison]) -> Double? {
    bodies.flatMap(\.frames).map { between($0.silhouette, $0.expected.outline) }.mean
  }

  static func between(_ a: [Track.PixelRun], _ b: [Track.PixelRun]) -> Double {
    func area(_ runs: [Track.PixelRun]) -> Int { runs.reduce(0) { $0 + $1.to - $1.from } }
    var shared = 0
    let rows = Dictionary(grouping: b, by: \.row)
    for run in a {
      for other in rows[run.row] ?? [] { shared += max(0, min(run.to, other.to) - max(run.from, other.from)) }
    }
    let either = area(a) + area(b) - shared
    return either > 0 ? Double(shared) / Double(either) : 1
  }
}
