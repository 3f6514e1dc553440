public import WorldCore

/// One rigid body as it is at time 0. The body frame has its origin at the centre of mass and the shape's axes.
public struct RigidBodyDefinition: Sendable, Equatable {
  public enum Motion: Sendable, Equatable {
    /// Moved by forces, contacts and joints.
    case dynamic
    /// Never moves.
    case fixed
    /// Follows its path whatever stands in the way.
    case scripted(ScriptedPath)
  }

  public var name: String
  public var shape: Shape
  public var motion: Motion
  /// kg, positive for a dynamic body; not read for others.
  public var mass: Double
  /// In the shape frame, m.
  public var centerOfMass: Vector3
  /// Principal moments about the centre of mass, kg·m².
  public var inertia: Vector3
  /// The principal axes in the body frame (bodyFromPrincipal).
  public var inertiaAxes: Quaternion
  /// At time 0. A scripted body starts where its path starts instead.
  public var initialState: BodyState
  public var material: ContactMaterial
  /// Drag coefficient; nil takes the shape's (see `DragModel`).
  public var dragCoefficient: Double?
  /// Multiplies gravity for this body.
  public var gravityScale: Double
  /// The impulse, N·s, of one contact at which the body breaks into its pieces; nil never does. A lasting force counts as what
  /// it gives in `JointDefinition.blowDuration`.
  public var breaksAt: Double?
  /// The name of the body that this is a piece of: it isn't there until that one breaks, and its state at time 0 says where in
  /// it it belongs, with the same axes.
  public var pieceOf: String?

  public init(
    name: String, shape: Shape, motion: Motion = .dynamic, mass: Double, centerOfMass: Vector3 = .zero, inertia: Vector3,
    inertiaAxes: Quaternion = .identity, initialState: BodyState, material: ContactMaterial = ContactMaterial(),
    dragCoefficient: Double? = nil, gravityScale: Double = 1, breaksAt: Double? = nil, pieceOf: String? = nil
  ) {
    self.name = name
    self.shape = shape
    self.motion = motion
    self.mass = mass
    self.centerOfMass = centerOfMass
    self.inertia = inertia
    self.inertiaAxes = inertiaAxes
    self.initialState = initialState
    self.material = material
    self.dragCoefficient = dragCoefficient
    self.gravityScale = gravityScale
    self.breaksAt = breaksAt
    self.pieceOf = pieceOf
  }

  /// A body of even density whose shape frame stands at `worldFromShape` at time 0; nil for a dynamic plane or open mesh,
  /// which has no volume.
  ///
  /// - Parameter mass: kg; with `massProperties` of the shape scaled to it.
  public init?(
    name: String, shape: Shape, motion: Motion = .dynamic, mass: Double, worldFromShape: RigidTransform,
    velocity: Vector3 = .zero, angularVelocity: Vector3 = .zero, material: ContactMaterial = ContactMaterial(),
    dragCoefficient: Double? = nil
  ) {
    let solid = shape.massProperties(density: 1000)
    if solid == nil, motion == .dynamic { return nil }
    let properties =
      solid?.scaled(toMass: mass) ?? MassProperties(mass: mass, centerOfMass: .zero, inertia: .zero)
    let (inertia, axes) = properties.inertia.principal
    self.init(
      name: name, shape: shape, motion: motion, mass: mass, centerOfMass: properties.centerOfMass, inertia: inertia,
      inertiaAxes: axes,
      initialState: BodyState(
        position: worldFromShape.point(properties.centerOfMass), orientation: worldFromShape.rotation,
        velocity: velocity, angularVelocity: angularVelocity),
      material: material, dragCoefficient: dragCoefficient)
  }
}

/// What the surface of a body brings to its contacts, before the pair's combination rule.
public struct ContactMaterial: Sendable, Equatable {
  /// Newton's coefficient of restitution, 0…1: separation speed over approach speed.
  public var restitution: Double
  /// Coulomb's coefficient, ≥ 0, of an isotropic cone.
  public var friction: Double
  /// Rolling-resistance coefficient, ≥ 0: the resisting torque is this × normal force × distance of the contact from the
  /// centre of mass, so that a wheel of any radius decelerates alike.
  public var rollingFriction: Double
  /// The same about the contact normal.
  public var spinningFriction: Double

  public init(
    restitution: Double = 0.5, friction: Double = 0.5, rollingFriction: Double = 0, spinningFriction: Double = 0
  ) {
    self.restitution = restitution
    self.friction = friction
    self.rollingFriction = rollingFriction
    self.spinningFriction = spinningFriction
  }
}
