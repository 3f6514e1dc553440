public import WorldCore

/// The judge's own reading of a track, as smooth pieces with gaps at impacts: what a report draws through the measurements.
public struct MotionCurve: Sendable, Equatable {
  /// The track's id.
  public let track: Int
  /// One piece an arc of free motion, each sampled evenly and at both ends.
  public let pieces: [[Sample]]

  public struct Sample: Sendable, Equatable {
    /// Seconds.
    public let time: Double
    /// px, y down.
    public let position: SIMD2<Double>
    /// px/s, y down.
    public let velocity: SIMD2<Double>
  }

  /// - Parameter step: seconds between samples at most.
  public init(of track: Track, step: Double = 0.01) {
    precondition(step > 0, "a curve is sampled at a positive step, not \(step)")
    self.track = track.id
    let motion = TrackMotion(track)
    pieces = motion.arcs.filter { $0.count >= TrackMotion.leastForVelocity }.map { arc in
      let count = max(1, Int((arc.duration / step).rounded(.up)))
      return (0...count).map { k in
        let time = arc.start + arc.duration * Double(k) / Double(count)
        return Sample(time: time, position: arc.position(at: time), velocity: arc.velocity(at: time))
      }
    }
  }
}
