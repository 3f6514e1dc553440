public import WorldCore

/// A rectangular sheet. In its own frame it lies in the xy plane, centred on the origin: `size.x` along x, `size.y` along y
/// (its top edge is that of larger y).
public struct Cloth: Sendable, Equatable {
  public var name: String
  /// Extents at rest, m.
  public var size: SIMD2<Double>
  public var fabric: Fabric
  public var worldFromCloth: RigidTransform
  public var pins: [Pin]
  /// Distance between vertices, m.
  public var spacing: Double
  public var location: SourceLocation?

  public init(
    name: String, size: SIMD2<Double>, fabric: Fabric, worldFromCloth: RigidTransform = .identity, pins: [Pin] = [],
    spacing: Double, location: SourceLocation? = nil
  ) {
    self.name = name
    self.size = size
    self.fabric = fabric
    self.worldFromCloth = worldFromCloth
    self.pins = pins
    self.spacing = spacing
    self.location = location
  }

  /// A part of the sheet that is held where it starts.
  public enum Pin: String, Sendable, CaseIterable {
    case topLeft = "top-left"
    case topRight = "top-right"
    case bottomLeft = "bottom-left"
    case bottomRight = "bottom-right"
    case top, bottom, left, right, center
  }
}

/// What a cloth is made of.
public struct Fabric: Sendable, Equatable {
  public var name: String
  /// kg/m²
  public var arealDensity: Double
  /// m
  public var thickness: Double
  /// Force per width and strain, N/m.
  public var stretchStiffness: Double
  /// Flexural rigidity, N·m.
  public var bendStiffness: Double
  public var friction: Double
  public var surface: Surface

  public init(
    name: String, arealDensity: Double, thickness: Double, stretchStiffness: Double, bendStiffness: Double, friction: Double,
    surface: Surface
  ) {
    self.name = name
    self.arealDensity = arealDensity
    self.thickness = thickness
    self.stretchStiffness = stretchStiffness
    self.bendStiffness = bendStiffness
    self.friction = friction
    self.surface = surface
  }
}
