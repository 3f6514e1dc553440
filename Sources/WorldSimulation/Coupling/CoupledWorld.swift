import RigidBodies
import WorldCore

/// The rigid world with the engines that step beside it.
struct CoupledWorld: ~Copyable {
  var rigid: RigidWorld
  private let engines: [any CoupledEngine]
  /// Of each body, by what is not an engine, m/s².
  private var accelerations: [Vector3]

  init(_ rigid: consuming RigidWorld, engines: [any CoupledEngine]) {
    let definition = rigid.definition
    accelerations = definition.bodies.map { $0.motion == .dynamic ? definition.gravity * $0.gravityScale : .zero }
    self.rigid = rigid
    self.engines = engines
  }

  /// Moves everything on to exactly `time`, s.
  mutating func advance(to time: Double) throws {
    guard !engines.isEmpty else { return try rigid.advance(to: time) }
    let step = rigid.definition.timeStep
    while rigid.time < time {
      var bodies: [MovingBody] = []
      for (index, state) in rigid.states.enumerated() {
        bodies.append(MovingBody(state: state, isPresent: rigid.isPresent(body: index), acceleration: accelerations[index]))
      }
      let longest = engines.reduce(step) { min($0, $1.longestStretch(among: bodies)) }
      let remaining = time - rigid.time
      let pieces = max((remaining / longest - 1e-6).rounded(.up), 1)
      let end = pieces == 1 ? time : rigid.time + remaining / pieces
      try advance(to: end, bodies)
    }
  }

  /// One stretch, short enough for all engines.
  private mutating func advance(to end: Double, _ bodies: [MovingBody]) throws {
    let stretch = end - rigid.time
    var given = [Vector3](repeating: .zero, count: bodies.count)
    for engine in engines {
      for impulse in try engine.advance(by: stretch, among: bodies) {
        given[impulse.body] += impulse.linear
        rigid.apply(force: impulse.linear / stretch, torque: impulse.angular / stretch, to: impulse.body, until: end)
      }
    }
    try rigid.advance(to: end)

    // What else moved a body goes on for the next stretch, as a floor's support does; a blow doesn't.
    let definition = rigid.definition
    for (index, body) in definition.bodies.enumerated() where body.motion == .dynamic {
      let gravity = definition.gravity * body.gravityScale
      let change = rigid.state(of: index).velocity - bodies[index].state.velocity - given[index] / body.mass
      let acceleration = change / stretch
      let isSteady = acceleration.lengthSquared <= Self.steadiest * Self.steadiest * definition.gravity.lengthSquared
      accelerations[index] = isSteady ? acceleration : gravity
    }
  }

  /// Accelerations greater than this times gravity are taken for blows.
  private static let steadiest = 3.0

  // MARK: What is recorded

  /// Of everything that moves freely, J.
  var energy: (kinetic: Double, potential: Double) {
    engines.reduce(rigid.energy) { sum, engine in
      let energy = engine.energy
      return (sum.kinetic + energy.kinetic, sum.potential + energy.potential)
    }
  }

  /// Of everything that moves freely: kg·m/s, and kg·m²/s about the world's origin.
  var momentum: (linear: Vector3, angular: Vector3) {
    engines.reduce(rigid.momentum) { sum, engine in
      let momentum = engine.momentum
      return (sum.linear + momentum.linear, sum.angular + momentum.angular)
    }
  }

  /// All contacts since the last call, in order of time but for what was told late.
  mutating func drainContacts() -> [ContactEvent] { rigid.drainContacts() + engines.flatMap { $0.drainContacts() } }

  /// Adds the engines' present state to a trajectory.
  func record(into trajectory: inout Trajectory) {
    for engine in engines { engine.record(into: &trajectory) }
  }
}
