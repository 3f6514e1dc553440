import WorldCore

/// A collider during a step.
struct BodyProxy {
  let collider: ClothCollider
  let field: SignedDistanceField
  private(set) var body: CoupledBody
  var touched = false

  init(_ collider: ClothCollider) {
    self.collider = collider
    field = collider.field
    body = CoupledBody(
      worldFromShape: collider.worldFromShape, velocity: collider.velocity, angularVelocity: collider.angularVelocity,
      acceleration: collider.acceleration, massProperties: collider.massProperties)
  }

  var worldFromShape: RigidTransform { body.worldFromShape }
  var velocity: Vector3 { body.velocity }
  var angularVelocity: Vector3 { body.angularVelocity }
  var inverseMass: Double { body.inverseMass }

  var report: ClothStepReport.BodyImpulse {
    ClothStepReport.BodyImpulse(
      id: collider.id, linear: body.impulse, angular: body.angularImpulse, worldFromShape: body.worldFromShape,
      velocity: body.velocity, angularVelocity: body.angularVelocity, touched: touched)
  }

  /// Moves on as it would without the cloth.
  mutating func advance(_ dt: Double) {
    body.accelerate(dt)
    body.move(by: body.velocity * dt, turn: body.angularVelocity * dt)
    body.turnInertia()
  }

  func friction(with cloth: Int) -> Double { collider.frictions[min(cloth, collider.frictions.count - 1)] }

  func velocity(at point: Vector3) -> Vector3 { body.velocity + body.angularVelocity.cross(point - body.center) }

  func shapePoint(_ point: Vector3) -> Vector3 {
    body.worldFromShape.rotation.unrotate(point - body.worldFromShape.translation)
  }

  /// 1/kg that an impulse along `direction` at `point` meets.
  func inverseMass(at point: Vector3, along direction: Vector3) -> Double {
    guard body.inverseMass > 0 else { return 0 }
    let arm = (point - body.center).cross(direction)
    return body.inverseMass + arm.dot(body.inverseInertia * arm)
  }

  /// The velocity that an impulse at `point` adds at `point`.
  func response(at point: Vector3, to impulse: Vector3) -> Vector3 {
    let r = point - body.center
    return impulse * body.inverseMass + (body.inverseInertia * r.cross(impulse)).cross(r)
  }

  /// Takes an impulse (N·s) at `point`; `moving` also displaces the body by what that does within the substep.
  ///
  /// `ledgerPoint` is where the cloth's momentum counts it: a node's angular momentum grows by (place at the start of the
  /// substep) × impulse, so that the moment is booked about that place and the sum of both stays exact.
  mutating func take(_ p: Vector3, at point: Vector3, ledgerPoint: Vector3, moving dt: Double?) {
    body.book(p, at: ledgerPoint)
    guard body.inverseMass > 0 else { return }
    let dv = p * body.inverseMass
    let dw = body.inverseInertia * (point - body.center).cross(p)
    body.changeVelocity(by: dv, angular: dw)
    if let dt { body.move(by: dv * dt, turn: dw * dt) }
  }
}
