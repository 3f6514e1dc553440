import WorldCore

/// PhyWorld's velocity error: the mean of |Δx/Δt − Δx_ref/Δt| over bodies and frames in view (Kang et al., "How far is video
/// generation from world model", 2024, eq. 2), m/s where every frame has a scale and px/s otherwise.
///
/// *Blind spots.* A body that has gone has no velocity: the share of frames in which bodies were seen belongs beside the
/// number.
public enum VelocityError {
  public static func of(_ bodies: [BodyComparison], framesPerSecond: Double) -> Double? {
    let scaled = bodies.allSatisfy { $0.frames.allSatisfy { $0.metresPerPixel != nil } }
    return bodies.flatMap { body in
      body.steps.map { before, after in
        let seen = after.seen!.center - before.seen!.center
        let expected = after.expectedMass - before.expectedMass
        let difference = (seen - expected).length * framesPerSecond
        return scaled ? difference * after.metresPerPixel! : difference
      }
    }.mean
  }

  /// Share of the frames in which a body ought to be seen in the open and is: 1 where none has gone.
  public static func seenShare(_ bodies: [BodyComparison]) -> Double? {
    bodies.flatMap(\.frames).compactMap { frame -> Double? in
      switch frame.sight {
      case .seen: 1
      case .missing: 0
      case .unknown: nil
      }
    }.mean
  }
}
