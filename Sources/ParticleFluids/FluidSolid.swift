public import WorldCore

/// A body as the fluids meet it: what of it never changes.
public struct FluidSolid: Sendable {
  public var name: String
  public var shape: Shape
  /// Mass, centre of mass and inertia in the shape frame; nil for a body that moves as it is told whatever the fluid does.
  public var massProperties: MassProperties?

  public init(name: String, shape: Shape, massProperties: MassProperties? = nil) {
    self.name = name
    self.shape = shape
    self.massProperties = massProperties
  }
}

/// A body's place and motion at the start of a step.
public struct FluidBody: Sendable, Equatable {
  public var worldFromShape: RigidTransform
  /// Of the centre of mass (of the shape frame's origin for an immovable body), m/s.
  public var velocity: Vector3
  /// World frame, rad/s.
  public var angularVelocity: Vector3
  /// What moves it besides the fluid, such as gravity, m/s².
  public var acceleration: Vector3

  public init(
    worldFromShape: RigidTransform = .identity, velocity: Vector3 = .zero, angularVelocity: Vector3 = .zero,
    acceleration: Vector3 = .zero
  ) {
    self.worldFromShape = worldFromShape
    self.velocity = velocity
    self.angularVelocity = angularVelocity
    self.acceleration = acceleration
  }
}

/// What a step gave back.
public struct FluidStepReport: Sendable, Equatable {
  /// What the fluids gave a body.
  public struct BodyImpulse: Sendable, Equatable {
    /// N·s
    public var linear = Vector3.zero
    /// About the centre of mass as it was at the start of the step, N·m·s.
    public var angular = Vector3.zero
    /// Where the step has taken the body by its own motion and the fluids' impulses.
    public var end: FluidBody
  }

  /// One for each solid, in their order.
  public var bodies: [BodyImpulse]
  public var substeps = 0
  /// Sweeps of the density and of the divergence solve.
  public var densityIterations = 0
  public var divergenceIterations = 0
  /// Of the conjugate gradients that thick liquids need.
  public var viscosityIterations = 0
}
