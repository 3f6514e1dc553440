import Foundation

/// GGX microfacets (Walter et al. 2007) in the frame whose z axis is the surface normal.
enum Microfacets {
  /// The density of facet normals around the surface normal.
  @inline(__always) static func density(cosine: Float, alpha: Float) -> Float {
    let a2 = alpha * alpha
    let k = cosine * cosine * (a2 - 1) + 1
    return a2 / (.pi * k * k)
  }

  /// Smith's Λ: hidden over seen facets towards a direction of this cosine.
  @inline(__always) static func hiding(cosine: Float, alpha: Float) -> Float {
    let c2 = cosine * cosine
    return 0.5 * ((1 + alpha * alpha * max(0, 1 - c2) / max(c2, 1e-8)).squareRoot() - 1)
  }

  /// A facet normal as seen from `outgoing` (Dupuy & Benyoub 2023: the visible ones are a spherical cap).
  @inline(__always) static func sampleVisibleNormal(outgoing: Float3, alpha: Float, _ u: SIMD2<Float>) -> Float3 {
    let stretched = Float3(outgoing.x * alpha, outgoing.y * alpha, outgoing.z).normalized
    let angle = 2 * Float.pi * u.x
    let z = (1 - u.y) * (1 + stretched.z) - stretched.z
    let sine = max(0, 1 - z * z).squareRoot()
    let h = Float3(sine * cos(angle), sine * sin(angle), z) + stretched
    return Float3(h.x * alpha, h.y * alpha, max(h.z, 1e-7)).normalized
  }

  /// Schlick's approximation of Fresnel's reflectance.
  @inline(__always) static func fresnel(_ f0: Float3, cosine: Float) -> Float3 {
    let m = clamp(1 - cosine, 0, 1)
    let m2 = m * m
    return f0 + (1 - f0) * (m2 * m2 * m)
  }

  /// Fresnel's reflectance of a clear dielectric; `eta` is the index beyond over the index before; 1 under total reflection.
  @inline(__always) static func fresnel(cosine: Float, eta: Float) -> Float {
    let sine2 = (1 - cosine * cosine) / (eta * eta)
    guard sine2 < 1 else { return 1 }
    let beyond = (1 - sine2).squareRoot()
    let parallel = (eta * cosine - beyond) / (eta * cosine + beyond)
    let perpendicular = (cosine - eta * beyond) / (cosine + eta * beyond)
    return 0.5 * (parallel * parallel + perpendicular * perpendicular)
  }
}
