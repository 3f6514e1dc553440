import CFluidKernels
import WorldCore

/// A body during a step, as the kernels see it.
struct BodyProxy {
  private var body: CoupledBody

  init(_ solid: FluidSolid, _ body: FluidBody) {
    self.body = CoupledBody(
      worldFromShape: body.worldFromShape, velocity: body.velocity, angularVelocity: body.angularVelocity,
      acceleration: body.acceleration, massProperties: solid.massProperties)
  }

  var worldFromShape: RigidTransform { body.worldFromShape }
  var velocity: Vector3 { body.velocity }
  var angularVelocity: Vector3 { body.angularVelocity }
  var center: Vector3 { body.center }
  var inverseMass: Double { body.inverseMass }
  var isFinite: Bool { body.isFinite }

  /// The motion that an impulse and its moment about the centre of mass add.
  func response(to given: FKMotion, scale: Double) -> FKMotion {
    let linear = Vector3(given.linear) * (scale * body.inverseMass)
    let angular = body.inverseInertia * (Vector3(given.angular) * scale)
    return FKMotion(linear: linear.tuple, angular: angular.tuple)
  }

  mutating func accelerate(_ dt: Double) { body.accelerate(dt) }

  /// Takes an impulse, N·s, and its moment about the present centre of mass.
  mutating func take(_ linear: Vector3, _ angular: Vector3) {
    body.book(linear, moment: angular)
    body.changeVelocity(by: linear * body.inverseMass, angular: body.inverseInertia * angular)
  }

  mutating func move(_ dt: Double) {
    body.move(by: body.velocity * dt, turn: body.angularVelocity * dt)
    body.turnInertia()
  }

  var report: FluidStepReport.BodyImpulse {
    FluidStepReport.BodyImpulse(
      linear: body.impulse, angular: body.angularImpulse,
      end: FluidBody(
        worldFromShape: body.worldFromShape, velocity: body.velocity, angularVelocity: body.angularVelocity,
        acceleration: body.acceleration))
  }

  var kernelBody: FKBody {
    let (d, o) = (body.inverseInertia.diagonal, body.inverseInertia.offDiagonal)
    return FKBody(
      velocity: body.velocity.floats, spin: body.angularVelocity.floats, center: body.center.floats,
      inverseMass: Float(body.inverseMass),
      inverseInertia: (Float(d.x), Float(d.y), Float(d.z), Float(o.x), Float(o.y), Float(o.z)))
  }
}

extension Vector3 {
  init(_ t: (Double, Double, Double)) { self.init(t.0, t.1, t.2) }
  var tuple: (Double, Double, Double) { (x, y, z) }
  var floats: (Float, Float, Float) { (Float(x), Float(y), Float(z)) }
}
