import WorldCore

/// A body at work. Angular momentum is the state, so that free rotation keeps it exactly; angular velocity follows from it.
struct Body {
  // State.
  var position: Vector3
  var orientation: Quaternion
  var velocity: Vector3
  /// About the centre of mass, world frame, kg·m²/s.
  var angularMomentum: Vector3
  var angularVelocity: Vector3

  // Derived from the orientation.
  var frame: Frame
  /// World frame; zero for bodies that nothing moves.
  var inverseInertia: SymmetricMatrix3

  // Constant.
  var inverseMass: Double
  var mass: Double
  var inertia: Vector3
  var bodyFromPrincipal: Quaternion
  var hasPrincipalBodyAxes: Bool
  /// Whether the three principal moments are equal.
  var isIsotropic: Bool
  /// Whether forces move it.
  var isDynamic: Bool
  var isScripted: Bool
  /// Whether it is there at all: pieces are once their whole has broken, the whole is till then.
  var isPresent = true
  /// Acceleration of gravity on this body, m/s².
  var gravity: Vector3
  /// Farthest point of the shape from the centre of mass, m; infinite for planes.
  var radius: Double
  var drag: DragModel

  // Of the present step.
  /// Force (N) and torque (N·m) from outside, held over the step.
  var load = Vector3.zero
  var loadTorque = Vector3.zero
  /// The same with those of lasting contacts and joints, held until the next impact.
  var force = Vector3.zero
  var torque = Vector3.zero
  var hasLoad = false
  /// Where joints lead it over the coming stretch; nil for bodies that fly or rest on their own.
  var arc: Arc?
  /// Put aside while a solver works on velocities that are yet to come.
  var savedVelocity = Vector3.zero
  var savedAngularVelocity = Vector3.zero
  /// Where the body's island is in the list of islands; −1 for bodies that don't move by forces.
  var island: Int32 = -1
  /// Its place in the system of equations at work; −1 for bodies that don't move by forces.
  var slot: Int32 = -1

  /// Angular velocity that the angular momentum means at an orientation.
  @inline(__always) func spin(_ q: Quaternion, _ momentum: Vector3) -> Vector3 {
    let worldFromPrincipal = hasPrincipalBodyAxes ? q : q * bodyFromPrincipal
    return worldFromPrincipal.rotate(worldFromPrincipal.unrotate(momentum) / inertia)
  }

  /// Recomputes what follows from orientation and angular momentum.
  mutating func refresh() {
    frame = Frame(orientation, position)
    guard isDynamic else { return }
    if isIsotropic {
      angularVelocity = angularMomentum / inertia.x
      inverseInertia = SymmetricMatrix3(diagonal: Vector3(repeating: 1 / inertia.x))
    } else {
      let axes = hasPrincipalBodyAxes ? frame : Frame(orientation * bodyFromPrincipal, .zero)
      let (x, y, z) = (axes.x, axes.y, axes.z)
      let (sx, sy, sz) = (x / inertia.x, y / inertia.y, z / inertia.z)
      inverseInertia = SymmetricMatrix3(
        diagonal: sx * x + sy * y + sz * z,
        offDiagonal: Vector3(
          sx.y * x.z + sy.y * y.z + sz.y * z.z, sx.x * x.z + sy.x * y.z + sz.x * z.z, sx.x * x.y + sy.x * y.y + sz.x * z.y))
      angularVelocity = inverseInertia * angularMomentum
    }
  }

  /// Inertia tensor times a vector, world frame.
  @inline(__always) func inertiaTimes(_ v: Vector3) -> Vector3 {
    let worldFromPrincipal = hasPrincipalBodyAxes ? orientation : orientation * bodyFromPrincipal
    return worldFromPrincipal.rotate(worldFromPrincipal.unrotate(v) * inertia)
  }

  mutating func setAngularVelocity(_ v: Vector3) {
    angularMomentum = inertiaTimes(v)
    angularVelocity = v
  }

  /// An impulse (N·s) at an offset from the centre of mass.
  @inline(__always) mutating func push(_ impulse: Vector3, at r: Vector3) {
    velocity += impulse * inverseMass
    let moment = r.cross(impulse)
    angularMomentum += moment
    angularVelocity += inverseInertia * moment
  }

  @inline(__always) func velocity(at r: Vector3) -> Vector3 { velocity + angularVelocity.cross(r) }

  var finiteRadius: Double { radius.isFinite ? radius : 0 }

  var state: BodyState {
    BodyState(position: position, orientation: orientation, velocity: velocity, angularVelocity: angularVelocity)
  }

  var kineticEnergy: Double { 0.5 * (mass * velocity.lengthSquared + angularVelocity.dot(angularMomentum)) }
}
