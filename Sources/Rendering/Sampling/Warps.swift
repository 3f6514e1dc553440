import Foundation

/// Maps of the unit square onto the domains that light is sampled over.
enum Warp {
  /// Uniform on the unit disc (Shirley & Chiu 1997): neighbours stay neighbours.
  @inline(__always) static func disc(_ u: SIMD2<Float>) -> SIMD2<Float> {
    let p = u * 2 - 1
    if p.x == 0 && p.y == 0 { return .zero }
    let (radius, angle) =
      abs(p.x) > abs(p.y) ? (p.x, Float.pi / 4 * (p.y / p.x)) : (p.y, Float.pi / 2 - Float.pi / 4 * (p.x / p.y))
    return SIMD2(radius * cos(angle), radius * sin(angle))
  }

  /// On the hemisphere about +z with density cos θ / π.
  @inline(__always) static func cosineHemisphere(_ u: SIMD2<Float>) -> Float3 {
    let p = disc(u)
    return Float3(p.x, p.y, max(0, 1 - p.x * p.x - p.y * p.y).squareRoot())
  }

  /// In the cone of the given half angle's cosine about +z, uniform in solid angle.
  @inline(__always) static func cone(_ u: SIMD2<Float>, cosine: Float) -> Float3 {
    let p = disc(u)
    let square = p.x * p.x + p.y * p.y
    let height = 1 - square * (1 - cosine)
    // Equal areas of the disc become equal areas of the cap.
    let scale = ((1 - cosine) * (2 - square * (1 - cosine))).squareRoot()
    return Float3(p.x * scale, p.y * scale, height)
  }
}
