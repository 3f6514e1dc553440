import CFluidKernels
import WorldCore

/// A body during a step: where it is now, and what the fluids have given it so far.
struct BodyProxy {
  private let solid: FluidSolid
  private(set) var worldFromShape: RigidTransform
  private(set) var velocity: Vector3
  private(set) var angularVelocity: Vector3
  private let acceleration: Vector3
  /// The centre of mass now and at the start of the step, world frame.
  private(set) var center: Vector3
  private let startCenter: Vector3
  private let centerInShape: Vector3
  let inverseMass: Double
  private var inverseInertia = SymmetricMatrix3.zero
  private let principal: (inverse: Vector3, axes: Quaternion)
  private(set) var impulse = Vector3.zero
  private(set) var angularImpulse = Vector3.zero

  init(_ solid: FluidSolid, _ body: FluidBody) {
    self.solid = solid
    worldFromShape = body.worldFromShape
    velocity = body.velocity
    angularVelocity = body.angularVelocity
    acceleration = body.acceleration
    centerInShape = solid.massProperties?.centerOfMass ?? .zero
    center = body.worldFromShape.point(centerInShape)
    startCenter = center
    if let properties = solid.massProperties {
      inverseMass = 1 / properties.mass
      let (values, axes) = properties.inertia.principal
      principal = (Vector3(repeating: 1) / values, axes)
    } else {
      inverseMass = 0
      principal = (.zero, .identity)
    }
    turnInertia()
  }

  private mutating func turnInertia() {
    guard inverseMass > 0 else { return }
    inverseInertia = SymmetricMatrix3(diagonal: principal.inverse).rotated(by: worldFromShape.rotation * principal.axes)
  }

  /// The motion that an impulse and its moment about the centre of mass add.
  func response(to given: FKMotion, scale: Double) -> FKMotion {
    let linear = Vector3(given.linear) * (scale * inverseMass)
    let angular = inverseInertia * (Vector3(given.angular) * scale)
    return FKMotion(linear: linear.tuple, angular: angular.tuple)
  }

  mutating func accelerate(_ dt: Double) {
    if inverseMass > 0 { velocity += acceleration * dt }
  }

  /// Takes an impulse, N·s, and its moment about the present centre of mass.
  mutating func take(_ linear: Vector3, _ angular: Vector3) {
    impulse += linear
    angularImpulse += angular + (center - startCenter).cross(linear)
    velocity += linear * inverseMass
    angularVelocity += inverseInertia * angular
  }

  mutating func move(_ dt: Double) {
    center += velocity * dt
    let rotation = (Quaternion(rotationVector: angularVelocity * dt) * worldFromShape.rotation).normalized
    worldFromShape = RigidTransform(rotation: rotation, translation: center - rotation.rotate(centerInShape))
    turnInertia()
  }

  var report: FluidStepReport.BodyImpulse {
    FluidStepReport.BodyImpulse(
      linear: impulse, angular: angularImpulse,
      end: FluidBody(
        worldFromShape: worldFromShape, velocity: velocity, angularVelocity: angularVelocity, acceleration: acceleration))
  }

  var isFinite: Bool { center.isFinite && velocity.isFinite && angularVelocity.isFinite }

  var kernelBody: FKBody {
    let (d, o) = (inverseInertia.diagonal, inverseInertia.offDiagonal)
    return FKBody(
      velocity: velocity.floats, spin: angularVelocity.floats, center: center.floats, inverseMass: Float(inverseMass),
      inverseInertia: (Float(d.x), Float(d.y), Float(d.z), Float(o.x), Float(o.y), Float(o.z)))
  }
}

extension Vector3 {
  init(_ t: (Double, Double, Double)) { self.init(t.0, t.1, t.2) }
  var tuple: (Double, Double, Double) { (x, y, z) }
  var floats: (Float, Float, Float) { (Float(x), Float(y), Float(z)) }
}
