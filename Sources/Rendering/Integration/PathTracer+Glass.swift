/// Clear bodies: mirroring and refraction at their faces.
extension PathTracer {
  func glass(_ shaded: ShadedPoint, _ ray: Ray, _ sampler: Sampler) -> Float3 {
    let isEntering = shaded.point.geometricNormal.dot(shaded.outgoing) > 0
    let crossing = MediumStack().crossing(shaded.point.primitive, isEntering: isEntering, lighting)
    let normal = roughened(shaded, sampler.point(.glossy))
    let cosine = max(normal.dot(shaded.outgoing), 1e-4)
    let mirrored = normal.mirror(shaded.outgoing)
    let through = refracted(shaded.outgoing, normal, crossing.eta)
    let reflected = through == nil ? 1 : Microfacets.fresnel(cosine: cosine, eta: crossing.eta)
    var light = Float3.zero
    // Seen from inside, what is mirrored stays inside.
    var inside = crossing.beyond
    if !isEntering { inside = MediumStack().crossing(shaded.point.primitive, isEntering: true, lighting).beyond }
    light +=
      follow(
        Ray(origin: shaded.point.departure(towards: mirrored), direction: mirrored, time: ray.time), sampler,
        path: shaded.point.distance, chain: 1, in: isEntering ? MediumStack() : inside) * reflected
    if let through {
      light +=
        follow(
          Ray(origin: shaded.point.departure(towards: through), direction: through, time: ray.time), sampler,
          path: shaded.point.distance, chain: 1, in: crossing.beyond) * shaded.material.pointee.faceTint * (1 - reflected)
    }
    return light
  }

  @inline(__always)
  func roughened(_ shaded: ShadedPoint, _ u: SIMD2<Float>) -> Float3 {
    guard shaded.material.pointee.roughness > 0.08 else { return shaded.normal }
    let (t, b) = shaded.normal.frame
    let out = Float3(t.dot(shaded.outgoing), b.dot(shaded.outgoing), shaded.cosine)
    let h = Microfacets.sampleVisibleNormal(outgoing: out, alpha: shaded.material.pointee.alpha, u)
    return t * h.x + b * h.y + shaded.normal * h.z
  }

  /// Snell's law for the direction that light leaves in; nil under total reflection.
  @inline(__always)
  func refracted(_ outgoing: Float3, _ normal: Float3, _ eta: Float) -> Float3? {
    let cosine = normal.dot(outgoing)
    let sine2 = max(0, 1 - cosine * cosine) / (eta * eta)
    guard sine2 < 1 else { return nil }
    return (normal * (cosine / eta - (1 - sine2).squareRoot()) - outgoing * (1 / eta)).normalized
  }
}
