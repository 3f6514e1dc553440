import WorldCore

/// How deep a region reaches into a shape, by branch and bound.
///
/// From the middle of a cell to anywhere in it a distance changes by no more than the way there. So a cell that is out of reach
/// is left out whole, and no wall is too thin to be met.
struct Penetration {
  private let region, shape: SignedDistanceField
  private let bounds: (lower: Vector3, upper: Vector3)?
  private let shapeFromRegion: RigidTransform

  init(of region: Shape, placed worldFromRegion: RigidTransform, into shape: Shape, placed worldFromShape: RigidTransform) {
    (self.region, self.shape) = (SignedDistanceField(region), SignedDistanceField(shape))
    bounds = region.bounds(placed: .identity).map { ($0.lower, $0.upper) }
    shapeFromRegion = worldFromShape.inverse * worldFromRegion
  }

  /// The depth, m, at the deepest place that lies `margin`, m, inside the region; nil where none is in the shape by a hundredth
  /// of the margin.
  func depth(inside margin: Double) -> Double? {
    guard let bounds else { return nil }
    let half = (bounds.upper - bounds.lower) / 2
    var cells = [(middle: bounds.lower + half, half: half)]
    var (depth, deepest, reach) = (margin / 100, Vector3?.none, 0.0)
    while let (middle, half) = cells.popLast() {
      let radius = half.length
      let here = depthInShape(at: middle)
      guard here + radius > depth, distance(at: middle) + margin <= radius else { continue }
      if here > depth, isInside(middle, by: margin) { (depth, deepest, reach) = (here, middle, radius) }
      guard radius > margin / 8 else { continue }
      var axis = Vector3.zero
      let longest = half.max()
      if half.x == longest { axis.x = 1 } else if half.y == longest { axis.y = 1 } else { axis.z = 1 }
      let part = half - half * axis / 2
      let way = half * axis / 2
      cells += [(middle - way, part), (middle + way, part)]
    }
    return deepest.map { deepened(from: $0, reach: reach, margin: margin) }
  }

  /// Goes along the axes, in ever shorter steps, as long as it gets deeper.
  private func deepened(from start: Vector3, reach: Double, margin: Double) -> Double {
    var (place, depth, step) = (start, depthInShape(at: start), reach)
    while step > margin * 1e-6 {
      let next = [Vector3.unitX, .unitY, .unitZ].flatMap { [place + $0 * step, place - $0 * step] }
        .filter { isInside($0, by: margin) }.max { depthInShape(at: $0) < depthInShape(at: $1) }
      if let next, depthInShape(at: next) > depth { (place, depth) = (next, depthInShape(at: next)) } else { step /= 2 }
    }
    return depth
  }

  private func distance(at place: Vector3) -> Double { region.sample(at: place).distance }
  /// A millionth of the margin is for rounding.
  private func isInside(_ place: Vector3, by margin: Double) -> Bool { distance(at: place) <= -margin * (1 - 1e-6) }
  private func depthInShape(at place: Vector3) -> Double { -shape.sample(at: shapeFromRegion.point(place)).distance }
}
