import WorldCore

/// How far what a clip shows departs from the reference's momentum, energy and sizes: PhyWorld's other errors, as shares.
///
/// In the picture's plane only: what moves along the line of sight is out of reach.
public enum ConservationDrift {
  /// Mean of |Σ m v − Σ m v_ref| / Σ m |v_ref| over the frames in which all bodies of known mass are seen.
  public static func momentum(_ bodies: [BodyComparison], framesPerSecond: Double) -> Double? {
    moments(bodies, framesPerSecond).compactMap { moment in
      let expected = moment.reduce(0) { $0 + $1.mass * $1.expected.length }
      let off = moment.reduce(SIMD2<Double>.zero) { $0 + $1.mass * ($1.seen - $1.expected) }
      return expected > 0 ? off.length / expected : nil
    }.mean
  }

  /// Mean of |Σ m v² − Σ m v_ref²| / Σ m v_ref² over the same frames.
  public static func kineticEnergy(_ bodies: [BodyComparison], framesPerSecond: Double) -> Double? {
    moments(bodies, framesPerSecond).compactMap { moment in
      let expected = moment.reduce(0) { $0 + $1.mass * $1.expected.dot($1.expected) }
      let seen = moment.reduce(0) { $0 + $1.mass * $1.seen.dot($1.seen) }
      return expected > 0 ? abs(seen - expected) / expected : nil
    }.mean
  }

  /// Mean of |√(A/A_ref) − 1| with the silhouettes' areas A: the relative error of a radius.
  public static func radius(_ bodies: [BodyComparison]) -> Double? {
    bodies.flatMap(\.frames).compactMap { frame in
      frame.seen.flatMap { frame.expected.area > 0 ? abs(($0.area / frame.expected.area).squareRoot() - 1) : nil }
    }.mean
  }

  private struct Motion {
    var mass: Double
    var seen: SIMD2<Double>
    var expected: SIMD2<Double>
  }

  /// By frame: every body's velocity, m/s or px/s, as seen and as expected.
  private static func moments(_ bodies: [BodyComparison], _ framesPerSecond: Double) -> [[Motion]] {
    let known = bodies.filter { $0.mass > 0 }
    guard !known.isEmpty, known.count == bodies.count else { return [] }
    var moments: [Int: [Motion]] = [:]
    for body in known {
      for (before, after) in body.steps {
        let scale = framesPerSecond * (after.metresPerPixel ?? 1)
        moments[after.index, default: []].append(
          Motion(
            mass: body.mass, seen: (after.seen!.center - before.seen!.center) * scale,
            expected: (after.expectedMass - before.expectedMass) * scale))
      }
    }
    return moments.sorted { $0.key < $1.key }.map(\.value).filter { $0.count == known.count }
  }
}
