/// Two bodies meeting or parting, or one breaking under the other.
public struct ContactEvent: Sendable, Equatable {
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// A collision: the bodies closed in faster than the threshold and an impulse turned them back or stopped them.
    case impact
    /// A lasting contact (resting, sliding, rolling) starts or ends.
    case begin, end
    /// The first body breaks into its pieces under what the second gave it.
    case `break`
  }

  /// Seconds, at the time of impact itself, not rounded to a step.
  public var time: Double
  /// The two names, in the order of the scene.
  public var bodies: [String]
  /// World frame, m.
  public var point: Vector3
  /// Unit vector in the world frame from the second body to the first.
  public var normal: Vector3
  /// Total impulse of the collision along the normal, N·s; 0 for `end`; for `break` what the body bore.
  public var impulse: Double
  /// Closing speed along the normal just before, m/s, positive when approaching.
  public var approachSpeed: Double
  /// The pair's effective coefficients, after the combination rule.
  public var restitution: Double
  public var friction: Double
  public var kind: Kind

  public init(
    time: Double, bodies: [String], point: Vector3, normal: Vector3, impulse: Double, approachSpeed: Double,
    restitution: Double, friction: Double, kind: Kind
  ) {
    self.time = time
    self.bodies = bodies
    self.point = point
    self.normal = normal
    self.impulse = impulse
    self.approachSpeed = approachSpeed
    self.restitution = restitution
    self.friction = friction
    self.kind = kind
  }

  /// Whether this event is between these two bodies, in either order.
  public func involves(_ a: String, _ b: String) -> Bool { bodies == [a, b] || bodies == [b, a] }

  public func involves(_ body: String) -> Bool { bodies.contains(body) }
}
