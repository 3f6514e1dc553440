import CEmbree

/// Traces rays through a placed scene: Embree for what is bounded, a division for each plane.
///
/// `@unchecked Sendable`: what it points to doesn't change while rays are traced.
struct RayCaster: @unchecked Sendable {
  let scene: RTCScene
  let primitives: UnsafePointer<Primitive>
  let planes: Range<Int>
  let cornerNormals: UnsafePointer<UnsafePointer<Float3>>
  /// By mesh, three shares a triangle; nil where nothing froths.
  let cornerFroth: UnsafePointer<UnsafePointer<Float>?>
  let sheets: UnsafePointer<SheetView>

  /// How much of the surface that was hit is froth, 0…1.
  @inline(__always)
  func froth(_ hit: Hit) -> Float {
    let primitive = primitives + Int(hit.primitive)
    guard primitive.pointee.form == .mesh, let corners = cornerFroth[Int(primitive.pointee.mesh)] else { return 0 }
    let (u, v) = (hit.barycentric.x, hit.barycentric.y)
    let triangle = corners + 3 * Int(hit.triangle)
    return triangle[0] * (1 - u - v) + triangle[1] * u + triangle[2] * v
  }

  /// The number of the primitive that Embree met: an analytic one, a mesh as an instance, a sheet as a geometry of its own.
  @inline(__always)
  static func primitive(instance: UInt32, geometry: UInt32, primitive: UInt32) -> Int32 {
    if instance != .max { return Int32(bitPattern: instance &- 1) }
    return Int32(bitPattern: geometry == 0 ? primitive : geometry &- 1)
  }

  /// The first surface beyond `near` and before `far`.
  @inline(__always)
  func closestHit(_ ray: Ray, near: Float = 0, far: Float = .infinity) -> Hit {
    var context = RTCIntersectContext()
    rtcInitIntersectContext(&context)
    var query = RTCRayHit()
    query.ray = Self.embreeRay(ray, near: near, far: far)
    query.hit.geomID = UInt32.max
    query.hit.instID = UInt32.max
    rtcIntersect1(scene, &context, &query)
    var hit = Hit.miss
    if query.hit.geomID != UInt32.max {
      hit = Hit(
        distance: query.ray.tfar,
        primitive: Self.primitive(instance: query.hit.instID, geometry: query.hit.geomID, primitive: query.hit.primID),
        triangle: query.hit.primID, barycentric: SIMD2(query.hit.u, query.hit.v),
        localNormal: Float3(query.hit.Ng_x, query.hit.Ng_y, query.hit.Ng_z))
    } else {
      hit.distance = far
    }
    for index in planes {
      if let distance = planeDistance(index, ray, near), distance < hit.distance {
        hit = Hit(
          distance: distance, primitive: Int32(index), triangle: 0, barycentric: .zero, localNormal: primitives[index].extent)
      }
    }
    if hit.isMiss { hit.distance = .infinity }
    return hit
  }

  /// Whether anything lies between `near` and `far`.
  @inline(__always)
  func isOccluded(_ ray: Ray, near: Float = 0, far: Float = .infinity) -> Bool {
    for index in planes {
      if let distance = planeDistance(index, ray, near), distance < far { return true }
    }
    var context = RTCIntersectContext()
    rtcInitIntersectContext(&context)
    var query = Self.embreeRay(ray, near: near, far: far)
    rtcOccluded1(scene, &context, &query)
    return query.tfar < 0
  }

  @inline(__always)
  func planeDistance(_ index: Int, _ ray: Ray, _ near: Float) -> Float? {
    let primitive = primitives + index
    var (normal, offset) = (
      Float3(primitive.pointee.plane.x, primitive.pointee.plane.y, primitive.pointee.plane.z), primitive.pointee.plane.w
    )
    if primitive.pointee.motion.isMoving {
      let placement = primitive.pointee.motion.placement(at: ray.time)
      normal = placement.direction(primitive.pointee.extent)
      offset = normal.dot(placement.origin)
    }
    // Most rays leave a plane behind them: that needs no division.
    let (height, slope) = (offset - normal.dot(ray.origin), normal.dot(ray.direction))
    guard (height > 0) == (slope > 0) else { return nil }
    let distance = height / slope
    return distance > near ? distance : nil
  }

  @inline(__always)
  private static func embreeRay(_ ray: Ray, near: Float, far: Float) -> RTCRay {
    RTCRay(
      org_x: ray.origin.x, org_y: ray.origin.y, org_z: ray.origin.z, tnear: near, dir_x: ray.direction.x,
      dir_y: ray.direction.y, dir_z: ray.direction.z, time: ray.time, tfar: far, mask: .max, id: 0, flags: 0)
  }
}
