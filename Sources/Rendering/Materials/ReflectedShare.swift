/// The share of light that GGX facets throw back, by view and roughness: f₀·scale + bias for reflectance f₀ at normal
/// incidence.
///
/// Tabled once. A single bounce between facets loses light when rough; `Appearance.compensation` gives it back (Turquin 2019), so that a
/// white surface reflects all that it gets.
///
/// `@unchecked Sendable`: nothing changes after `init`.
final class ReflectedShare: @unchecked Sendable {
  static let shared = ReflectedShare()
  /// (scale, bias), rows of roughness and columns of cosine, both 0…1.
  let table: UnsafeMutablePointer<SIMD2<Float>>
  static let side = 24

  private init() {
    table = .allocate(capacity: Self.side * Self.side)
    let points = (0..<128).map { SobolSequence.point($0, seed: 11) }
    for row in 0..<Self.side {
      for column in 0..<Self.side {
        let roughness = Float(row) / Float(Self.side - 1)
        let cosine = max(Float(column) / Float(Self.side - 1), 0.01)
        (table + row * Self.side + column).initialize(
          to: Self.integrate(cosine: cosine, alpha: max(roughness * roughness, 1e-4), points))
      }
    }
  }

  private static func integrate(cosine: Float, alpha: Float, _ points: [SIMD2<Float>]) -> SIMD2<Float> {
    let outgoing = Float3((1 - cosine * cosine).squareRoot(), 0, cosine)
    let hidingOut = Microfacets.hiding(cosine: cosine, alpha: alpha)
    var sum = SIMD2<Float>.zero
    for point in points {
      let h = Microfacets.sampleVisibleNormal(outgoing: outgoing, alpha: alpha, point)
      let incoming = h.mirror(outgoing)
      guard incoming.z > 0 else { continue }
      let weight = (1 + hidingOut) / (1 + hidingOut + Microfacets.hiding(cosine: incoming.z, alpha: alpha))
      let m = clamp(1 - outgoing.dot(h), 0, 1)
      let schlick = m * m * m * m * m
      sum += SIMD2(1 - schlick, schlick) * weight
    }
    return sum / Float(points.count)
  }

  @inline(__always)
  static func lookUp(_ table: UnsafePointer<SIMD2<Float>>, cosine: Float, roughness: Float) -> SIMD2<Float> {
    let u = clamp(cosine, 0, 1) * Float(side - 1), v = clamp(roughness, 0, 1) * Float(side - 1)
    let (column, row) = (min(Int(u), side - 2), min(Int(v), side - 2))
    let (s, t) = (u - Float(column), v - Float(row))
    let corner = table + row * side + column
    let top = corner[0] + (corner[1] - corner[0]) * s
    let bottom = corner[side] + (corner[side + 1] - corner[side]) * s
    return top + (bottom - top) * t
  }
}
