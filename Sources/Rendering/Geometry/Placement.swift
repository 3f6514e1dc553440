import WorldCore

/// `worldFromShape` in single precision: the images of the axes and of the origin.
struct Placement {
  var x: Float3
  var y: Float3
  var z: Float3
  var origin: Float3

  init(_ transform: RigidTransform) {
    let columns = transform.rotation.columns
    (x, y, z) = (Float3(columns.x), Float3(columns.y), Float3(columns.z))
    origin = Float3(transform.translation)
  }

  /// Of a unit quaternion (x, y, z, w).
  @inline(__always) init(rotation q: SIMD4<Float>, origin: Float3) {
    let (x2, y2, z2) = (q.x + q.x, q.y + q.y, q.z + q.z)
    let (xx, yy, zz) = (q.x * x2, q.y * y2, q.z * z2)
    let (xy, xz, yz) = (q.x * y2, q.x * z2, q.y * z2)
    let (wx, wy, wz) = (q.w * x2, q.w * y2, q.w * z2)
    x = Float3(1 - yy - zz, xy + wz, xz - wy)
    y = Float3(xy - wz, 1 - xx - zz, yz + wx)
    z = Float3(xz + wy, yz - wx, 1 - xx - yy)
    self.origin = origin
  }

  @inline(__always) func direction(_ d: Float3) -> Float3 { x * d.x + y * d.y + z * d.z }
  @inline(__always) func point(_ p: Float3) -> Float3 { origin + direction(p) }
  @inline(__always) func localDirection(_ d: Float3) -> Float3 { Float3(x.dot(d), y.dot(d), z.dot(d)) }
  @inline(__always) func localPoint(_ p: Float3) -> Float3 { localDirection(p - origin) }
}

/// The motion of a rigid thing while the shutter is open: straight and turning evenly from one placement to another.
struct ShutterMotion {
  var start: Placement
  var isMoving: Bool
  var endOrigin: Float3
  /// Quaternions (x, y, z, w) in the same half-space.
  var startRotation: SIMD4<Float>
  var endRotation: SIMD4<Float>

  init(from first: RigidTransform, to last: RigidTransform) {
    func packed(_ q: Quaternion) -> SIMD4<Float> {
      SIMD4(Float(q.vector.x), Float(q.vector.y), Float(q.vector.z), Float(q.w))
    }
    start = Placement(first)
    endOrigin = Float3(last.translation)
    startRotation = packed(first.rotation)
    endRotation = packed(last.rotation)
    if (startRotation * endRotation).sum() < 0 { endRotation = -endRotation }
    isMoving = first != last
  }

  /// `worldFromShape` at `time` in 0…1 of the shutter's opening.
  @inline(__always) func placement(at time: Float) -> Placement {
    guard isMoving else { return start }
    let q = startRotation + (endRotation - startRotation) * time
    return Placement(rotation: q / (q * q).sum().squareRoot(), origin: mix(start.origin, endOrigin, time))
  }
}
