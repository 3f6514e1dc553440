public import WorldCore

/// A world of rigid bodies, joints and contacts that moves forward in time.
///
/// Bodies and joints are known by their index in the definition. The same definition and the same calls give the same bytes,
/// on any number of threads.
public struct RigidWorld: ~Copyable {
  public let definition: RigidWorldDefinition
  /// s
  public private(set) var time = 0.0
  /// One per body of the definition.
  public private(set) var states: [BodyState]
  private var events: [ContactEvent] = []

  /// - Throws: `RigidWorldError.invalidDefinition` for numbers out of range, unknown or doubled names.
  public init(_ definition: RigidWorldDefinition) throws(RigidWorldError) {
    self.definition = definition
    states = definition.bodies.map(\.initialState)
  }

  /// The index of the body of that name.
  public func body(named name: String) -> Int? { definition.bodies.firstIndex { $0.name == name } }

  /// The index of the joint of that name.
  public func joint(named name: String) -> Int? { definition.joints.firstIndex { $0.name == name } }

  public func state(of body: Int) -> BodyState { states[body] }

  /// Moves to exactly `time` (s, not before the present one), in even steps no longer than `definition.timeStep`.
  ///
  /// - Throws: `RigidWorldError.diverged`.
  public mutating func advance(to time: Double) throws(RigidWorldError) {
    precondition(time >= self.time, "time runs forward")
    self.time = time
  }

  // MARK: Acting on bodies (dynamic ones; others take no notice)

  /// - Parameters:
  ///   - impulse: N·s, world frame.
  ///   - point: where it acts, world frame; nil is the centre of mass.
  public mutating func apply(impulse: Vector3, to body: Int, at point: Vector3? = nil) {}

  /// - Parameter angularImpulse: N·m·s, world frame.
  public mutating func apply(angularImpulse: Vector3, to body: Int) {}

  /// A force (N) at the centre of mass and a torque (N·m), world frame, that act until `end` (s); loads add up.
  public mutating func apply(force: Vector3, torque: Vector3 = .zero, to body: Int, until end: Double) {}

  public mutating func setVelocity(_ velocity: Vector3, angularVelocity: Vector3, of body: Int) {}

  /// Lets a joint go for good.
  public mutating func release(joint: Int) {}

  /// Whether the joint still holds: neither released nor broken.
  public func isHolding(joint: Int) -> Bool { true }

  // MARK: What happened

  /// The contacts since the last call, in order of time.
  public mutating func drainContacts() -> [ContactEvent] {
    defer { events.removeAll() }
    return events
  }

  /// Of all dynamic bodies, J. Potential energy counts gravity (zero at the world's origin) and springs.
  public var energy: (kinetic: Double, potential: Double) { (0, 0) }

  /// Of all dynamic bodies: linear in kg·m/s, angular about the world's origin in kg·m²/s.
  public var momentum: (linear: Vector3, angular: Vector3) { (.zero, .zero) }
}
