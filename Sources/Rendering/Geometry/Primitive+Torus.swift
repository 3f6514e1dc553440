import Foundation

extension Primitive {
  /// The torus (|p|² + R² − t²)² = 4R² (x² + y²) met by a ray whose origin is its closest approach to the centre.
  ///
  /// Between neighbouring extrema the quartic rises or falls steadily, so the first change of sign brackets the first
  /// crossing. In double: near its silhouette the quartic has two roots closer than single precision can part.
  func torus(_ o: Float3, _ d: Float3, _ low: Float, _ high: Float) -> (distance: Float, normal: Float3)? {
    let (R, t) = (Double(extent.x), Double(extent.z))
    let (o, d) = (SIMD3<Double>(o), SIMD3<Double>(d))
    // The ray inside the bounding sphere.
    let reach = (R + t) * (R + t) - (o * o).sum()
    guard reach > 0 else { return nil }
    let (first, last) = (max(Double(low), -reach.squareRoot()), min(Double(high), reach.squareRoot()))
    guard first < last else { return nil }

    // f(s) = s⁴ + 2c₂s² − … with d·d = 1 and o·d = 0.
    let m = (o * o).sum() + R * R - t * t
    let (a, b, c) = (d.x * d.x + d.y * d.y, o.x * d.x + o.y * d.y, o.x * o.x + o.y * o.y)
    let (k2, k1, k0) = (2 * m - 4 * R * R * a, -8 * R * R * b, m * m - 4 * R * R * c)
    func f(_ s: Double) -> Double { ((s * s + k2) * s + k1) * s + k0 }
    func slope(_ s: Double) -> Double { (4 * s * s + 2 * k2) * s + k1 }

    // Walk over the extrema between the ends, wherever the ray begins.
    var (ends, count) = (SIMD4<Double>(repeating: last), 0)
    let extrema = depressedCubicRoots(k2 / 2, k1 / 4)
    for k in 0..<3 where extrema[k] > first && extrema[k] < last {
      ends[count] = extrema[k]
      count += 1
    }
    var (left, leftValue) = (first, f(first))
    for k in 0...count {
      let (right, rightValue) = (ends[k], f(ends[k]))
      if right <= left { continue }
      if leftValue == 0 || (leftValue < 0) != (rightValue < 0) {
        let s = root(f, slope, from: left, to: right, rising: rightValue > leftValue)
        let p = o + d * s
        let ring = (p.x * p.x + p.y * p.y).squareRoot()
        let normal = SIMD3(p.x * (1 - R / ring), p.y * (1 - R / ring), p.z)
        return (Float(s), Float3(normal / (normal * normal).sum().squareRoot()))
      }
      (left, leftValue) = (right, rightValue)
    }
    return nil
  }

  /// Newton's steps, kept inside the bracket by bisection.
  private func root(
    _ f: (Double) -> Double, _ slope: (Double) -> Double, from: Double, to: Double, rising: Bool
  ) -> Double {
    var (a, b) = (from, to)
    var s = (a + b) / 2
    for _ in 0..<40 {
      let value = f(s)
      if (value > 0) == rising { b = s } else { a = s }
      let newton = s - value / slope(s)
      let next = newton > a && newton < b ? newton : (a + b) / 2
      if abs(next - s) < 1e-9 { return next }
      s = next
    }
    return s
  }

  /// The real roots of s³ + ps + q = 0 in ascending order; a single one three times (Viète's and Cardano's formulas).
  private func depressedCubicRoots(_ p: Double, _ q: Double) -> SIMD3<Double> {
    let discriminant = q * q / 4 + p * p * p / 27
    if discriminant >= 0 {
      let half = discriminant.squareRoot()
      return SIMD3(repeating: cbrt(-q / 2 + half) + cbrt(-q / 2 - half))
    }
    let radius = 2 * (-p / 3).squareRoot()
    let angle = acos(max(-1, min(1, 3 * q / (p * radius)))) / 3
    let third = 2 * Double.pi / 3
    return SIMD3(radius * cos(angle + third), radius * cos(angle - third), radius * cos(angle))
  }
}
