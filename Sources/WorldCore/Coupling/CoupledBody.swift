/// A rigid body in the hands of another solver for one step: where it is now, and what it was given so far.
///
/// Cloth and liquids move bodies along within their own, shorter steps and keep account of the impulses, which the rigid solver
/// then gives the body itself, so that the momentum of both together is kept to rounding.
package struct CoupledBody: Sendable {
  package private(set) var worldFromShape: RigidTransform
  /// Of the centre of mass, m/s, and rad/s; world frame.
  package private(set) var velocity: Vector3
  package private(set) var angularVelocity: Vector3
  /// By forces that aren't this solver's, m/s².
  package let acceleration: Vector3
  /// The centre of mass now and at the start of the step, world frame, m.
  package private(set) var center: Vector3
  package let startCenter: Vector3
  /// 1/kg; 0 is a body that nothing moves.
  package let inverseMass: Double
  /// World frame, 1/(kg·m²); as of the last `turnInertia`.
  package private(set) var inverseInertia = SymmetricMatrix3.zero
  /// What it was given, N·s, and its moment about `startCenter`, N·m·s.
  package private(set) var impulse = Vector3.zero
  package private(set) var angularImpulse = Vector3.zero
  private let centerInShape: Vector3
  private let principal: (inverse: Vector3, axes: Quaternion)

  /// - Parameter massProperties: in the shape frame; nil is a body that nothing moves.
  package init(
    worldFromShape: RigidTransform, velocity: Vector3, angularVelocity: Vector3, acceleration: Vector3,
    massProperties: MassProperties?
  ) {
    self.worldFromShape = worldFromShape
    self.velocity = velocity
    self.angularVelocity = angularVelocity
    self.acceleration = acceleration
    centerInShape = massProperties?.centerOfMass ?? .zero
    center = worldFromShape.point(centerInShape)
    startCenter = center
    if let massProperties {
      inverseMass = 1 / massProperties.mass
      let (values, axes) = massProperties.inertia.principal
      principal = (Vector3(repeating: 1) / values, axes)
    } else {
      inverseMass = 0
      principal = (.zero, .identity)
    }
    turnInertia()
  }

  package var isFinite: Bool { center.isFinite && velocity.isFinite && angularVelocity.isFinite }

  package mutating func accelerate(_ dt: Double) {
    if inverseMass > 0 { velocity += acceleration * dt }
  }

  /// - Parameters:
  ///   - translation: of the centre of mass, m.
  ///   - turn: rotation vector, rad.
  package mutating func move(by translation: Vector3, turn: Vector3) {
    center += translation
    let rotation = (Quaternion(rotationVector: turn) * worldFromShape.rotation).normalized
    worldFromShape = RigidTransform(rotation: rotation, translation: center - rotation.rotate(centerInShape))
  }

  /// Brings the inertia to where the body is turned.
  package mutating func turnInertia() {
    guard inverseMass > 0 else { return }
    inverseInertia = SymmetricMatrix3(diagonal: principal.inverse).rotated(by: worldFromShape.rotation * principal.axes)
  }

  /// Writes an impulse (N·s) at a point of the world into the account, without moving anything.
  package mutating func book(_ p: Vector3, at point: Vector3) {
    impulse += p
    angularImpulse += (point - startCenter).cross(p)
  }

  /// Writes an impulse (N·s) and its moment about the present centre of mass into the account.
  package mutating func book(_ p: Vector3, moment: Vector3) {
    impulse += p
    angularImpulse += moment + (center - startCenter).cross(p)
  }

  package mutating func changeVelocity(by linear: Vector3, angular: Vector3) {
    velocity += linear
    angularVelocity += angular
  }
}
