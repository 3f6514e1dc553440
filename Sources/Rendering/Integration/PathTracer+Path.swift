/// What bounced rays meet on their way.
extension PathTracer {
  /// Radiance along a ray after `chain` mirrorings or refractions.
  func follow(_ ray: Ray, _ sampler: Sampler, path: Float, chain: Int, in media: MediumStack) -> Float3 {
    let hit = lighting.caster.closestHit(ray)
    if hit.isMiss {
      var light = lighting.sky.backdrop(ray.direction, isDirect: false)
      if lighting.sky.keyLight.largest > 0 && lighting.sky.disc(covers: ray.direction) { light += lighting.sky.discRadiance }
      return light
    }
    return radiance(at: hit, of: ray, sampler, path: path, isDiffuse: false, chain: chain, in: media)
  }

  /// Radiance that leaves what a bounced ray met, towards where it came from.
  func radiance(
    at hit: Hit, of ray: Ray, _ sampler: Sampler, path: Float, isDiffuse: Bool, chain: Int = 1,
    in media: MediumStack = MediumStack()
  ) -> Float3 {
    var (hit, ray, path, media) = (hit, ray, path, media)
    var throughput = Float3(repeating: 1)
    var light = Float3.zero
    var (bounce, hidden) = (chain, 0)
    while bounce < Self.longestChain && hidden < Self.mostHiddenFaces {
      let shaded = ShadedPoint(hit, of: ray, in: lighting, path: path, usesMeanColor: isDiffuse)
      path += hit.distance
      let next: Float3
      let isClear = shaded.material.pointee.kind == .glass
      if isClear {
        let isEntering = shaded.point.geometricNormal.dot(shaded.outgoing) > 0
        let crossing = media.crossing(shaded.point.primitive, isEntering: isEntering, lighting)
        throughput *= lighting.transmittance(through: crossing.before, distance: hit.distance)
        if shaded.froth > 0.004 {
          light +=
            throughput * shaded.froth * surfaceLight(shaded, ray, sampler, bounce: bounce, includesDome: false, in: media)
          throughput *= 1 - shaded.froth
        }
        let normal = roughened(shaded, sampler.point(.glossy, bounce: bounce))
        if !crossing.isVisible {
          next = ray.direction
          media = crossing.beyond
          hidden += 1
          // It was no mirroring and no refraction.
          bounce -= 1
        } else if let through = refracted(shaded.outgoing, normal, crossing.eta) {
          // Past the first face all light goes on where it can: splitting again would cost more than it shows.
          next = through
          throughput *= shaded.material.pointee.faceTint
          media = crossing.beyond
        } else {
          next = normal.mirror(shaded.outgoing)
        }
      } else {
        throughput *= lighting.transmittance(through: media.ruler(lighting), distance: hit.distance)
        light += throughput * shaded.material.pointee.emission
        let isMirror = shaded.material.pointee.metallic > 0.5 && bounce < 4 && !isDiffuse
        let surface = surfaceLight(shaded, ray, sampler, bounce: bounce, includesDome: !isMirror, in: media)
        let share =
          (shaded.point.primitive >= Int32(lighting.caster.planes.lowerBound) && lighting.sky.furnace == nil) ? haze(path) : 0
        light += throughput * (share > 0.002 ? mix(surface, lighting.sky.horizon(ray.direction), share) : surface)
        guard isMirror, let (direction, weight) = facetDirection(shaded, sampler.point(.glossy, bounce: bounce)) else {
          return light
        }
        next = direction
        throughput *= weight
      }
      ray = Ray(origin: shaded.point.departure(towards: next), direction: next, time: ray.time)
      hit = lighting.caster.closestHit(ray)
      if hit.isMiss {
        var dome = isDiffuse ? lighting.dome(next) : lighting.sky.backdrop(next, isDirect: false)
        let seesDisc = lighting.sky.keyLight.largest > 0 && !isDiffuse && isClear
        if seesDisc && lighting.sky.disc(covers: next) { dome += lighting.sky.discRadiance }
        return light + throughput * dome
      }
      bounce += 1
    }
    // Light caught between mirrors for long has come from everywhere.
    return light + throughput * lighting.dome(ray.direction)
  }

  /// What an opaque surface sends back when the path ends on it: the key by a shadow ray, the rest mostly by table.
  func surfaceLight(
    _ shaded: ShadedPoint, _ ray: Ray, _ sampler: Sampler, bounce: Int, includesDome: Bool, in media: MediumStack
  ) -> Float3 {
    var light = Float3.zero
    let (towards, key) = keyLight(on: shaded, sampler.point(.secondKeyLight, bounce: bounce - 1), time: ray.time, in: media)
    if key.largest > 0 { light = shaded.appearance.diffuse * key + highlight(shaded, towards, key) }
    var openness: Float = 1
    if shaded.appearance.diffuse.largest > 0 {
      // One ray tells whether the dome is hidden; what hides it counts as lit like an open place, somewhat less.
      let (t, b) = shaded.normal.frame
      let d = Warp.cosineHemisphere(sampler.point(.secondDiffuse, bounce: bounce - 1))
      let direction = t * d.x + b * d.y + shaded.normal * d.z
      let probe = Ray(origin: shaded.point.departure(towards: direction), direction: direction, time: ray.time)
      let hit = lighting.caster.closestHit(probe)
      var ambient = lighting.irradiance(shaded.normal)
      if !hit.isMiss {
        let primitive = lighting.caster.primitives + Int(hit.primitive)
        let tint = lighting.meanColors[Int(primitive.pointee.material)]
        let beyond = SurfacePoint(hit, of: probe, in: lighting.caster)
        let facing = beyond.geometricNormal.dot(direction) <= 0 ? beyond.geometricNormal : -beyond.geometricNormal
        ambient += tint * lighting.irradiance(facing) * 0.7 - lighting.dome(direction)
        ambient = pointwiseMax(ambient, .zero)
        openness = 0.35
      }
      light += shaded.appearance.diffuse * ambient
    }
    if includesDome {
      let mirrored = shaded.normal.mirror(shaded.outgoing)
      light +=
        shaded.appearance.share * lighting.glossyRadiance(mirrored, roughness: shaded.material.pointee.roughness) * openness
    }
    return light
  }
}
