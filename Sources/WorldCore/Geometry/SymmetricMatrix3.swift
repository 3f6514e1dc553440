import Foundation

/// A symmetric 3×3 matrix, such as an inertia tensor (kg·m²).
public struct SymmetricMatrix3: Hashable, Sendable {
  /// (xx, yy, zz)
  public var diagonal: Vector3
  /// (yz, xz, xy)
  public var offDiagonal: Vector3

  public static let zero = SymmetricMatrix3(diagonal: .zero)

  @inlinable public init(diagonal: Vector3, offDiagonal: Vector3 = .zero) {
    self.diagonal = diagonal
    self.offDiagonal = offDiagonal
  }

  public static func + (a: SymmetricMatrix3, b: SymmetricMatrix3) -> SymmetricMatrix3 {
    SymmetricMatrix3(diagonal: a.diagonal + b.diagonal, offDiagonal: a.offDiagonal + b.offDiagonal)
  }

  public static func * (a: SymmetricMatrix3, s: Double) -> SymmetricMatrix3 {
    SymmetricMatrix3(diagonal: a.diagonal * s, offDiagonal: a.offDiagonal * s)
  }

  @inlinable public static func * (a: SymmetricMatrix3, v: Vector3) -> Vector3 {
    let (yz, xz, xy) = (a.offDiagonal.x, a.offDiagonal.y, a.offDiagonal.z)
    return Vector3(
      a.diagonal.x * v.x + xy * v.y + xz * v.z, xy * v.x + a.diagonal.y * v.y + yz * v.z,
      xz * v.x + yz * v.y + a.diagonal.z * v.z)
  }

  /// The tensor of a point mass at `r`: m (r·r 1 − r rᵀ), the term of the parallel-axis theorem.
  public static func pointMass(_ mass: Double, at r: Vector3) -> SymmetricMatrix3 {
    let square = Vector3(repeating: r.lengthSquared) - r * r
    return SymmetricMatrix3(diagonal: square * mass, offDiagonal: Vector3(-r.y * r.z, -r.x * r.z, -r.x * r.y) * mass)
  }

  /// The same tensor seen from a frame that `rotation` turns into: R A Rᵀ.
  public func rotated(by rotation: Quaternion) -> SymmetricMatrix3 {
    func image(_ v: Vector3) -> Vector3 { rotation.rotate(self * rotation.unrotate(v)) }
    let (x, y, z) = (image(.unitX), image(.unitY), image(.unitZ))
    return SymmetricMatrix3(diagonal: Vector3(x.x, y.y, z.z), offDiagonal: Vector3(y.z, x.z, x.y))
  }

  /// The principal values and the rotation `axesFromPrincipal` whose columns are the principal axes.
  ///
  /// A matrix that is diagonal already keeps its axes and their order. Otherwise cyclic Jacobi rotations
  /// (Golub & Van Loan, Matrix Computations, 8.5), which converge quadratically.
  public var principal: (values: Vector3, axes: Quaternion) {
    var matrix = self
    var axes = Quaternion.identity
    let scale = max(abs(diagonal.x), abs(diagonal.y), abs(diagonal.z), .leastNormalMagnitude)
    for _ in 0..<32 {
      let off = matrix.offDiagonal
      let largest = max(abs(off.x), abs(off.y), abs(off.z))
      if largest <= 1e-15 * scale { break }
      // Turn about the axis whose off-diagonal element is largest until that element vanishes.
      let (axis, element, first, second) =
        abs(off.x) == largest
        ? (Vector3.unitX, off.x, matrix.diagonal.y, matrix.diagonal.z)
        : abs(off.y) == largest
          ? (.unitY, off.y, matrix.diagonal.z, matrix.diagonal.x)
          : (.unitZ, off.z, matrix.diagonal.x, matrix.diagonal.y)
      let turn = Quaternion(axis: axis, angle: 0.5 * atan2(2 * element, first - second))
      axes = (axes * turn).normalized
      matrix = rotated(by: axes.conjugate)
    }
    return (matrix.diagonal, axes)
  }
}
