public import WorldCore

/// A link between two bodies, or between a body and the world.
///
/// Anchors and axes are in the world frame as the scene starts. Angles and displacements are those of the first body relative
/// to the second, 0 at the start.
public struct Joint: Sendable, Equatable {
  public var name: String
  /// The first is always a body's name; nil as the second is the world.
  public var first: String
  public var second: String?
  /// Where the joint holds the first and the second body; one point unless the joint is a spring or a rope.
  public var anchors: Anchors
  public var kind: Kind
  /// Whether the two bodies can also touch each other. Usual: false for rigid links, true for springs and ropes.
  public var collides: Bool
  /// Force at which it gives way, N; nil never does. A blow counts as its impulse over `blowDuration`.
  public var breakingForce: Double?
  public var location: SourceLocation?

  public init(
    name: String, between first: String, and second: String?, anchors: Anchors, kind: Kind, collides: Bool = false,
    breakingForce: Double? = nil, location: SourceLocation? = nil
  ) {
    self.name = name
    self.first = first
    self.second = second
    self.anchors = anchors
    self.kind = kind
    self.collides = collides
    self.breakingForce = breakingForce
    self.location = location
  }

  /// How long a blow is taken to last where a force is compared with an impulse, s.
  public static let blowDuration = 0.01

  public struct Anchors: Sendable, Equatable {
    public var first: Vector3
    public var second: Vector3

    public init(first: Vector3, second: Vector3) {
      self.first = first
      self.second = second
    }

    public init(_ point: Vector3) { self.init(first: point, second: point) }
  }

  public enum Kind: Sendable, Equatable {
    /// Turns about one axis.
    case hinge(Freedom)
    /// Turns about a point; `friction` in N·m, `damping` in N·m·s/rad.
    case ball(friction: Double, damping: Double)
    /// Slides along one axis.
    case slider(Freedom)
    /// Holds in place and direction.
    case fixed
    /// Pulls and pushes along the line between its anchors: N/m, N·s/m, rest length m.
    case spring(stiffness: Double, damping: Double, length: Double)
    /// Holds its anchors no further apart than `length`, m; slack when nearer.
    case rope(length: Double)
  }

  /// The one motion that a hinge (rad, N·m) or a slider (m, N) leaves free.
  public struct Freedom: Sendable, Equatable {
    /// Unit vector, world frame.
    public var axis: Vector3
    /// rad or m; nil is unlimited.
    public var limits: ClosedRange<Double>?
    /// The torque or force of dry friction, N·m or N.
    public var friction: Double
    /// N·m·s/rad or N·s/m.
    public var damping: Double
    /// Torque or force towards the starting position per rad or m; 0 is no spring.
    public var stiffness: Double
    public var motor: Motor?
    /// How much of its speed it gets back at a limit, 0…1.
    public var restitution: Double

    public init(
      axis: Vector3, limits: ClosedRange<Double>? = nil, friction: Double = 0, damping: Double = 0, stiffness: Double = 0,
      motor: Motor? = nil, restitution: Double = 0
    ) {
      self.axis = axis
      self.limits = limits
      self.friction = friction
      self.damping = damping
      self.stiffness = stiffness
      self.motor = motor
      self.restitution = restitution
    }
  }

  /// Drives a joint at a speed with bounded effort.
  public struct Motor: Sendable, Equatable {
    /// rad/s or m/s.
    public var speed: Double
    /// N·m or N.
    public var maximumEffort: Double

    public init(speed: Double, maximumEffort: Double) {
      self.speed = speed
      self.maximumEffort = maximumEffort
    }
  }
}
