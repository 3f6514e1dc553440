public import WorldCore

/// What a body is made of: how it bounces, slides, rolls, weighs, looks and sounds.
public struct Material: Sendable, Equatable {
  public var name: String
  /// 0 … 1
  public var restitution: Double
  /// Coulomb's coefficient, ≥ 0.
  public var friction: Double
  /// Torque against rolling, divided by normal force and by the radius of the rolling body; dimensionless, ≥ 0.
  public var rollingFriction: Double
  /// Torque against turning about the contact's normal, divided by normal force and by the body's radius; ≥ 0.
  public var spinningFriction: Double
  /// kg/m³
  public var density: Double
  public var surface: Surface
  public var sound: Stage.SoundMaterial
  public var location: SourceLocation?

  public init(
    name: String, restitution: Double = 0.5, friction: Double = 0.5, rollingFriction: Double = 0, spinningFriction: Double = 0,
    density: Double = 1000, surface: Surface = Surface(), sound: Stage.SoundMaterial = .plastic, location: SourceLocation? = nil
  ) {
    self.name = name
    self.restitution = restitution
    self.friction = friction
    self.rollingFriction = rollingFriction
    self.spinningFriction = spinningFriction
    self.density = density
    self.surface = surface
    self.sound = sound
    self.location = location
  }
}
