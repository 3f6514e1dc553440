public import WorldCore

/// Something done to the world from outside, at a time.
public struct Event: Sendable, Equatable {
  /// Seconds.
  public var time: Double
  public var action: Action
  public var location: SourceLocation?

  public init(time: Double, action: Action, location: SourceLocation? = nil) {
    self.time = time
    self.action = action
    self.location = location
  }

  /// Vectors are in the world frame; a `point` is in the body's shape frame, nil is its centre of mass.
  public enum Action: Sendable, Equatable {
    /// N·s
    case impulse(body: String, vector: Vector3, point: Vector3?)
    /// N·m·s
    case angularImpulse(body: String, vector: Vector3)
    /// N, from the event's time on for `duration` seconds.
    case force(body: String, vector: Vector3, point: Vector3?, duration: Double)
    /// N·m, for `duration` seconds.
    case torque(body: String, vector: Vector3, duration: Double)
    /// m/s and rad/s; nil leaves that half as it is.
    case setVelocity(body: String, velocity: Vector3?, spin: Vector3?)
    /// The joint lets go.
    case release(joint: String)
    /// The joint's motor gets a new speed, rad/s or m/s.
    case setMotor(joint: String, speed: Double)
  }
}
