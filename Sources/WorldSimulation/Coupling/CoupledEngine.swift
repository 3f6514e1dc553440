import WorldCore

/// An engine that steps beside the rigid world and exchanges impulses with its bodies: cloth, fluids.
///
/// A stretch of time goes so: every engine advances among the bodies as they are at its start and says what impulses it gave
/// them; the rigid world then advances with these as forces that last through the stretch. What the engine's matter gave, the
/// bodies get to the last bit, so the sum of both momenta changes by outer forces alone.
protocol CoupledEngine: AnyObject {
  /// The longest stretch, s, over which the bodies may go on evenly before the engine looks again; infinite for any.
  func longestStretch(among bodies: [MovingBody]) -> Double

  /// Carries the engine on.
  ///
  /// - Parameters:
  ///   - stretch: s
  ///   - bodies: all bodies of the rigid world in its order, as they are at the start of the stretch.
  /// - Returns: what they were given meanwhile.
  func advance(by stretch: Double, among bodies: [MovingBody]) throws -> [BodyImpulse]

  /// J. Potential energy counts gravity and what the engine's matter stores.
  var energy: (kinetic: Double, potential: Double) { get }

  /// kg·m/s, and kg·m²/s about the world's origin.
  var momentum: (linear: Vector3, angular: Vector3) { get }

  /// What its matter had with bodies since the last call: contacts that began or ended, in order of time.
  func drainContacts() -> [ContactEvent]

  /// Adds the present state to a trajectory as its newest sample.
  func record(into trajectory: inout Trajectory)
}

extension CoupledEngine {
  func drainContacts() -> [ContactEvent] { [] }
}

/// A body as an engine beside the rigid world sees it: its motion now, and what else accelerates it.
struct MovingBody {
  var state: BodyState
  /// Whether it is there: pieces are once their whole has broken, the whole is till then.
  var isPresent = true
  /// By gravity, contacts and joints, as far as can be foreseen, m/s².
  var acceleration: Vector3
}

/// What an engine gave a body during a stretch.
struct BodyImpulse {
  /// Number of the body in the rigid world.
  var body: Int
  /// N·s
  var linear: Vector3
  /// About the centre of mass as it was at the start of the stretch, N·m·s.
  var angular: Vector3
}
