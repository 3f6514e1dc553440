public import WorldCore

/// A collider during a step: where it is now, and what the cloths have given it so far.
struct BodyProxy {
  let collider: ClothCollider
  let field: SignedDistanceField
  private(set) var worldFromShape: RigidTransform
  private(set) var velocity: Vector3
  private(set) var angularVelocity: Vector3
  /// The centre of mass now and at the start of the step, world frame.
  private(set) var center: Vector3
  private let startCenter: Vector3
  private let centerInShape: Vector3
  let inverseMass: Double
  private var inverseInertia: SymmetricMatrix3
  private let principal: (inverse: Vector3, axes: Quaternion)
  private(set) var impulse = Vector3.zero
  private(set) var angularImpulse = Vector3.zero
  var touched = false

  init(_ collider: ClothCollider) {
    self.collider = collider
    field = collider.field
    worldFromShape = collider.worldFromShape
    velocity = collider.velocity
    angularVelocity = collider.angularVelocity
    centerInShape = collider.massProperties?.centerOfMass ?? .zero
    center = collider.worldFromShape.point(centerInShape)
    startCenter = center
    if let properties = collider.massProperties {
      inverseMass = 1 / properties.mass
      let (values, axes) = properties.inertia.principal
      principal = (Vector3(repeating: 1) / values, axes)
    } else {
      inverseMass = 0
      principal = (.zero, .identity)
    }
    inverseInertia = .zero
    turnInertia()
  }

  private mutating func turnInertia() {
    guard inverseMass > 0 else { return }
    inverseInertia = SymmetricMatrix3(diagonal: principal.inverse).rotated(by: worldFromShape.rotation * principal.axes)
  }

  var report: ClothStepReport.BodyImpulse {
    ClothStepReport.BodyImpulse(
      id: collider.id, linear: impulse, angular: angularImpulse, worldFromShape: worldFromShape, velocity: velocity,
      angularVelocity: angularVelocity, touched: touched)
  }

  /// Moves on as it would without the cloth.
  mutating func advance(_ dt: Double) {
    if inverseMass > 0 { velocity += collider.acceleration * dt }
    move(velocity * dt, angularVelocity * dt)
    turnInertia()
  }

  private mutating func move(_ translation: Vector3, _ turn: Vector3) {
    center += translation
    let rotation = (Quaternion(rotationVector: turn) * worldFromShape.rotation).normalized
    worldFromShape = RigidTransform(rotation: rotation, translation: center - rotation.rotate(centerInShape))
  }

  func friction(with cloth: Int) -> Double { collider.frictions[min(cloth, collider.frictions.count - 1)] }

  func velocity(at point: Vector3) -> Vector3 { velocity + angularVelocity.cross(point - center) }

  func shapePoint(_ point: Vector3) -> Vector3 { worldFromShape.rotation.unrotate(point - worldFromShape.translation) }

  /// 1/kg that an impulse along `direction` at `point` meets.
  func inverseMass(at point: Vector3, along direction: Vector3) -> Double {
    guard inverseMass > 0 else { return 0 }
    let arm = (point - center).cross(direction)
    return inverseMass + arm.dot(inverseInertia * arm)
  }

  /// The velocity that an impulse at `point` adds at `point`.
  func response(at point: Vector3, to impulse: Vector3) -> Vector3 {
    let r = point - center
    return impulse * inverseMass + (inverseInertia * r.cross(impulse)).cross(r)
  }

  /// Takes an impulse (N·s) at `point`; `moving` also displaces the body by what that does within the substep.
  ///
  /// `ledgerPoint` is where the cloth's momentum counts it: a node's angular momentum grows by (place at the start of the
  /// substep) × impulse, so that the moment is booked about that place and the sum of both stays exact.
  mutating func take(_ p: Vector3, at point: Vector3, ledgerPoint: Vector3, moving dt: Double?) {
    impulse += p
    angularImpulse += (ledgerPoint - startCenter).cross(p)
    guard inverseMass > 0 else { return }
    let dv = p * inverseMass
    let dw = inverseInertia * (point - center).cross(p)
    velocity += dv
    angularVelocity += dw
    if let dt { move(dv * dt, dw * dt) }
  }
}

extension Shape {
  /// Half the smallest thickness of the shape, m: what a node must not cross in one substep. Infinite for a half-space.
  public var leastHalfThickness: Double {
    switch self {
    case .sphere(let r), .capsule(let r, _): r
    case .box(let size): size.min() / 2
    case .cylinder(let r, let h): min(r, h / 2)
    case .cone(let r, let h): min(r, h / 2) / 2
    case .torus(_, let tube): tube
    case .plane: .infinity
    case .tank(_, let wall): wall / 2
    case .mesh(let mesh): mesh.shortestExtent / 2
    case .compound(let parts): parts.map(\.shape.leastHalfThickness).min() ?? .infinity
    }
  }

  /// Whether it has neither edges nor corners.
  var isSmooth: Bool {
    switch self {
    case .sphere, .capsule, .torus, .plane: true
    default: false
    }
  }

  /// Whether every chord of it lies inside.
  var isConvex: Bool {
    switch self {
    case .sphere, .box, .cylinder, .capsule, .cone, .plane: true
    case .torus, .tank, .mesh, .compound: false
    }
  }

  /// The farthest point's distance from the shape frame's origin, m.
  public var reach: Double {
    switch self {
    case .sphere(let r): r
    case .box(let size): size.length / 2
    case .cylinder(let r, let h), .cone(let r, let h): (r * r + h * h / 4).squareRoot()
    case .capsule(let r, let h): r + h / 2
    case .torus(let r, let t): r + t
    case .plane: .infinity
    case .tank(let size, let wall): (size / 2 + Vector3(wall, wall, size.z / 2 + wall)).length
    case .mesh(let mesh): mesh.vertices.map(\.length).max() ?? 0
    case .compound(let parts): parts.map { $0.compoundFromPart.translation.length + $0.shape.reach }.max() ?? 0
    }
  }
}

extension TriangleMesh {
  var shortestExtent: Double {
    guard var low = vertices.first, var high = vertices.first else { return .infinity }
    for p in vertices {
      low = pointwiseMin(low, p)
      high = pointwiseMax(high, p)
    }
    return (high - low).min()
  }
}
