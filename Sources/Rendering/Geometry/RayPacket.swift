import CEmbree

/// Eight rays that Embree traces together: neighbours share the nodes they visit.
///
/// Two to three times as fast as one ray at a time on the render benchmark. Eight wide and without
/// Embree's flag for coherent rays: with that flag, packets of sixteen were seen not to return from 3.13's occlusion query.
struct RayPacket {
  static let width = 8
  private let fields: UnsafeMutablePointer<Float>
  private let valid: UnsafeMutablePointer<Int32>

  /// Lends a packet to `body`; its memory ends with the call.
  @inline(__always)
  static func withPacket<Result>(_ body: (RayPacket) -> Result) -> Result {
    withUnsafeTemporaryAllocation(byteCount: (RayField.count + 1) * width * 4, alignment: 64) { bytes in
      let fields = bytes.baseAddress!.assumingMemoryBound(to: Float.self)
      let valid = (bytes.baseAddress! + RayField.count * width * 4).assumingMemoryBound(to: Int32.self)
      // Lanes that stay unused hold numbers too, not what memory held before.
      fields.initialize(repeating: 0, count: RayField.count * width)
      return body(RayPacket(fields: fields, valid: valid))
    }
  }

  @inline(__always) func clear() {
    for lane in 0..<Self.width { valid[lane] = 0 }
  }

  @inline(__always)
  func set(_ lane: Int, _ ray: Ray, near: Float = 0, far: Float = .infinity) {
    let n = Self.width
    for axis in 0..<3 {
      fields[(RayField.origin + axis) * n + lane] = ray.origin[axis]
      fields[(RayField.direction + axis) * n + lane] = ray.direction[axis]
    }
    fields[RayField.near * n + lane] = near
    fields[RayField.time * n + lane] = ray.time
    fields[RayField.far * n + lane] = far
    let numbers = UnsafeMutableRawPointer(fields).assumingMemoryBound(to: UInt32.self)
    numbers[RayField.mask * n + lane] = .max
    numbers[RayField.id * n + lane] = 0
    numbers[RayField.flags * n + lane] = 0
    numbers[RayField.geometry * n + lane] = .max
    numbers[RayField.instance * n + lane] = .max
    valid[lane] = -1
  }

  /// Finds the first bounded surface of every ray that is set.
  @inline(__always)
  func intersect(_ caster: RayCaster) {
    var context = RTCIntersectContext()
    rtcInitIntersectContext(&context)
    rtcIntersect8(valid, caster.scene, &context, OpaquePointer(fields))
  }

  /// The first surface of a lane's ray after `intersect`, planes included.
  @inline(__always)
  func hit(_ lane: Int, _ ray: Ray, _ caster: RayCaster) -> Hit {
    let n = Self.width
    let numbers = UnsafeMutableRawPointer(fields).assumingMemoryBound(to: UInt32.self)
    var hit = Hit.miss
    if numbers[RayField.geometry * n + lane] != .max {
      let instance = numbers[RayField.instance * n + lane]
      let primitive = numbers[RayField.primitive * n + lane]
      hit = Hit(
        distance: fields[RayField.far * n + lane],
        primitive: RayCaster.primitive(
          instance: instance, geometry: numbers[RayField.geometry * n + lane], primitive: primitive),
        triangle: primitive, barycentric: SIMD2(fields[RayField.u * n + lane], fields[RayField.v * n + lane]),
        localNormal: Float3(
          fields[RayField.normal * n + lane], fields[(RayField.normal + 1) * n + lane], fields[(RayField.normal + 2) * n + lane]
        ))
    }
    for index in caster.planes {
      if let distance = caster.planeDistance(index, ray, 0), distance < hit.distance {
        hit = Hit(
          distance: distance, primitive: Int32(index), triangle: 0, barycentric: .zero,
          localNormal: caster.primitives[index].extent)
      }
    }
    return hit
  }

  /// Finds out which of the rays that are set meet anything bounded; `isOccluded` tells.
  @inline(__always)
  func occlude(_ caster: RayCaster) {
    guard (0..<Self.width).contains(where: { valid[$0] != 0 }) else { return }
    var context = RTCIntersectContext()
    rtcInitIntersectContext(&context)
    rtcOccluded8(valid, caster.scene, &context, OpaquePointer(fields))
  }

  @inline(__always)
  func isOccluded(_ lane: Int) -> Bool { valid[lane] != 0 && fields[RayField.far * Self.width + lane] < 0 }
}

extension RayCaster {
  /// Whether a plane lies between `near` and `far`.
  @inline(__always)
  func isBehindPlane(_ ray: Ray, far: Float = .infinity) -> Bool {
    for index in planes {
      if let distance = planeDistance(index, ray, 0), distance < far { return true }
    }
    return false
  }
}
