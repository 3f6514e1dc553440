import WorldCore

/// How a body goes on once something has been changed: a ball of the body's inner radius under a gravity of choice, that
/// bounces off what is fixed and nothing else.
///
/// Good enough for what follows a broken law; the law itself is broken before.
struct FreePath {
  private let world: ValidWorld
  private let obstacles: FixedSolids
  private let radius: Double
  private let restitution: Double
  /// Slower than this along the normal, m/s, a bounce ends in rest.
  private static let rest = 0.15

  init(_ world: ValidWorld, body: String) {
    self.world = world
    radius = world.innerRadius(of: body)
    obstacles = FixedSolids(world.trajectory, on: world.stage) { $0.name != body }
    let own = world.trajectory.contacts.filter { $0.kind == .impact && $0.involves(body) }.map(\.restitution)
    restitution = own.isEmpty ? 0.6 : own.reduce(0, +) / Double(own.count)
  }

  /// States from `state`, that of sample `first`, to the trajectory's end.
  ///
  /// - Parameter isSolid: whether obstacles stop it.
  func states(from state: BodyState, at first: Int, gravity: Vector3, isSolid: Bool = true) -> [BodyState] {
    let h = world.step
    var states = [state]
    var now = state
    for _ in first + 1..<max(first + 1, world.trajectory.times.count) {
      now.position += now.velocity * h + gravity * (h * h / 2)
      now.velocity += gravity * h
      now.orientation = (Quaternion(rotationVector: now.angularVelocity * h) * now.orientation).normalized
      if isSolid { bounce(&now) }
      states.append(now)
    }
    return states
  }

  private func bounce(_ state: inout BodyState) {
    for sample in obstacles.samples(at: state.position) {
      let depth = radius - sample.distance
      guard depth > 0 else { continue }
      let normal = sample.normal
      let speed = state.velocity.dot(normal)
      guard speed < 0 else {
        state.position += normal * min(depth, 0.5 * radius)
        continue
      }
      let e = -speed > Self.rest ? restitution : 0
      // It came to the surface within the step and has been on its way back since.
      state.position += normal * (depth * (1 + e))
      state.velocity += normal * (-(1 + e) * speed)
    }
  }
}
