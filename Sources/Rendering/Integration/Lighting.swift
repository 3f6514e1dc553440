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
  /// A film of air thinner than this between two clear bodies is none, m: liquids end at their particles. 0 where there is no liquid.
  let seam: Float

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

  /// The part of the key light that passes from `point` towards `direction`, colour by colour.
  @inline(__always)
  func transmittance(from point: SurfacePoint, towards direction: Float3, time: Float) -> Float3 {
    var ray = Ray(origin: point.departure(towards: direction), direction: direction, time: time)
    guard hasGlass else { return caster.isOccluded(ray) ? .zero : Float3(repeating: 1) }
    // Straight through glass: what is lost is what the faces reflect and the glass soaks up. Bending would focus the light
    // into a bright core; the faces' slant darkens the rim and leaves the core, which comes close.
    var left = Float3(repeating: 1)
    for _ in 0..<12 {
      let hit = caster.closestHit(ray)
      if hit.isMiss { return left }
      let crossing = SurfacePoint(hit, of: ray, in: caster)
      let material = materials + Int((caster.primitives + Int(hit.primitive)).pointee.material)
      guard material.pointee.kind == .glass else { return .zero }
      let cosine = abs(crossing.shadingNormal.dot(direction))
      let passed = (1 - Microfacets.fresnel(cosine: cosine, eta: material.pointee.refractiveIndex)) * (0.55 + 0.45 * cosine)
      left *= rootOf(material.pointee.color) * passed
      ray.origin = crossing.departure(towards: direction)
    }
    return .zero
  }

  /// A clear body colours what passes through its two faces; each face takes the square root.
  @inline(__always) func rootOf(_ color: Float3) -> Float3 { color.squareRoot() }
}
