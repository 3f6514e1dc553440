public import WorldCore

/// A world of rigid bodies, joints and contacts that moves forward in time.
///
/// Bodies and joints are known by their index in the definition. The same definition and the same calls give the same bytes,
/// on any number of threads.
public struct RigidWorld: ~Copyable {
  private let engine: Engine

  /// - Throws: `RigidWorldError.invalidDefinition` for numbers out of range, unknown or doubled names.
  public init(_ definition: RigidWorldDefinition) throws(RigidWorldError) {
    try definition.check()
    engine = Engine(definition)
  }

  public var definition: RigidWorldDefinition { engine.definition }
  /// s
  public var time: Double { engine.time }

  /// The index of the body of that name.
  public func body(named name: String) -> Int? { definition.bodies.firstIndex { $0.name == name } }

  /// The index of the joint of that name.
  public func joint(named name: String) -> Int? { definition.joints.firstIndex { $0.name == name } }

  /// A piece of a body that hasn't broken rides on it; a broken body is where the middle of its pieces is.
  public func state(of body: Int) -> BodyState { engine.toldState(of: body) }

  /// Whether the body is there: neither broken, nor a piece of one that is whole.
  public func isPresent(body: Int) -> Bool { engine.bodies[body].isPresent }

  /// One per body of the definition.
  public var states: [BodyState] { (0..<engine.bodyCount).map { engine.toldState(of: $0) } }

  /// Moves to exactly `time` (s, not before the present one), in even steps no longer than `definition.timeStep`.
  ///
  /// - Throws: `RigidWorldError.diverged`.
  public mutating func advance(to time: Double) throws(RigidWorldError) {
    precondition(time >= engine.time, "time runs forward")
    let span = time - engine.time
    // A span that is a whole number of steps but for rounding takes that many.
    let count = max(1, Int((span / definition.timeStep - 1e-6).rounded(.up)))
    if span > 0 { for _ in 0..<count { try engine.advance(by: span / Double(count)) } }
    engine.time = time
  }

  // MARK: Acting on bodies (dynamic ones; others take no notice)

  /// - Parameters:
  ///   - impulse: N·s, world frame.
  ///   - point: where it acts, world frame; nil is the centre of mass.
  public mutating func apply(impulse: Vector3, to body: Int, at point: Vector3? = nil) {
    guard engine.bodies[body].isDynamic else { return }
    engine.bodies[body].push(impulse, at: (point ?? engine.bodies[body].position) - engine.bodies[body].position)
  }

  /// - Parameter angularImpulse: N·m·s, world frame.
  public mutating func apply(angularImpulse: Vector3, to body: Int) {
    guard engine.bodies[body].isDynamic else { return }
    engine.bodies[body].angularMomentum += angularImpulse
    engine.bodies[body].refresh()
  }

  /// A force (N) at the centre of mass and a torque (N·m), world frame, that act until `end` (s, taken to the end of the step
  /// that it falls in); loads add up.
  public mutating func apply(force: Vector3, torque: Vector3 = .zero, to body: Int, until end: Double) {
    guard engine.bodies[body].isDynamic else { return }
    engine.loads.append(Engine.Load(body: body, force: force, torque: torque, end: end))
  }

  public mutating func setVelocity(_ velocity: Vector3, angularVelocity: Vector3, of body: Int) {
    guard engine.bodies[body].isDynamic else { return }
    engine.bodies[body].velocity = velocity
    engine.bodies[body].setAngularVelocity(angularVelocity)
  }

  /// Lets a joint go for good.
  public mutating func release(joint: Int) { engine.joints[joint].isHolding = false }

  /// Gives the motor of a hinge or slider another speed, rad/s or m/s; a joint without a motor stays without one.
  public mutating func setMotorSpeed(_ speed: Double, of joint: Int) {
    switch engine.joints[joint].definition.kind {
    case .hinge(var options):
      options.motor?.speed = speed
      engine.joints[joint].definition.kind = .hinge(options)
    case .slider(var options):
      options.motor?.speed = speed
      engine.joints[joint].definition.kind = .slider(options)
    case .ball, .fixed, .spring, .rope: break
    }
    engine.joints[joint].drives = Drive.all(of: engine.joints[joint].definition.kind)
  }

  /// Whether the joint still holds: neither released nor broken.
  public func isHolding(joint: Int) -> Bool { engine.joints[joint].isHolding }

  // MARK: What happened

  /// The contacts since the last call, in order of time but for ends, which are told once they have lasted.
  ///
  /// Slower hits that follow a hit within `Engine.chatter` are added to its impulse as long as it has not been drained.
  public mutating func drainContacts() -> [ContactEvent] {
    defer { engine.events.removeAll() }
    return engine.events
  }

  /// The joints that broke since the last call, in order of time.
  public mutating func drainBreaks() -> [JointBreak] {
    defer { engine.breaks.removeAll() }
    return engine.breaks
  }

  /// The bodies that broke since the last call, in order of time.
  public mutating func drainFractures() -> [BodyBreak] {
    defer { engine.fractures.removeAll() }
    return engine.fractures
  }

  /// Of all dynamic bodies, J. Potential energy counts gravity (zero at the world's origin) and springs.
  public var energy: (kinetic: Double, potential: Double) {
    var (kinetic, potential) = (0.0, 0.0)
    for index in 0..<engine.bodyCount where engine.bodies[index].isDynamic {
      let body = engine.bodies[index]
      kinetic += body.kineticEnergy
      potential -= body.mass * body.gravity.dot(body.position)
    }
    for joint in engine.joints { potential += joint.storedEnergy(engine.bodies) }
    return (kinetic, potential)
  }

  /// Of all dynamic bodies: linear in kg·m/s, angular about the world's origin in kg·m²/s.
  public var momentum: (linear: Vector3, angular: Vector3) {
    var (linear, angular) = (Vector3.zero, Vector3.zero)
    for index in 0..<engine.bodyCount where engine.bodies[index].isDynamic {
      let body = engine.bodies[index]
      linear += body.velocity * body.mass
      angular += body.angularMomentum + body.position.cross(body.velocity) * body.mass
    }
    return (linear, angular)
  }
}
