/// Mass, centre of mass and inertia of a rigid thing.
public struct MassProperties: Sendable, Equatable {
  /// kg
  public var mass: Double
  /// In the shape frame, m.
  public var centerOfMass: Vector3
  /// About the centre of mass, along the shape frame's axes, kg·m².
  public var inertia: SymmetricMatrix3

  public init(mass: Double, centerOfMass: Vector3, inertia: SymmetricMatrix3) {
    self.mass = mass
    self.centerOfMass = centerOfMass
    self.inertia = inertia
  }

  /// The same distribution of matter, of another total mass.
  public func scaled(toMass newMass: Double) -> MassProperties {
    MassProperties(mass: newMass, centerOfMass: centerOfMass, inertia: inertia * (newMass / mass))
  }

  /// The same thing placed in another frame.
  public func placed(by outerFromInner: RigidTransform) -> MassProperties {
    MassProperties(
      mass: mass, centerOfMass: outerFromInner.point(centerOfMass), inertia: inertia.rotated(by: outerFromInner.rotation))
  }

  /// Several things taken as one, by the parallel-axis theorem.
  public static func sum(_ parts: [MassProperties]) -> MassProperties {
    let mass = parts.reduce(0) { $0 + $1.mass }
    let center = parts.reduce(Vector3.zero) { $0 + $1.centerOfMass * $1.mass } / mass
    let inertia = parts.reduce(SymmetricMatrix3.zero) {
      $0 + $1.inertia + .pointMass($1.mass, at: $1.centerOfMass - center)
    }
    return MassProperties(mass: mass, centerOfMass: center, inertia: inertia)
  }
}
