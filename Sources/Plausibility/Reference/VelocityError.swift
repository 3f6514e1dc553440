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

  /// As PhyWorld's own evaluation takes it: the mean of |Δx/Δt − Δx_ref/Δt| and of |Δy/Δt − Δy_ref/Δt|, an axis of the picture
  /// by itself, over bodies and frames; of the axes those that the reference moves along.
  public static func byAxis(_ bodies: [BodyComparison], framesPerSecond: Double) -> Double? {
    let steps = bodies.flatMap(\.steps)
    let axes = [0, 1].filter { axis in
      steps.contains { abs($1.expectedMass[axis] - $0.expectedMass[axis]) > leastStep }
    }
    return steps.flatMap { before, after in
      axes.map { axis in
        let off = (after.seen!.center - before.seen!.center - after.expectedMass + before.expectedMass)[axis]
        return abs(off) * framesPerSecond * (after.metresPerPixel ?? 1)
      }
    }.mean
  }

  /// px from frame to frame: far above rounding, far below what can be seen.
  private static let leastStep = 1e-6

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
