/// The point of a triangle that lies nearest to another point.
public struct TriangleClosestPoint: Sendable, Equatable {
  /// What the nearest point lies on.
  public enum Feature: Sendable, Equatable {
    case face
    /// The edge from corner `index` to the next one.
    case edge(Int)
    case corner(Int)
  }

  public var point: Vector3
  /// Barycentric coordinates: `point` = x·a + y·b + z·c, none negative, sum 1.
  public var weights: Vector3
  public var feature: Feature

  /// Finds the nearest point of the triangle (a, b, c) by its Voronoi regions (Ericson 2005, Real-Time Collision Detection,
  /// 5.1.5).
  public init(to p: Vector3, on a: Vector3, _ b: Vector3, _ c: Vector3) {
    let ab = b - a, ac = c - a
    let ap = p - a
    let d1 = ab.dot(ap), d2 = ac.dot(ap)
    if d1 <= 0 && d2 <= 0 {
      self.init(a, Vector3(1, 0, 0), .corner(0))
      return
    }
    let bp = p - b
    let d3 = ab.dot(bp), d4 = ac.dot(bp)
    if d3 >= 0 && d4 <= d3 {
      self.init(b, Vector3(0, 1, 0), .corner(1))
      return
    }
    let vc = d1 * d4 - d3 * d2
    if vc <= 0 && d1 >= 0 && d3 <= 0 {
      let t = d1 / (d1 - d3)
      self.init(a + ab * t, Vector3(1 - t, t, 0), .edge(0))
      return
    }
    let cp = p - c
    let d5 = ab.dot(cp), d6 = ac.dot(cp)
    if d6 >= 0 && d5 <= d6 {
      self.init(c, Vector3(0, 0, 1), .corner(2))
      return
    }
    let vb = d5 * d2 - d1 * d6
    if vb <= 0 && d2 >= 0 && d6 <= 0 {
      let t = d2 / (d2 - d6)
      self.init(a + ac * t, Vector3(1 - t, 0, t), .edge(2))
      return
    }
    let va = d3 * d6 - d5 * d4
    if va <= 0 && d4 - d3 >= 0 && d5 - d6 >= 0 {
      let t = (d4 - d3) / ((d4 - d3) + (d5 - d6))
      self.init(b + (c - b) * t, Vector3(0, 1 - t, t), .edge(1))
      return
    }
    let scale = 1 / (va + vb + vc)
    let v = vb * scale, w = vc * scale
    self.init(a + ab * v + ac * w, Vector3(1 - v - w, v, w), .face)
  }

  private init(_ point: Vector3, _ weights: Vector3, _ feature: Feature) {
    self.point = point
    self.weights = weights
    self.feature = feature
  }
}
