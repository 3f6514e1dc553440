import WorldCore

extension Narrowphase {
  /// How wide an even load on a patch lies, as a share of how wide the points lie that bound it: their mean distances from the
  /// points' middle.
  ///
  /// A disc of radius R that stands on points of its rim has ⅔; a ring lies on its rim, 1; of points that bound a polygon it is
  /// the integral over their convex order, for a square 0.3826 a of 0.7071 a.
  func spread(ofPointsFrom first: Int, _ a: Part.Form, _ b: Part.Form) -> Double {
    let count = found.count - first
    guard count >= 3 else { return 1 }
    switch (a, b) {
    case (.torus, _), (_, .torus): return 1
    case (.cylinder, .plane), (.plane, .cylinder), (.cone, .plane), (.plane, .cone): return 2.0 / 3
    default: break
    }
    var middle = Vector3.zero
    for k in first..<found.count { middle += found[k].point }
    middle /= Double(count)

    // The points in the order of their angle about the middle.
    let n = found[first].normal
    let t1 = n.anyPerpendicularUnit
    let t2 = n.cross(t1)
    return withUnsafeTemporaryAllocation(of: (angle: Double, r: Vector3).self, capacity: count) { points in
      var pointsWidth = 0.0
      for k in 0..<count {
        let r = found[first + k].point - middle
        let (x, y) = (r.dot(t1), r.dot(t2))
        let flat = t1 * x + t2 * y
        pointsWidth += flat.length / Double(count)
        // Grows with the angle, from −2 to 2.
        let sum = abs(x) + abs(y)
        let turn = sum > 0 ? (y < 0 ? -1 : 1) * (1 - x / sum) : 0
        var at = k
        while at > 0 && points[at - 1].angle > turn {
          points[at] = points[at - 1]
          at -= 1
        }
        points[at] = (turn, flat)
      }

      // ∫ |r| dA over the triangle from the middle to an edge is a third of |p × q| times the mean of |r| along the edge, here by
      // Gauss's three points: within 5e-4 for a square.
      let (aside, outer, inner) = (0.5 * 0.6.squareRoot(), 5.0 / 18, 8.0 / 18)
      var (area, moment) = (0.0, 0.0)
      for k in 0..<count {
        let (p, q) = (points[k].r, points[(k + 1) % count].r)
        let twice = abs(p.cross(q).dot(n))
        let (half, edge) = ((p + q) * 0.5, (q - p) * aside)
        let mean = outer * ((half - edge).length + (half + edge).length) + inner * half.length
        area += twice / 2
        moment += twice * mean / 3
      }
      // Points on a line bound no patch.
      guard area > 1e-6 * pointsWidth * pointsWidth else { return 1 }
      return min(1, moment / (area * pointsWidth))
    }
  }
}
