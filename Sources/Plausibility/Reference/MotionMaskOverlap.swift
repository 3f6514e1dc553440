public import WorldCore

/// Physics-IQ's four measures of one clip against another (Motamed et al., "Do generative video models understand physical
/// principles?", 2025, section 3).
public struct MotionMaskOverlap: Sendable, Equatable, Codable {
  /// Mean over the frames of the intersection over union of their masks; frames in which neither moves count 1.
  public var spatiotemporal: Double
  /// Intersection over union of where anything ever moves.
  public var spatial: Double
  /// Σ min / Σ max of the shares of time in which each place moves.
  public var weightedSpatial: Double
  /// Mean squared difference of the pictures, channels in 0…1.
  public var meanSquaredError: Double

  enum CodingKeys: String, CodingKey {
    case spatiotemporal, spatial
    case weightedSpatial = "weighted_spatial"
    case meanSquaredError = "mse"
  }

  public init(spatiotemporal: Double, spatial: Double, weightedSpatial: Double, meanSquaredError: Double) {
    self.spatiotemporal = spatiotemporal
    self.spatial = spatial
    self.weightedSpatial = weightedSpatial
    self.meanSquaredError = meanSquaredError
  }

  /// Of two clips on one raster, each with a frame at least; the longer one's end is left out.
  public init(_ a: MotionMasks, _ b: MotionMasks) {
    precondition(a.width == b.width && a.height == b.height, "masks of two rasters can't be compared")
    let count = min(a.frames.count, b.frames.count)
    precondition(count > 0, "an overlap takes at least one frame")
    let (first, second) = (a.prefix(count), b.prefix(count))
    spatiotemporal = zip(first.frames, second.frames).map(Self.overlap).mean!
    let (everA, everB) = (first.sums.map { UInt8($0 > 0 ? 1 : 0) }, second.sums.map { UInt8($0 > 0 ? 1 : 0) })
    spatial = Self.overlap(everA, everB)
    let (least, most) = zip(first.sums, second.sums).reduce(into: (0, 0)) {
      $0.0 += min($1.0, $1.1)
      $0.1 += max($1.0, $1.1)
    }
    weightedSpatial = most > 0 ? Double(least) / Double(most) : 1
    meanSquaredError = first.squaredErrors(to: second).mean!
  }

  private static func overlap(_ a: [UInt8], _ b: [UInt8]) -> Double {
    var (shared, either) = (0, 0)
    for (x, y) in zip(a, b) {
      if x & y != 0 { shared += 1 }
      if x | y != 0 { either += 1 }
    }
    return either > 0 ? Double(shared) / Double(either) : 1
  }
}

extension MotionMasks {
  /// In how many frames each place moves.
  fileprivate var sums: [Int] {
    var sums = [Int](repeating: 0, count: width * height)
    for frame in frames {
      for i in frame.indices where frame[i] != 0 { sums[i] += 1 }
    }
    return sums
  }
}
