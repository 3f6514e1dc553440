/// A box along the axes of its frame.
package struct Bounds: Sendable, Equatable {
  package var lower: Vector3
  package var upper: Vector3

  package init(lower: Vector3, upper: Vector3) {
    self.lower = lower
    self.upper = upper
  }

  /// nil about no points.
  package init?(about points: [Vector3]) {
    guard let first = points.first else { return nil }
    self.init(lower: points.reduce(first, pointwiseMin), upper: points.reduce(first, pointwiseMax))
  }

  package var center: Vector3 { (lower + upper) / 2 }
  package var size: Vector3 { upper - lower }
  /// Half the length of the diagonal: the radius of the sphere about it.
  package var radius: Double { (upper - lower).length / 2 }

  package func union(_ other: Bounds) -> Bounds {
    Bounds(
      lower: lower.replacing(with: other.lower, where: other.lower .< lower),
      upper: upper.replacing(with: other.upper, where: other.upper .> upper))
  }

  package func grown(by margin: Double) -> Bounds {
    Bounds(lower: lower - Vector3(repeating: margin), upper: upper + Vector3(repeating: margin))
  }

  package func intersects(_ other: Bounds) -> Bool {
    all(lower .<= other.upper) && all(other.lower .<= upper)
  }
}
