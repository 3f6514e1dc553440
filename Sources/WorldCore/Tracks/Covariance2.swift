/// A symmetric positive 2 × 2 matrix: how well a point in the picture is known, px².
public struct Covariance2: Sendable, Hashable, Codable {
  public var xx: Double
  public var xy: Double
  public var yy: Double

  public init(xx: Double, xy: Double, yy: Double) {
    self.xx = xx
    self.xy = xy
    self.yy = yy
  }

  /// The same uncertainty in all directions: `variance` px² on both axes.
  public init(isotropic variance: Double) { self.init(xx: variance, xy: 0, yy: variance) }

  public static func + (a: Covariance2, b: Covariance2) -> Covariance2 {
    Covariance2(xx: a.xx + b.xx, xy: a.xy + b.xy, yy: a.yy + b.yy)
  }

  public static func * (a: Covariance2, s: Double) -> Covariance2 { Covariance2(xx: a.xx * s, xy: a.xy * s, yy: a.yy * s) }

  public var determinant: Double { xx * yy - xy * xy }
  public var trace: Double { xx + yy }

  /// The variance along a unit direction.
  public func variance(along u: SIMD2<Double>) -> Double { u.x * u.x * xx + 2 * u.x * u.y * xy + u.y * u.y * yy }

  /// `dᵀ C⁻¹ d`, the squared Mahalanobis distance.
  public func mahalanobisSquared(_ d: SIMD2<Double>) -> Double {
    let numerator = d.x * d.x * yy - 2 * d.x * d.y * xy + d.y * d.y * xx
    return numerator / determinant
  }

  public var inverse: Covariance2 {
    let d = determinant
    return Covariance2(xx: yy / d, xy: -xy / d, yy: xx / d)
  }
}
