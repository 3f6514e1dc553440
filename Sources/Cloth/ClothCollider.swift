public import WorldCore

/// A body as the cloths meet it during one step.
public struct ClothCollider: Sendable {
  /// Names the body to pins and in the answers.
  public var id: Int
  public var field: SignedDistanceField
  /// At the start of the step.
  public var worldFromShape: RigidTransform
  /// Of the centre of mass (of the shape frame's origin for an immovable body), m/s.
  public var velocity: Vector3
  /// World frame, rad/s.
  public var angularVelocity: Vector3
  /// What moves it besides the cloth, such as gravity, m/s².
  public var acceleration: Vector3
  /// Coulomb's coefficient of the pair with each cloth, in their order; the last stands for all that follow.
  public var frictions: [Double]
  /// Mass, centre of mass and inertia in the shape frame; nil for a body that moves as it is told whatever the cloth does.
  public var massProperties: MassProperties?

  public init(
    id: Int, field: SignedDistanceField, worldFromShape: RigidTransform, velocity: Vector3 = .zero,
    angularVelocity: Vector3 = .zero, acceleration: Vector3 = .zero, friction: Double = 0.5,
    massProperties: MassProperties? = nil
  ) {
    self.init(
      id: id, field: field, worldFromShape: worldFromShape, velocity: velocity, angularVelocity: angularVelocity,
      acceleration: acceleration, frictions: [friction], massProperties: massProperties)
  }

  public init(
    id: Int, field: SignedDistanceField, worldFromShape: RigidTransform, velocity: Vector3 = .zero,
    angularVelocity: Vector3 = .zero, acceleration: Vector3 = .zero, frictions: [Double], massProperties: MassProperties? = nil
  ) {
    precondition(!frictions.isEmpty, "a collider has a coefficient of friction")
    self.id = id
    self.field = field
    self.worldFromShape = worldFromShape
    self.velocity = velocity
    self.angularVelocity = angularVelocity
    self.acceleration = acceleration
    self.frictions = frictions
    self.massProperties = massProperties
  }
}

/// What one step gave back.
public struct ClothStepReport: Sendable, Equatable {
  /// What the cloths did to a body.
  public struct BodyImpulse: Sendable, Equatable {
    public var id: Int
    /// N·s
    public var linear: Vector3
    /// About the centre of mass as it was at the start of the step, N·m·s.
    public var angular: Vector3
    /// Where the step has taken the body by its own motion and the cloths' impulses, and how it moves then (of the centre of
    /// mass, m/s; world frame, rad/s). A body that meets nothing else may be put there instead of being given the impulses.
    public var worldFromShape: RigidTransform
    public var velocity: Vector3
    public var angularVelocity: Vector3
    /// Whether any node touched the body (rather than only being pinned to it).
    public var touched: Bool
  }

  /// What a cloth and a body that touched it during the step had with each other.
  public struct Contact: Sendable, Equatable {
    /// Index of the cloth.
    public var cloth: Int
    /// Of the collider.
    public var id: Int
    /// Total impulse along the normals, N·s.
    public var impulse: Double
    /// Means by impulse, world frame: a point, and the direction from the body to the cloth.
    public var point: Vector3
    public var normal: Vector3
    /// The fastest that any point of the cloth closed in on the body, m/s.
    public var approachSpeed: Double
  }

  /// A node that tore off its pin.
  public struct Tear: Sendable, Equatable {
    public var cloth: String
    public var row: Int
    public var column: Int
    /// s
    public var time: Double
    /// The force that tore it, N.
    public var force: Double
  }

  /// One for each collider, in their order.
  public var bodies: [BodyImpulse]
  public var tears: [Tear]
  public var contacts: [Contact]
  /// Total impulse the world's pins exerted on the cloths, N·s, and its moment about the world's origin, N·m·s.
  public var pinImpulse: Vector3
  public var pinAngularImpulse: Vector3
  /// Total impulse of the air on the cloths and its moment about the world's origin.
  public var airImpulse: Vector3
  public var airAngularImpulse: Vector3
  /// What each node of each cloth took of the liquid it has hold of, N·s; empty where there is none.
  public var liquidImpulses: [[Vector3]]
  public var substeps: Int
}
