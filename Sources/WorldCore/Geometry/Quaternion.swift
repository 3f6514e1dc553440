import Foundation

/// A rotation as a unit quaternion `[w, x, y, z]`, Hamilton's product, `worldFromBody` unless the name says otherwise.
public struct Quaternion: Hashable, Sendable {
  public var w: Double
  public var vector: Vector3

  public static let identity = Quaternion(w: 1, vector: .zero)

  @inlinable public init(w: Double, vector: Vector3) {
    self.w = w
    self.vector = vector
  }

  @inlinable public init(w: Double, x: Double, y: Double, z: Double) {
    self.init(w: w, vector: Vector3(x, y, z))
  }

  /// The rotation by `angle` radians about `axis` (of any length but zero), counter-clockwise seen from its tip.
  public init(axis: Vector3, angle: Double) {
    self.init(w: cos(angle / 2), vector: axis.normalized * sin(angle / 2))
  }

  /// The rotation by |v| radians about v: the exponential map of so(3).
  public init(rotationVector v: Vector3) {
    let angle = v.length
    // sin(x/2)/x by its series near zero, where the quotient loses digits.
    let scale = angle < 1e-4 ? 0.5 - angle * angle / 48 : sin(angle / 2) / angle
    self.init(w: cos(angle / 2), vector: v * scale)
  }

  /// The shortest rotation that takes the direction of `a` to the direction of `b`.
  public init(from a: Vector3, to b: Vector3) {
    let u = a.normalized, v = b.normalized
    let cosine = u.dot(v)
    if cosine < -1 + 1e-12 {
      self.init(w: 0, vector: u.anyPerpendicular)
    } else {
      self = Quaternion(w: 1 + cosine, vector: u.cross(v)).normalized
    }
  }

  /// The rotation whose matrix has these columns: the images of the x, y and z axes, orthonormal and right-handed.
  ///
  /// Shepperd's method: divide by the largest of the four components (J. Guidance and Control 1, 1978).
  public init(columns x: Vector3, _ y: Vector3, _ z: Vector3) {
    let trace = x.x + y.y + z.z
    if trace >= max(x.x, y.y, z.z) {
      let s = (1 + trace).squareRoot() * 2
      self.init(w: s / 4, x: (y.z - z.y) / s, y: (z.x - x.z) / s, z: (x.y - y.x) / s)
    } else if x.x >= y.y && x.x >= z.z {
      let s = (1 + x.x - y.y - z.z).squareRoot() * 2
      self.init(w: (y.z - z.y) / s, x: s / 4, y: (y.x + x.y) / s, z: (z.x + x.z) / s)
    } else if y.y >= z.z {
      let s = (1 + y.y - x.x - z.z).squareRoot() * 2
      self.init(w: (z.x - x.z) / s, x: (y.x + x.y) / s, y: s / 4, z: (z.y + y.z) / s)
    } else {
      let s = (1 + z.z - x.x - y.y).squareRoot() * 2
      self.init(w: (x.y - y.x) / s, x: (z.x + x.z) / s, y: (z.y + y.z) / s, z: s / 4)
    }
  }

  @inlinable public static func * (a: Quaternion, b: Quaternion) -> Quaternion {
    Quaternion(w: a.w * b.w - a.vector.dot(b.vector), vector: b.vector * a.w + a.vector * b.w + a.vector.cross(b.vector))
  }

  @inlinable public var conjugate: Quaternion { Quaternion(w: w, vector: -vector) }

  @inlinable public var norm: Double { (w * w + vector.lengthSquared).squareRoot() }

  @inlinable public var normalized: Quaternion {
    let norm = self.norm
    return norm > 0 ? Quaternion(w: w / norm, vector: vector / norm) : .identity
  }

  /// The rotated vector `q v q*`.
  @inlinable public func rotate(_ v: Vector3) -> Vector3 {
    let t = vector.cross(v) * 2
    return v + t * w + vector.cross(t)
  }

  /// The vector turned back: `q* v q`.
  @inlinable public func unrotate(_ v: Vector3) -> Vector3 { conjugate.rotate(v) }

  /// The rotation vector of length in 0…π whose exponential this is.
  public var rotationVector: Vector3 {
    let q = w < 0 ? Quaternion(w: -w, vector: -vector) : self
    let sine = q.vector.length
    return sine < 1e-12 ? q.vector * 2 : q.vector * (2 * atan2(sine, q.w) / sine)
  }

  /// The rotation a fraction `t` along the shortest arc to `other` (Shoemake 1985).
  public func slerp(to other: Quaternion, _ t: Double) -> Quaternion {
    (self * Quaternion(rotationVector: (conjugate * other).rotationVector * t)).normalized
  }

  /// The images of the x, y and z axes.
  public var columns: (x: Vector3, y: Vector3, z: Vector3) { (rotate(.unitX), rotate(.unitY), rotate(.unitZ)) }
}
