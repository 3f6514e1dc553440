/// What happened in a world: the waist between what makes motion and what shows, sounds, learns from or judges it.
///
/// Samples lie exactly on the grid k/rate. SI units, world frame, z up.
public struct Trajectory: Sendable, Equatable {
  public var scene: SceneIdentity
  /// Seconds, ascending, starting at 0.
  public var times: [Double]
  public var bodies: [BodyTrack]
  public var cloths: [ClothTrack]
  public var fluids: [FluidTrack] = []
  /// In order of time.
  public var contacts: [ContactEvent]
  public var energy: Energy
  public var momentum: Momentum
  /// Joints that gave way, in order of time.
  public var breaks: [Break] = []

  public init(
    scene: SceneIdentity, times: [Double], bodies: [BodyTrack], cloths: [ClothTrack] = [], contacts: [ContactEvent],
    energy: Energy = Energy(), momentum: Momentum = Momentum()
  ) {
    self.scene = scene
    self.times = times
    self.bodies = bodies
    self.cloths = cloths
    self.contacts = contacts
    self.energy = energy
    self.momentum = momentum
  }

  /// Which scene, made how.
  public struct SceneIdentity: Sendable, Equatable, Codable {
    public var name: String
    public var seed: UInt64
    /// Seconds.
    public var duration: Double
    /// `sha256:` and the hexadecimal digest of the scene as it was simulated.
    public var digest: String

    public init(name: String, seed: UInt64, duration: Double, digest: String) {
      self.name = name
      self.seed = seed
      self.duration = duration
      self.digest = digest
    }
  }

  /// Joules at each sample time. Potential energy counts gravity (zero at z = 0 for gravity along −z), springs and what
  /// cloth stores.
  public struct Energy: Sendable, Equatable, Codable {
    public var kinetic: [Double]
    public var potential: [Double]

    public init(kinetic: [Double] = [], potential: [Double] = []) {
      self.kinetic = kinetic
      self.potential = potential
    }
  }

  /// A joint that gave way.
  public struct Break: Sendable, Equatable, Codable {
    /// Seconds.
    public var time: Double
    /// The joint's name.
    public var joint: String
    /// The bodies it held together; one where it held a body to the world.
    public var bodies: [String]
    /// What it bore, N; a blow counts as its impulse over 10 ms.
    public var force: Double
    /// Where it held its first body, world frame, m.
    public var point: Vector3

    public init(time: Double, joint: String, bodies: [String], force: Double, point: Vector3) {
      self.time = time
      self.joint = joint
      self.bodies = bodies
      self.force = force
      self.point = point
    }
  }

  /// At each sample time: linear in kg·m/s, angular about the world's origin in kg·m²/s.
  public struct Momentum: Sendable, Equatable {
    public var linear: [Vector3]
    public var angular: [Vector3]

    public init(linear: [Vector3] = [], angular: [Vector3] = []) {
      self.linear = linear
      self.angular = angular
    }
  }

  public func body(_ name: String) -> BodyTrack? { bodies.first { $0.name == name } }
}

/// One body's motion. The body frame has its origin at the centre of mass and the shape's axes.
public struct BodyTrack: Sendable, Equatable {
  public enum Motion: String, Sendable, Codable, CaseIterable {
    case dynamic, fixed, scripted
  }

  public var name: String
  public var motion: Motion
  /// kg; 0 where there is none to speak of (a fixed plane).
  public var mass: Double
  /// Principal moments, kg·m².
  public var inertia: Vector3
  /// The principal axes in the body frame (bodyFromPrincipal); identity where the shape's own axes are principal.
  public var inertiaAxes: Quaternion
  /// The centre of mass in the shape frame, m.
  public var centerOfMass: Vector3
  /// The body that this one is a piece of; nil for what stands in the scene itself.
  public var pieceOf: String?
  /// From when on the body is there, and from when on it is not, s: a piece comes when its whole breaks, which is gone then.
  /// Infinite both for a piece whose whole never broke.
  public var appears = 0.0
  public var vanishes = Double.infinity
  /// One per sample time. Where a body is not there, a piece rides on its whole, and a broken one goes with the middle of its
  /// pieces.
  public var states: [BodyState]

  public init(
    name: String, motion: Motion, mass: Double, inertia: Vector3, inertiaAxes: Quaternion = .identity,
    centerOfMass: Vector3 = .zero, pieceOf: String? = nil, states: [BodyState] = []
  ) {
    self.name = name
    self.motion = motion
    self.mass = mass
    self.inertia = inertia
    self.inertiaAxes = inertiaAxes
    self.centerOfMass = centerOfMass
    self.pieceOf = pieceOf
    self.states = states
  }

  /// Whether the body is there, s.
  public func isPresent(at time: Double) -> Bool { time >= appears && time < vanishes }

  /// Whether it is there all the time.
  public var isAlwaysPresent: Bool { appears <= 0 && vanishes == .infinity }
}

/// Place and motion of a rigid body at an instant.
public struct BodyState: Sendable, Hashable {
  /// Centre of mass, world frame, m.
  public var position: Vector3
  /// worldFromBody.
  public var orientation: Quaternion
  /// Of the centre of mass, m/s.
  public var velocity: Vector3
  /// World frame, rad/s.
  public var angularVelocity: Vector3

  public init(
    position: Vector3, orientation: Quaternion = .identity, velocity: Vector3 = .zero, angularVelocity: Vector3 = .zero
  ) {
    self.position = position
    self.orientation = orientation
    self.velocity = velocity
    self.angularVelocity = angularVelocity
  }

  public var worldFromBody: RigidTransform { RigidTransform(rotation: orientation, translation: position) }

  /// The velocity of the body's point that is at `point` in the world, m/s.
  public func velocity(at point: Vector3) -> Vector3 { velocity + angularVelocity.cross(point - position) }
}
