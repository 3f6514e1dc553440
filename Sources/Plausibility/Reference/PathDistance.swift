import WorldCore

/// PISA's distance between paths of centroids (Li et al., "PISA experiments", 2025), in units of the picture's height times √2,
/// so that the diagonal of a square picture measures 1.
///
/// PISA's own "L2" is the mean absolute difference of coordinates; `euclidean` is what its name says. A body that has gone
/// counts with the whole picture as its distance in both, where PISA's script leaves such frames out.
public enum PathDistance {
  public enum Form: Sendable, CaseIterable {
    /// Mean of |Δx| and |Δy|.
    case coordinates
    /// Mean of (Δx² + Δy²)^½.
    case euclidean
  }

  /// - Parameter size: of the picture, px.
  public static func of(_ bodies: [BodyComparison], size: SIMD2<Double>, form: Form) -> Double? {
    let distances = bodies.flatMap(\.frames).compactMap { frame -> Double? in
      let offset: SIMD2<Double>
      switch frame.sight {
      case .seen(let appearance): offset = appearance.center - frame.expected.center
      case .missing: offset = size
      case .unknown: return nil
      }
      return form == .coordinates ? (abs(offset.x) + abs(offset.y)) / 2 : offset.length
    }
    return distances.mean.map { $0 / (size.y * 2.0.squareRoot()) }
  }
}
