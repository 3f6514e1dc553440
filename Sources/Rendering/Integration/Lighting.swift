import Foundation

/// Everything that shading reads, as plain pointers: the placed scene, the looks and the light.
///
/// `@unchecked Sendable`: what it points to doesn't change while a picture is made.
struct Lighting: @unchecked Sendable {
  let caster: RayCaster
  let sky: Sky
  let materials: UnsafePointer<Material>
  /// The average colour of each material.
  let meanColors: UnsafePointer<Float3>
  let hasGlass: Bool
  let irradianceTexels: UnsafePointer<SIMD4<Float>>
  let glossyTexels: UnsafePointer<UnsafePointer<SIMD4<Float>>>
  let shares: UnsafePointer<SIMD2<Float>>
  /// Radians a pixel spans in the middle of the picture.
  let pixelAngle: Float

  /// The dome over an open place of this normal, over π.
  @inline(__always)
  func irradiance(_ normal: Float3) -> Float3 { DirectionMap.lookUp(irradianceTexels, normal) }

  /// The dome as rough surfaces are lit by it: its sharpest tabled average, a fraction of the price of the dome itself.
  @inline(__always)
  func dome(_ direction: Float3) -> Float3 { DirectionMap.lookUp(glossyTexels[0], direction) }

  /// The dome averaged over the lobe of a surface this rough about the mirror direction.
  @inline(__always)
  func glossyRadiance(_ direction: Float3, roughness: Float) -> Float3 {
    let levels = SkyLight.glossyLevels.count
    let place = clamp((roughness - 0.25) / 0.15, 0, Float(levels - 1))
    let level = min(Int(place), levels - 2)
    return mix(
      DirectionMap.lookUp(glossyTexels[level], direction), DirectionMap.lookUp(glossyTexels[level + 1], direction),
      place - Float(level))
  }

  @inline(__always)
  func material(ofPrimitive primitive: Int32) -> UnsafePointer<Material> {
    materials + Int((caster.primitives + Int(primitive)).pointee.material)
  }

  /// What is left of light after a way through the medium of a primitive (−1: air), colour by colour (Beer–Lambert).
  @inline(__always)
  func transmittance(through primitive: Int32, distance: Float) -> Float3 {
    guard primitive >= 0 else { return Float3(repeating: 1) }
    let absorption = material(ofPrimitive: primitive).pointee.absorption
    guard absorption.largest > 0 else { return Float3(repeating: 1) }
    let depth = absorption * -distance
    return Float3(exp(depth.x), exp(depth.y), exp(depth.z))
  }

  /// The part of the key light that passes from `point` towards `direction`, colour by colour.
  ///
  /// - Parameter media: what the point is inside of.
  @inline(__always)
  func transmittance(
    from point: SurfacePoint, towards direction: Float3, time: Float, in media: MediumStack = MediumStack()
  ) -> Float3 {
    var ray = Ray(origin: point.departure(towards: direction), direction: direction, time: time)
    guard hasGlass else { return caster.isOccluded(ray) ? .zero : Float3(repeating: 1) }
    // Straight through glass: what is lost is what the faces reflect and the glass soaks up. Bending would focus the light
    // into a bright core; the faces' slant darkens the rim and leaves the core, which comes close.
    var left = Float3(repeating: 1)
    var media = media
    for _ in 0..<20 {
      let hit = caster.closestHit(ray)
      if hit.isMiss { return left }
      let face = SurfacePoint(hit, of: ray, in: caster)
      let material = material(ofPrimitive: hit.primitive)
      guard material.pointee.kind == .glass else { return .zero }
      let crossing = media.crossing(hit.primitive, isEntering: face.geometricNormal.dot(direction) < 0, self)
      left *= transmittance(through: crossing.before, distance: hit.distance)
      if crossing.isVisible {
        let cosine = abs(face.shadingNormal.dot(direction))
        let index = max(crossing.eta, 1 / crossing.eta)
        left *= material.pointee.faceTint * ((1 - Microfacets.fresnel(cosine: cosine, eta: index)) * (0.55 + 0.45 * cosine))
      }
      left *= 1 - caster.froth(hit)
      media = crossing.beyond
      ray.origin = face.departure(towards: direction)
    }
    return left
  }
}
