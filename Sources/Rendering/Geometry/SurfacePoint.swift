/// Where a ray met a surface.
struct SurfacePoint {
  /// World frame.
  var position: Float3
  /// Unit, world frame, outwards: of the surface itself, and as it should look.
  var geometricNormal: Float3
  var shadingNormal: Float3
  /// Shape frame; of a sheet, that of the flat sheet.
  var localPosition: Float3
  var localNormal: Float3
  var primitive: Int32
  var distance: Float

  @inline(__always)
  init(_ hit: Hit, of ray: Ray, in caster: RayCaster) {
    let primitive = caster.primitives + Int(hit.primitive)
    self.primitive = hit.primitive
    distance = hit.distance
    position = ray.point(at: hit.distance)
    if primitive.pointee.form == .sheet {
      // The frame of the flat sheet takes the shape frame's place.
      let sheet = caster.sheets[Int(primitive.pointee.mesh)]
      localPosition = sheet.restPoint(hit)
      localNormal = Float3(0, 0, 1)
      geometricNormal = hit.localNormal.normalized
      let smooth = sheet.normal(hit, time: ray.time)
      shadingNormal = geometricNormal.dot(smooth) > 0 ? smooth : geometricNormal
      return
    }
    let placement = primitive.pointee.motion.placement(at: ray.time)
    localPosition = placement.localPoint(position)
    localNormal = hit.localNormal
    if primitive.pointee.form == .mesh {
      localNormal = localNormal.normalized
      geometricNormal = placement.direction(localNormal)
      let corners = caster.cornerNormals[Int(primitive.pointee.mesh)] + 3 * Int(hit.triangle)
      let (u, v) = (hit.barycentric.x, hit.barycentric.y)
      let smooth = corners[0] * (1 - u - v) + corners[1] * u + corners[2] * v
      shadingNormal = placement.direction(smooth).normalized
    } else {
      geometricNormal = placement.direction(localNormal)
      shadingNormal = geometricNormal
    }
  }

  /// A place from which a ray into `direction` does not meet this very point again.
  @inline(__always)
  func departure(towards direction: Float3) -> Float3 {
    // Rounding grows with the coordinates and with the way the ray has come.
    let step = 2e-5 + 4e-6 * (distance + position.length)
    return position + geometricNormal * (geometricNormal.dot(direction) >= 0 ? step : -step)
  }
}
