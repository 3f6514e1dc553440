import WorldCore

/// Where one arc of a track gives way to the next: an impact, a change of force, or a jump.
struct Junction: Sendable {
  /// Indices of the two arcs.
  var before: Int
  var after: Int
  /// The time between the last sighting of one and the first of the other at which the arcs come closest, s.
  var time: Double
  /// Its standard deviation, s.
  var timeDeviation: Double
  /// The last sighting before and the first after.
  var gap: ClosedRange<Double>
  /// Velocities of both arcs at `time`, px/s, with covariances.
  var incoming: SIMD2<Double>
  var outgoing: SIMD2<Double>
  var incomingCovariance: Covariance2
  var outgoingCovariance: Covariance2
  var place: SIMD2<Double>

  init(_ a: Arc, _ b: Arc, before: Int, after: Int) {
    self.before = before
    self.after = after
    gap = a.end...max(b.start, a.end)
    let width = gap.upperBound - gap.lowerBound

    // The arcs' closest approach: scan the gap, then narrow it. Arcs may be read a little beyond their ends.
    func distance(_ t: Double) -> Double {
      let d = b.position(at: t) - a.position(at: t)
      return (a.covariance(0, at: t) + b.covariance(0, at: t)).mahalanobisSquared(d)
    }
    var (low, high) = (gap.lowerBound - 0.1 * width, gap.upperBound + 0.1 * width)
    for _ in 0..<6 {
      let step = (high - low) / 8
      let best = (0...8).map { low + Double($0) * step }.min { distance($0) < distance($1) } ?? low
      (low, high) = (best - step, best + step)
    }
    let time = (low + high) / 2
    self.time = time
    place = (a.position(at: time) + b.position(at: time)) / 2
    incoming = a.velocity(at: time)
    outgoing = b.velocity(at: time)
    incomingCovariance = a.covariance(1, at: time)
    outgoingCovariance = b.covariance(1, at: time)
    let turn = outgoing - incoming
    let apart = a.covariance(0, at: time) + b.covariance(0, at: time)
    timeDeviation = turn.length > 0 ? (apart.variance(along: turn.unit)).squareRoot() / turn.length : width
  }

  var velocityChange: SIMD2<Double> { outgoing - incoming }
  var velocityChangeCovariance: Covariance2 { incomingCovariance + outgoingCovariance }

  /// Share of the diameter by which a silhouette in the gap may be off the arcs.
  private static let off = 0.25

  /// What is seen in the gap lies on the arcs that meet there: it went to where they meet. What is caught on the way and let go
  /// again doesn't.
  func isMet(in motion: TrackMotion) -> Bool {
    let (a, b) = (motion.arcs[before], motion.arcs[after])
    return motion.sightings[a.range.upperBound..<b.range.lowerBound].allSatisfy { s in
      let arc = s.time < time ? a : b
      let apart = s.position - arc.position(at: s.time)
      let error = (s.covariance + arc.covariance(0, at: s.time)).variance(along: apart.unit).squareRoot()
      return apart.length < Self.off * motion.diameter + 3 * error
    }
  }
}
