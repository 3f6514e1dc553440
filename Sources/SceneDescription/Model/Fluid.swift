public import WorldCore

/// A body of liquid that starts at rest, or in even motion, in a region.
public struct Fluid: Sendable, Equatable {
  public var name: String
  public var liquid: Liquid
  /// The region it fills, placed in the world.
  public var region: Shape
  public var worldFromRegion: RigidTransform
  /// Distance between particles, m.
  public var spacing: Double
  /// m/s
  public var velocity: Vector3
  public var location: SourceLocation?

  public init(
    name: String, liquid: Liquid, region: Shape, worldFromRegion: RigidTransform, spacing: Double, velocity: Vector3 = .zero,
    location: SourceLocation? = nil
  ) {
    self.name = name
    self.liquid = liquid
    self.region = region
    self.worldFromRegion = worldFromRegion
    self.spacing = spacing
    self.velocity = velocity
    self.location = location
  }
}

/// What a fluid is.
public struct Liquid: Sendable, Equatable {
  public var name: String
  /// kg/m³
  public var density: Double
  /// Dynamic viscosity, Pa·s.
  public var viscosity: Double
  /// N/m
  public var surfaceTension: Double
  public var surface: Surface

  public init(name: String, density: Double, viscosity: Double, surfaceTension: Double, surface: Surface) {
    self.name = name
    self.density = density
    self.viscosity = viscosity
    self.surfaceTension = surfaceTension
    self.surface = surface
  }
}
