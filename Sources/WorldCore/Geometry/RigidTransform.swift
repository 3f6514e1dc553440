/// A rotation followed by a translation. Name it after its frames, `worldFromBody`, so that a wrong composition shows.
public struct RigidTransform: Hashable, Sendable {
  public var rotation: Quaternion
  public var translation: Vector3

  public static let identity = RigidTransform()

  @inlinable public init(rotation: Quaternion = .identity, translation: Vector3 = .zero) {
    self.rotation = rotation
    self.translation = translation
  }

  @inlinable public static func * (a: RigidTransform, b: RigidTransform) -> RigidTransform {
    RigidTransform(rotation: a.rotation * b.rotation, translation: a.point(b.translation))
  }

  @inlinable public var inverse: RigidTransform {
    RigidTransform(rotation: rotation.conjugate, translation: rotation.unrotate(-translation))
  }

  /// A point of the right-hand frame, in the left-hand one.
  @inlinable public func point(_ p: Vector3) -> Vector3 { rotation.rotate(p) + translation }

  /// A direction of the right-hand frame, in the left-hand one.
  @inlinable public func direction(_ d: Vector3) -> Vector3 { rotation.rotate(d) }
}
