public import WorldCore

/// Calm liquid as a height field: a rectangular basin of even depth, as large as one likes.
public struct SurfaceDefinition: Sendable, Equatable {
  public var name: String
  public var liquid: FluidLiquid
  /// The middle of the surface at rest, m.
  public var center: Vector3
  /// Along x and y, m; and the depth of the even floor.
  public var size: SIMD2<Double>
  public var depth: Double
  /// Between the heights, m. A side that it doesn't fit evenly gets the nearest that does.
  public var spacing: Double
  /// m/s²; along −z.
  public var gravity: Double
  public var rain: [SurfaceRain]

  public init(
    name: String, liquid: FluidLiquid = .water, center: Vector3, size: SIMD2<Double>, depth: Double, spacing: Double,
    gravity: Double = 9.81, rain: [SurfaceRain] = []
  ) {
    self.name = name
    self.liquid = liquid
    self.center = center
    self.size = size
    self.depth = depth
    self.spacing = spacing
    self.gravity = gravity
    self.rain = rain
  }

  /// Heights along x and y.
  public var counts: SIMD2<Int> {
    SIMD2(max(Int((size.x / spacing).rounded()), 2), max(Int((size.y / spacing).rounded()), 2))
  }

  /// Heights in all that a basin may have.
  public static let limit = 262_144
  /// Heights along a side that a basin may have: the tables of its modes grow with the square.
  public static let sideLimit = 4096
}

/// Drops that fall on a surface.
public struct SurfaceRain: Sendable, Equatable {
  /// The middle of the area they fall on, world frame, and its extents, m.
  public var center: SIMD2<Double>
  public var size: SIMD2<Double>
  /// Volume per area and time, m/s.
  public var intensity: Double
  /// Of a drop, m.
  public var diameter: Double
  /// m/s
  public var speed: Double
  /// s
  public var from: Double
  public var to: Double
  public var seed: UInt64

  public init(
    center: SIMD2<Double>, size: SIMD2<Double>, intensity: Double, diameter: Double, speed: Double, from: Double = 0,
    to: Double = .infinity, seed: UInt64 = 0
  ) {
    self.center = center
    self.size = size
    self.intensity = intensity
    self.diameter = diameter
    self.speed = speed
    self.from = from
    self.to = to
    self.seed = seed
  }
}
