public import WorldCore

/// A body of liquid: how it starts, and where it comes in and goes.
public struct FluidDefinition: Sendable, Equatable {
  public var name: String
  public var liquid: FluidLiquid
  /// The region it fills at the start, placed in the world; nil for none. Solids that reach into it displace it.
  public var region: Shape?
  public var worldFromRegion: RigidTransform
  /// Whether only what solids enclose is filled: the parts of the region from which no way leads out through its sides or
  /// bottom.
  public var isEnclosed: Bool
  /// Of what fills the region, m/s.
  public var velocity: Vector3
  public var inlets: [FluidInlet]
  public var outlets: [FluidOutlet]

  public init(
    name: String, liquid: FluidLiquid = .water, region: Shape?, worldFromRegion: RigidTransform = .identity,
    isEnclosed: Bool = false, velocity: Vector3 = .zero, inlets: [FluidInlet] = [], outlets: [FluidOutlet] = []
  ) {
    self.name = name
    self.liquid = liquid
    self.region = region
    self.worldFromRegion = worldFromRegion
    self.isEnclosed = isEnclosed
    self.velocity = velocity
    self.inlets = inlets
    self.outlets = outlets
  }
}

extension FluidDefinition {
  /// - Throws: ``FluidError/badLiquid(fluid:quantity:value:)``, ``FluidError/badFlow(fluid:flow:)``.
  func check() throws(FluidError) {
    let quantities = [
      ("density", liquid.density, liquid.density > 0), ("viscosity", liquid.viscosity, liquid.viscosity >= 0),
      ("surface tension", liquid.surfaceTension, liquid.surfaceTension >= 0),
    ]
    for (quantity, value, isRight) in quantities where !(isRight && value.isFinite) {
      throw .badLiquid(fluid: name, quantity: quantity, value: value)
    }
    for inlet in inlets where !(inlet.flow > 0 && inlet.flow.isFinite && inlet.speed > 0) {
      throw .badFlow(fluid: name, flow: inlet.flow)
    }
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
  /// The longest step over √(d/g): in a longer one what falls by its own weight is more than the sweeps can balance in a deep
  /// column.
  public var gravityShare = 0.07
  /// The way that the fastest particle may go in a step, in spacings.
  public var courantNumber = 0.4
  /// Mean relative density above rest that a substep may leave.
  public var densityTolerance = 5e-4
  /// Mean change of the relative density by a substep's motion that its pressures may leave.
  public var divergenceTolerance = 1e-4
  /// The same, as a share of what the motion would change without pressure: deep still water needs it.
  public var divergenceShare = 0.2
  public var iterationLimit = 200
  /// What implicit viscosity may leave, of the liquids' root mean square speed.
  public var viscosityTolerance = 1e-4
  /// Of the smoothing that keeps particles in order: the kinematic viscosity, over d √(g d), that neighbours moving in opposite
  /// ways feel. It fades with the fourth power of the wavelength.
  public var smoothing = 0.1
  /// Of what calms wide eddies too: a kinematic viscosity over d √(g d).
  public var calming = 0.05
  /// The same two over d √(σ/ρd), where that is more: the forces of a surface of particles are uneven. A drop's swing fades by the
  /// calming as by any viscosity (Lamb 1932, article 355); with less of it, or a smoothing of 0.3, particles leave the drop, and
  /// one of 0.6 is too much for the step.
  public var tensionSmoothing = 0.4
  public var tensionCalming = 0.03
  /// What comes out doesn't depend on it.
  public var workers = 1

  public init(spacing: Double) { self.spacing = spacing }
}
