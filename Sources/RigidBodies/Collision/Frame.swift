import WorldCore

/// A rigid transform with its rotation spelt out as columns, for code that turns many vectors.
struct Frame {
  var x, y, z: Vector3
  var origin: Vector3

  static let identity = Frame(x: .unitX, y: .unitY, z: .unitZ, origin: .zero)

  @inline(__always) init(x: Vector3, y: Vector3, z: Vector3, origin: Vector3) {
    self.x = x
    self.y = y
    self.z = z
    self.origin = origin
  }

  @inline(__always) init(_ rotation: Quaternion, _ origin: Vector3) {
    let (w, v) = (rotation.w, rotation.vector)
    let (x2, y2, z2) = (v.x + v.x, v.y + v.y, v.z + v.z)
    let (xx, yy, zz) = (v.x * x2, v.y * y2, v.z * z2)
    let (xy, xz, yz) = (v.x * y2, v.x * z2, v.y * z2)
    let (wx, wy, wz) = (w * x2, w * y2, w * z2)
    x = Vector3(1 - yy - zz, xy + wz, xz - wy)
    y = Vector3(xy - wz, 1 - xx - zz, yz + wx)
    z = Vector3(xz + wy, yz - wx, 1 - xx - yy)
    self.origin = origin
  }

  init(_ transform: RigidTransform) { self.init(transform.rotation, transform.translation) }

  /// Takes a direction of this frame to the outer one.
  @inline(__always) func direction(_ v: Vector3) -> Vector3 { x * v.x + y * v.y + z * v.z }
  /// Takes a point of this frame to the outer one.
  @inline(__always) func point(_ p: Vector3) -> Vector3 { direction(p) + origin }
  /// Takes a direction of the outer frame to this one.
  @inline(__always) func inverseDirection(_ v: Vector3) -> Vector3 { Vector3(x.dot(v), y.dot(v), z.dot(v)) }
  /// Takes a point of the outer frame to this one.
  @inline(__always) func inversePoint(_ p: Vector3) -> Vector3 { inverseDirection(p - origin) }

  @inline(__always) static func * (a: Frame, b: Frame) -> Frame {
    Frame(x: a.direction(b.x), y: a.direction(b.y), z: a.direction(b.z), origin: a.point(b.origin))
  }
}
