/// A vector or point in three dimensions, SI units, right-handed axes with z up.
public typealias Vector3 = SIMD3<Double>

extension SIMD3 where Scalar == Double {
  public static let unitX = Vector3(1, 0, 0)
  public static let unitY = Vector3(0, 1, 0)
  public static let unitZ = Vector3(0, 0, 1)

  /// The sum of the products of the components.
  @inlinable public func dot(_ other: Vector3) -> Double { x * other.x + y * other.y + z * other.z }

  /// The right-handed vector product `self × other`.
  @inlinable public func cross(_ other: Vector3) -> Vector3 {
    Vector3(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }

  @inlinable public var lengthSquared: Double { dot(self) }
  @inlinable public var length: Double { lengthSquared.squareRoot() }

  /// The vector of length 1 in this direction; the zero vector stays zero.
  @inlinable public var normalized: Vector3 {
    let length = self.length
    return length > 0 ? self / length : .zero
  }

  @inlinable public var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }

  /// Some unit vector at right angles to this one (Duff et al., "Building an Orthonormal Basis, Revisited", JCGT 2017).
  public var anyPerpendicular: Vector3 {
    let n = normalized
    let sign = n.z >= 0 ? 1.0 : -1.0
    let a = -1 / (sign + n.z)
    return Vector3(1 + sign * n.x * n.x * a, sign * n.x * n.y * a, -sign * n.x)
  }
}
