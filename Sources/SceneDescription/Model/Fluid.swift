public import WorldCore

/// A liquid: how it starts, and where it comes in and leaves.
public struct Fluid: Sendable, Equatable {
  /// What it is computed as: particles that splash and pour, or the height field of a calm surface.
  public enum Kind: String, Sendable, CaseIterable { case particles, surface }
  public var name: String
  public var kind = Kind.particles
  public var liquid: Liquid
  /// The region it fills at the start, placed in the world; nil for none.
  public var region: Shape?
  public var worldFromRegion: RigidTransform
  /// Whether only the parts of the region that bodies enclose are filled.
  public var isEnclosed: Bool
  /// Distance between particles, or between the heights of a surface, m.
  public var spacing: Double
  /// Of what fills the region, m/s.
  public var velocity: Vector3
  public var emitters: [Emitter]
  public var drains: [Drain]
  public var location: SourceLocation?

  public init(
    name: String, liquid: Liquid, region: Shape?, worldFromRegion: RigidTransform, isEnclosed: Bool = false, spacing: Double,
    velocity: Vector3 = .zero, emitters: [Emitter] = [], drains: [Drain] = [], location: SourceLocation? = nil
  ) {
    self.name = name
    self.liquid = liquid
    self.region = region
    self.worldFromRegion = worldFromRegion
    self.isEnclosed = isEnclosed
    self.spacing = spacing
    self.velocity = velocity
    self.emitters = emitters
    self.drains = drains
    self.location = location
  }

  /// Where liquid comes in.
  public struct Emitter: Sendable, Equatable {
    public enum Mouth: Sendable, Equatable {
      /// m
      case nozzle(radius: Double)
      /// m, along x and y; volume per area and time, m/s; diameter of a drop on a surface, m.
      case rain(size: SIMD2<Double>, intensity: Double, drop: Double)
    }
    public var name: String
    public var mouth: Mouth
    /// Of the mouth's middle, m.
    public var position: Vector3
    /// Unit vector.
    public var direction: Vector3
    /// m/s
    public var speed: Double
    /// When it is open, s; nil for to the end.
    public var from: Double
    public var to: Double?

    public init(
      name: String, mouth: Mouth, position: Vector3, direction: Vector3 = -.unitZ, speed: Double, from: Double = 0,
      to: Double? = nil
    ) {
      self.name = name
      self.mouth = mouth
      self.position = position
      self.direction = direction
      self.speed = speed
      self.from = from
      self.to = to
    }

    /// m³/s
    public var flow: Double {
      switch mouth {
      case .nozzle(let radius): .pi * radius * radius * speed
      case .rain(let size, let intensity, _): size.x * size.y * intensity
      }
    }
  }

  /// Where liquid leaves the world.
  public struct Drain: Sendable, Equatable {
    public var name: String
    public var region: Shape
    public var worldFromRegion: RigidTransform
    /// When it is open, s; nil for to the end.
    public var from: Double
    public var to: Double?

    public init(name: String, region: Shape, worldFromRegion: RigidTransform, from: Double = 0, to: Double? = nil) {
      self.name = name
      self.region = region
      self.worldFromRegion = worldFromRegion
      self.from = from
      self.to = to
    }
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
