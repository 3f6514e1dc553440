public import WorldCore

/// A constraint between two bodies, or a body and the world, given as the bodies stand at time 0.
public struct JointDefinition: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    /// Turns about `axis` through `anchor`. Limits are angles in radians, positive by the right-hand rule of the first body
    /// about the axis relative to the second, 0 at the start.
    case hinge(HingeOptions)
    /// Turns freely about `anchor`. `swingLimit` bounds the angle, rad, that the two bodies turn away from the start. Friction
    /// is a torque, N·m; damping a torque per relative angular velocity, N·m·s.
    case ball(friction: Double, swingLimit: Double?, damping: Double = 0)
    /// Moves along `axis` without turning. Limits are displacements, m, of the first body relative to the second, 0 at the
    /// start.
    case slider(HingeOptions)
    /// No relative motion.
    case fixed
    /// A massless spring between `anchor` on the first body and `secondAnchor` on the second: force = stiffness × (length −
    /// rest length) + damping × rate. Stiffness N/m, damping N·s/m; rest length nil is the length at the start.
    case spring(stiffness: Double, damping: Double, restLength: Double?)
    /// A massless inextensible rope between `anchor` and `secondAnchor`: the distance never exceeds `length` (m; nil is the
    /// distance at the start).
    case rope(length: Double?)
  }

  /// Of the one free coordinate of a hinge (rad, N·m) or a slider (m, N).
  public struct HingeOptions: Sendable, Equatable {
    public var limits: ClosedRange<Double>?
    /// Dry friction: the torque (N·m) or force (N) that resists motion.
    public var friction: Double
    public var motor: Motor?
    /// Torque per angular velocity (N·m·s) or force per speed (N·s/m).
    public var damping: Double
    /// Torque per angle (N·m) or force per displacement (N/m), towards the start.
    public var stiffness: Double
    /// Of the limits, 0…1: how much of its speed the joint gets back.
    public var restitution: Double

    public init(
      limits: ClosedRange<Double>? = nil, friction: Double = 0, motor: Motor? = nil, damping: Double = 0, stiffness: Double = 0,
      restitution: Double = 0
    ) {
      self.limits = limits
      self.friction = friction
      self.motor = motor
      self.damping = damping
      self.stiffness = stiffness
      self.restitution = restitution
    }
  }

  /// Drives the free coordinate to a speed (rad/s or m/s) with at most so much torque or force (N·m or N).
  public struct Motor: Sendable, Equatable {
    public var speed: Double
    public var limit: Double

    public init(speed: Double, limit: Double) {
      self.speed = speed
      self.limit = limit
    }
  }

  public var name: String
  public var kind: Kind
  /// Names of bodies; nil is the world.
  public var first: String?
  public var second: String?
  /// World frame at time 0, m.
  public var anchor: Vector3
  /// The other end of a spring or rope, world frame at time 0, m; nil is `anchor`.
  public var secondAnchor: Vector3?
  /// World frame at time 0, of any length but zero.
  public var axis: Vector3
  /// The force, N, above which the joint lets go; nil never does. A blow counts as its impulse spread over `blowDuration`, so
  /// that what breaks does not depend on the time step.
  public var breaksAt: Double?
  /// Whether the two bodies also touch each other; nil leaves that to the kind: those of springs and ropes do.
  public var collides: Bool?

  /// How long a blow is taken to last, s. Impacts of hard bodies take 0.1–10 ms; rigid ones have no duration of their own.
  public static let blowDuration = 0.01

  public init(
    name: String, _ kind: Kind, between first: String?, and second: String?, anchor: Vector3, secondAnchor: Vector3? = nil,
    axis: Vector3 = .unitZ, breaksAt: Double? = nil, collides: Bool? = nil
  ) {
    self.name = name
    self.kind = kind
    self.first = first
    self.second = second
    self.anchor = anchor
    self.secondAnchor = secondAnchor
    self.axis = axis
    self.breaksAt = breaksAt
    self.collides = collides
  }
}
