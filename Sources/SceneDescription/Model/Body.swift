public import WorldCore

/// A rigid thing.
public struct Body: Sendable, Equatable {
  public var name: String
  public var shape: Shape
  public var motion: BodyTrack.Motion
  /// Where a scripted body is when, in order of time; empty for the others.
  public var path: [Keyframe]
  /// kg; nil where `density` decides.
  public var mass: Double?
  /// kg/m³; nil is the material's own. Not used when `mass` is given.
  public var density: Double?
  /// About the centre of mass along the shape's axes, kg·m²; nil is that of the shape evenly filled.
  public var inertia: SymmetricMatrix3?
  public var material: Material
  /// Where the shape frame (not the centre of mass) stands at the start.
  public var worldFromShape: RigidTransform
  /// Of the centre of mass, m/s.
  public var velocity: Vector3
  /// Angular velocity in the world frame, rad/s.
  public var spin: Vector3
  /// The impulse, N·s, of one contact at which it breaks into its pieces; nil never does. A lasting force counts as what it
  /// gives in `Joint.blowDuration`.
  public var breakingImpulse: Double?
  /// The body that it is a piece of, and isn't there until that one breaks.
  public var pieceOf: String?
  public var location: SourceLocation?

  public init(
    name: String, shape: Shape, motion: BodyTrack.Motion = .dynamic, path: [Keyframe] = [], mass: Double? = nil,
    density: Double? = nil, inertia: SymmetricMatrix3? = nil, material: Material = Material(name: "default"),
    worldFromShape: RigidTransform = .identity, velocity: Vector3 = .zero, spin: Vector3 = .zero,
    breakingImpulse: Double? = nil, pieceOf: String? = nil, location: SourceLocation? = nil
  ) {
    self.name = name
    self.shape = shape
    self.motion = motion
    self.path = path
    self.mass = mass
    self.density = density
    self.inertia = inertia
    self.material = material
    self.worldFromShape = worldFromShape
    self.velocity = velocity
    self.spin = spin
    self.breakingImpulse = breakingImpulse
    self.pieceOf = pieceOf
    self.location = location
  }

  /// A place on a scripted body's path. Between two, position runs along a straight line and rotation along the shortest arc;
  /// before the first and after the last the body stands still.
  public struct Keyframe: Sendable, Equatable {
    /// Seconds.
    public var time: Double
    public var worldFromShape: RigidTransform

    public init(time: Double, worldFromShape: RigidTransform) {
      self.time = time
      self.worldFromShape = worldFromShape
    }
  }

  /// Mass, centre of mass (shape frame) and inertia after `mass`, `density`, `inertia` and the material; nil for a shape
  /// without volume (a plane, an open mesh) of which `mass` and `inertia` do not say enough.
  public var massProperties: MassProperties? {
    guard var properties = shape.massProperties(density: density ?? material.density) else {
      guard let mass, let inertia else { return nil }
      return MassProperties(mass: mass, centerOfMass: .zero, inertia: inertia)
    }
    if let mass { properties = properties.scaled(toMass: mass) }
    if let inertia { properties.inertia = inertia }
    return properties
  }

  /// The centre of mass in the shape frame, m; the origin where there is no volume.
  public var centerOfMass: Vector3 { massProperties?.centerOfMass ?? .zero }
}
