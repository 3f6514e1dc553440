/// What one camera path brings home, in parts that a filter can treat apart.
struct PathSample {
  /// Light on the diffuse layer before its colour, as the radiance of a white wall: from the key light, from all else.
  var keyLight = Float3.zero
  var ambient = Float3.zero
  /// The diffuse layer's colour.
  var diffuse = Float3.zero
  /// Mirrored and transmitted radiance.
  var specular = Float3.zero
  /// Radiance that carries no noise: backdrop, lamps, haze.
  var clean = Float3.zero
  var normal = Float3.zero
  var position = Float3.zero
  /// −1 for the backdrop.
  var item: Int32 = -1
  /// Of what is mirrored; 1 where nothing is.
  var roughness: Float = 1
}

/// Follows light backwards from the camera.
///
/// Each vertex gathers the key light by one shadow ray to a point of its disc and the dome by a table, corrected by one ray
/// (see `SkyLight`). Smooth reflection and refraction are followed; what a diffuse bounce meets is shaded once and ends the
/// path.
struct PathTracer: Sendable {
  let lighting: Lighting
  /// Rougher facets (α) take the dome from the table; smoother ones mirror it.
  static let tabledAlpha: Float = 0.07
  /// Radiance above which an indirect ray is cut: such rays are too rare to average out.
  static let indirectLimit: Float = 6
  /// Mirrorings and refractions along one path; what the last one would show is taken from the dome.
  static let longestChain = 12
  /// Faces of clear bodies that end inside others, along one path.
  static let mostHiddenFaces = 24

  func trace(_ ray: Ray, _ sampler: Sampler) -> PathSample {
    var sample = PathSample()
    let hit = lighting.caster.closestHit(ray)
    guard !hit.isMiss else {
      sample.clean = lighting.sky.backdrop(ray.direction, isDirect: true)
      sample.position = ray.direction
      return sample
    }
    let shaded = ShadedPoint(hit, of: ray, in: lighting, path: 0)
    let primitive = lighting.caster.primitives + Int(hit.primitive)
    sample.normal = shaded.normal
    sample.position = shaded.point.position
    sample.item = primitive.pointee.item
    sample.clean = shaded.material.pointee.emission
    if shaded.material.pointee.kind == .glass {
      sample.specular = glass(shaded, ray, sampler) * (1 - shaded.froth)
      if shaded.froth > 0.004 {
        sample.diffuse = shaded.appearance.diffuse * shaded.froth
        sample.keyLight = keyLight(on: shaded, sampler.point(.keyLight), time: ray.time).light
        sample.ambient = ambient(on: shaded, ray, sampler)
      }
      sample.roughness = shaded.material.pointee.roughness * 0.5
    } else {
      sample.diffuse = shaded.appearance.diffuse
      let (towards, key) = keyLight(on: shaded, sampler.point(.keyLight), time: ray.time)
      if key.largest > 0 {
        sample.keyLight = key
        sample.specular = highlight(shaded, towards, key)
      }
      if sample.diffuse.largest > 0 { sample.ambient = ambient(on: shaded, ray, sampler) }
      sample.specular += glossy(shaded, ray, sampler)
      sample.roughness = shaded.material.pointee.roughness
    }
    if primitive.pointee.form == .plane { fade(&sample, ray, distance: hit.distance) }
    return sample
  }

  /// Distant ground melts into the horizon, as through air (or on a studio's seamless paper).
  func fade(_ sample: inout PathSample, _ ray: Ray, distance: Float) {
    guard lighting.sky.furnace == nil else { return }
    let share = haze(distance)
    guard share > 0.002 else { return }
    sample.diffuse *= 1 - share
    sample.specular *= 1 - share
    sample.clean = mix(sample.clean, lighting.sky.horizon(ray.direction), share)
  }

  @inline(__always) func haze(_ distance: Float) -> Float {
    let x = distance / lighting.sky.hazeDistance
    let x2 = x * x
    return x2 * x2 / (1 + x2 * x2)
  }

  // MARK: Light on a point

  /// The direction of a point of the key light's disc, and what arrives from it on a white wall.
  @inline(__always)
  func keyLight(
    on shaded: ShadedPoint, _ u: SIMD2<Float>, time: Float, in media: MediumStack = MediumStack()
  ) -> (direction: Float3, light: Float3) {
    let sky = lighting.sky
    let local = Warp.cone(u, cosine: sky.discCosine)
    let direction = sky.keyTangent * local.x + sky.keyBitangent * local.y + sky.keyDirection * local.z
    let cosine = shaded.normal.dot(direction)
    guard cosine > 0, sky.keyLight.largest > 0 else { return (direction, .zero) }
    let passed = lighting.transmittance(from: shaded.point, towards: direction, time: time, in: media)
    return (direction, sky.keyLight * passed * cosine)
  }

  /// The key light mirrored by the facets; `key` is as it falls on a white wall.
  @inline(__always)
  func highlight(_ shaded: ShadedPoint, _ towards: Float3, _ key: Float3) -> Float3 {
    let half = (shaded.outgoing + towards).normalized
    let alpha = shaded.material.pointee.alpha
    let cosineOut = shaded.cosine
    let cosineIn = max(shaded.normal.dot(towards), 1e-4)
    let facets = Microfacets.density(cosine: shaded.normal.dot(half), alpha: alpha)
    let hidingOut = Microfacets.hiding(cosine: cosineOut, alpha: alpha)
    let hidingIn = Microfacets.hiding(cosine: cosineIn, alpha: alpha)
    let fresnel = Microfacets.fresnel(shaded.appearance.f0, cosine: shaded.outgoing.dot(half))
    let brdf = fresnel * shaded.appearance.compensation * (facets / (4 * cosineOut * cosineIn * (1 + hidingOut + hidingIn)))
    var weight: Float = 1
    if alpha < Self.tabledAlpha {
      // Mirror rays see the disc too: the balance heuristic shares it out (Veach 1995).
      let mirrored = facets / (4 * cosineOut * (1 + hidingOut))
      weight = 1 / (1 + mirrored * lighting.sky.discSolidAngle)
    }
    return brdf * key * (.pi * weight)
  }

  /// All light on the diffuse layer but the key's.
  @inline(__always)
  func ambient(on shaded: ShadedPoint, _ ray: Ray, _ sampler: Sampler) -> Float3 {
    let (t, b) = shaded.normal.frame
    let d = Warp.cosineHemisphere(sampler.point(.diffuse))
    let direction = t * d.x + b * d.y + shaded.normal * d.z
    let bounce = Ray(origin: shaded.point.departure(towards: direction), direction: direction, time: ray.time)
    var light = lighting.irradiance(shaded.normal)
    let hit = lighting.caster.closestHit(bounce)
    if !hit.isMiss {
      light += pointwiseMin(
        radiance(at: hit, of: bounce, sampler, path: shaded.point.distance, isDiffuse: true),
        Float3(repeating: Self.indirectLimit))
      light -= lighting.dome(direction)
    }
    return light
  }

  /// What the facets mirror, without the key light when rough.
  @inline(__always)
  func glossy(_ shaded: ShadedPoint, _ ray: Ray, _ sampler: Sampler) -> Float3 {
    let alpha = shaded.material.pointee.alpha
    let roughness = shaded.material.pointee.roughness
    let isTabled = alpha >= Self.tabledAlpha
    var light = Float3.zero
    var chance: Float = 1
    if isTabled {
      light = shaded.appearance.share * lighting.glossyRadiance(shaded.normal.mirror(shaded.outgoing), roughness: roughness)
      // A rough coat mirrors so little that what stands in the way shows through the diffuse layer's ray alone.
      if shaded.material.pointee.metallic < 0.05 {
        if roughness > 0.75 { return light * 0.7 }
        // A coat is a weak mirror: every other sample pays for both.
        if sampler.point(.shutter).y < 0.5 { return light }
        chance = 0.5
      }
    }
    guard let (direction, weight) = facetDirection(shaded, sampler.point(.glossy)) else { return light }
    let mirrored = Ray(origin: shaded.point.departure(towards: direction), direction: direction, time: ray.time)
    let hit = lighting.caster.closestHit(mirrored)
    if hit.isMiss {
      if !isTabled { light += weight * miss(direction, shaded: shaded) }
    } else {
      let met = radiance(at: hit, of: mirrored, sampler, path: shaded.point.distance, isDiffuse: false)
      if isTabled {
        let limited = pointwiseMin(met, Float3(repeating: Self.indirectLimit))
        light += weight * (1 / chance) * (limited - lighting.dome(direction))
      } else {
        light += weight * met
      }
    }
    return light
  }

  /// The dome and the key's disc as a smooth facet mirrors them.
  func miss(_ direction: Float3, shaded: ShadedPoint) -> Float3 {
    var light = lighting.sky.backdrop(direction, isDirect: false)
    if lighting.sky.keyLight.largest > 0 && lighting.sky.disc(covers: direction) {
      let half = (shaded.outgoing + direction).normalized
      let alpha = shaded.material.pointee.alpha
      let facets = Microfacets.density(cosine: shaded.normal.dot(half), alpha: alpha)
      let mirrored = facets / (4 * shaded.cosine * (1 + Microfacets.hiding(cosine: shaded.cosine, alpha: alpha)))
      let known = mirrored * lighting.sky.discSolidAngle
      light += lighting.sky.discRadiance * (known / (1 + known))
    }
    return light
  }

  /// A direction mirrored by a facet and the share of light that comes along it.
  @inline(__always)
  func facetDirection(_ shaded: ShadedPoint, _ u: SIMD2<Float>) -> (direction: Float3, weight: Float3)? {
    let alpha = shaded.material.pointee.alpha
    let (t, b) = shaded.normal.frame
    let out = Float3(t.dot(shaded.outgoing), b.dot(shaded.outgoing), shaded.cosine)
    let h = Microfacets.sampleVisibleNormal(outgoing: out, alpha: alpha, u)
    let d = h.mirror(out)
    guard d.z > 1e-4 else { return nil }
    let hidingOut = Microfacets.hiding(cosine: out.z, alpha: alpha)
    let shadowing = (1 + hidingOut) / (1 + hidingOut + Microfacets.hiding(cosine: d.z, alpha: alpha))
    let fresnel = Microfacets.fresnel(shaded.appearance.f0, cosine: out.dot(h))
    return (t * d.x + b * d.y + shaded.normal * d.z, fresnel * shaded.appearance.compensation * shadowing)
  }
}
