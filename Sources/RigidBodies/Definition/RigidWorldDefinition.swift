public import WorldCore

/// Everything that a rigid-body world is made of, before time starts. SI units, world frame, z up.
public struct RigidWorldDefinition: Sendable, Equatable {
  /// m/s²
  public var gravity: Vector3
  /// The medium the bodies fly through; nil is a vacuum.
  public var air: Air?
  /// Names are unique.
  public var bodies: [RigidBodyDefinition]
  /// Names are unique.
  public var joints: [JointDefinition]
  public var contactRules: ContactRules
  /// The longest step, s. Impacts are found inside steps, so it bounds the error of lasting contacts, joints and drag only.
  public var timeStep: Double

  public init(
    gravity: Vector3 = Vector3(0, 0, -9.81), air: Air? = nil, bodies: [RigidBodyDefinition] = [],
    joints: [JointDefinition] = [], contactRules: ContactRules = ContactRules(), timeStep: Double = 1.0 / 240
  ) {
    self.gravity = gravity
    self.air = air
    self.bodies = bodies
    self.joints = joints
    self.contactRules = contactRules
    self.timeStep = timeStep
  }
}

/// A still or evenly moving gas: quadratic drag and, on spinning spheres, Magnus lift.
public struct Air: Sendable, Equatable {
  /// kg/m³; dry air at 20 °C and 1 atm has 1.204.
  public var density: Double
  /// Whether drag and lift act at all.
  public var drag: Bool
  /// m/s, the same everywhere.
  public var wind: Vector3

  public init(density: Double = 1.204, drag: Bool = true, wind: Vector3 = .zero) {
    self.density = density
    self.drag = drag
    self.wind = wind
  }
}

/// How the coefficients of two surfaces become those of their pair.
public struct ContactRules: Sendable, Equatable {
  public enum Combination: String, Sendable, CaseIterable {
    case geometricMean, minimum, maximum, product

    public func callAsFunction(_ a: Double, _ b: Double) -> Double {
      switch self {
      case .geometricMean: (a * b).squareRoot()
      case .minimum: min(a, b)
      case .maximum: max(a, b)
      case .product: a * b
      }
    }
  }

  public var restitution: Combination
  public var friction: Combination
  /// For rolling and spinning friction, where the softer of the two surfaces does the deforming.
  public var rollingFriction: Combination

  public init(
    restitution: Combination = .geometricMean, friction: Combination = .geometricMean, rollingFriction: Combination = .maximum
  ) {
    self.restitution = restitution
    self.friction = friction
    self.rollingFriction = rollingFriction
  }
}
