public import WorldCore

/// A body of liquid as it starts.
public struct FluidDefinition: Sendable, Equatable {
  public var name: String
  public var liquid: FluidLiquid
  /// The region it fills, placed in the world. Solids that reach into it displace it.
  public var region: Shape
  public var worldFromRegion: RigidTransform
  /// m/s
  public var velocity: Vector3

  public init(
    name: String, liquid: FluidLiquid = .water, region: Shape, worldFromRegion: RigidTransform = .identity,
    velocity: Vector3 = .zero
  ) {
    self.name = name
    self.liquid = liquid
    self.region = region
    self.worldFromRegion = worldFromRegion
    self.velocity = velocity
  }
}

/// What a liquid is.
public struct FluidLiquid: Sendable, Equatable {
  /// kg/m³
  public var density: Double
  /// Dynamic viscosity, Pa·s.
  public var viscosity: Double
  /// N/m
  public var surfaceTension: Double

  public init(density: Double, viscosity: Double = 0, surfaceTension: Double = 0) {
    self.density = density
    self.viscosity = viscosity
    self.surfaceTension = surfaceTension
  }

  /// At 20 °C.
  public static let water = FluidLiquid(density: 998.2, viscosity: 1.002e-3, surfaceTension: 0.0728)
}

/// How finely and how exactly fluids are computed.
public struct FluidOptions: Sendable, Equatable {
  /// m/s²
  public var gravity = Vector3(0, 0, -9.81)
  /// Between particles, m. A region that it doesn't fit evenly gets the nearest that does.
  public var spacing: Double
  /// s
  public var longestStep = 0.005
  /// The way that the fastest particle may go in a step, in spacings.
  public var courantNumber = 0.4
  /// Mean relative density above rest that a substep may leave.
  public var densityTolerance = 5e-4
  /// Mean change of the relative density by a substep's motion that its pressures may leave.
  public var divergenceTolerance = 1e-4
  /// The same, as a share of what the motion would change without pressure: deep still water needs it.
  public var divergenceShare = 0.2
  public var iterationLimit = 200
  /// Of the smoothing viscosity that keeps particles in order: kinematic viscosity over d √(g d).
  public var smoothing = 0.1
  /// What comes out doesn't depend on it.
  public var workers = 1

  public init(spacing: Double) { self.spacing = spacing }
}
