import WorldCore

extension Body {
  init(_ definition: RigidBodyDefinition, radius: Double, gravity: Vector3) {
    var state = definition.initialState
    if case .scripted(let path) = definition.motion { state = path.state(at: 0) }
    let isDynamic = definition.motion == .dynamic
    let moments = definition.inertia
    self.init(
      position: state.position, orientation: state.orientation.normalized,
      velocity: definition.motion == .fixed ? .zero : state.velocity, angularMomentum: .zero,
      angularVelocity: definition.motion == .fixed ? .zero : state.angularVelocity, frame: .identity, inverseInertia: .zero,
      inverseMass: isDynamic ? 1 / definition.mass : 0, mass: isDynamic ? definition.mass : 0,
      inertia: isDynamic ? moments : Vector3(repeating: 1), bodyFromPrincipal: definition.inertiaAxes,
      hasPrincipalBodyAxes: definition.inertiaAxes == .identity,
      isIsotropic: moments.max() - moments.min() <= 1e-12 * moments.max(), isDynamic: isDynamic,
      isScripted: !isDynamic && definition.motion != .fixed, gravity: gravity * definition.gravityScale, radius: radius,
      drag: DragModel(shape: definition.shape, coefficient: definition.dragCoefficient))
    if isDynamic { setAngularVelocity(state.angularVelocity) }
    refresh()
  }

  /// Makes the body one that isn't there, and that nothing moves.
  mutating func takeAway() {
    isPresent = false
    isDynamic = false
    (inverseMass, inverseInertia) = (0, .zero)
    (velocity, angularMomentum, angularVelocity) = (.zero, .zero, .zero)
    (load, loadTorque) = (.zero, .zero)
    dropContactForces()
  }

  /// Back to what acts from outside.
  mutating func dropContactForces() {
    force = load
    torque = loadTorque
    hasLoad = load != .zero || loadTorque != .zero
  }
}
