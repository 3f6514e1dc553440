public import WorldCore

/// A rectangular sheet. In its own frame it lies in the xy plane, centred on the origin: `size.x` along x, `size.y` along y
/// (its top edge is that of larger y), its front up.
public struct Cloth: Sendable, Equatable {
  public var name: String
  /// Extents at rest, m.
  public var size: SIMD2<Double>
  public var fabric: Fabric
  public var worldFromCloth: RigidTransform
  /// Of the whole sheet at the start, m/s.
  public var velocity: Vector3
  public var pins: [Pin]
  /// Distance between vertices, m.
  public var spacing: Double
  public var location: SourceLocation?

  public init(
    name: String, size: SIMD2<Double>, fabric: Fabric, worldFromCloth: RigidTransform = .identity, velocity: Vector3 = .zero,
    pins: [Pin] = [], spacing: Double, location: SourceLocation? = nil
  ) {
    self.name = name
    self.size = size
    self.fabric = fabric
    self.worldFromCloth = worldFromCloth
    self.velocity = velocity
    self.pins = pins
    self.spacing = spacing
    self.location = location
  }

  /// Vertices of the sheet that are held.
  public struct Pin: Sendable, Equatable {
    public var place: Place
    /// The body that carries them, at the point of it where they start; nil holds them still in the world.
    public var body: String?
    /// The force that one vertex bears before it tears off, N; nil where it never does.
    public var strength: Double?
    /// Whether the thread beside an edge is held too, so that the sheet leaves the edge at right angles to it.
    public var isClamped: Bool

    public init(_ place: Place, to body: String? = nil, strength: Double? = nil, isClamped: Bool = false) {
      self.place = place
      self.body = body
      self.strength = strength
      self.isClamped = isClamped
    }

    public enum Place: Sendable, Equatable {
      case part(Part)
      /// The vertex nearest to this point of the world, m.
      case point(Vector3)
    }
  }

  /// Parts of a sheet that have a name: corners, edges, the middles of edges and of the sheet.
  public enum Part: String, Sendable, CaseIterable {
    case topLeft = "top-left"
    case topRight = "top-right"
    case bottomLeft = "bottom-left"
    case bottomRight = "bottom-right"
    case top, bottom, left, right, center
    case topCenter = "top-center"
    case bottomCenter = "bottom-center"
    case leftCenter = "left-center"
    case rightCenter = "right-center"

    /// Whether it is a whole edge.
    public var isEdge: Bool { [.top, .bottom, .left, .right].contains(self) }
  }
}

/// What a cloth is made of, as laboratories measure it; moduli are those of the sheet, a unit of width.
public struct Fabric: Sendable, Equatable {
  public var name: String
  /// kg/m²
  public var arealDensity: Double
  /// m
  public var thickness: Double
  /// Force per width and strain along x (weft) and y (warp), N/m.
  public var stretchStiffness: SIMD2<Double>
  /// Shear force per width and shear angle, N/m.
  public var shearStiffness: Double
  /// Flexural rigidity along x (weft) and y (warp), N·m.
  public var bendStiffness: SIMD2<Double>
  public var friction: Double
  /// Kelvin–Voigt relaxation times of stretch and shear, and of bending, s.
  public var membraneDamping: Double
  public var bendingDamping: Double
  /// Of a patch across the stream, referred to ½ρv² and its area.
  public var dragCoefficient: Double
  /// The share of a stream that passes through, 0…1.
  public var porosity: Double
  /// Of the fibres themselves, kg/m³: what makes a wet cloth sink or swim.
  public var solidDensity: Double
  public var surface: Surface

  public init(
    name: String, arealDensity: Double, thickness: Double, stretchStiffness: SIMD2<Double>, shearStiffness: Double,
    bendStiffness: SIMD2<Double>, friction: Double, membraneDamping: Double = 5e-4, bendingDamping: Double = 5e-3,
    dragCoefficient: Double = 1.28, porosity: Double = 0, solidDensity: Double = 1400,
    surface: Surface = Surface()
  ) {
    self.name = name
    self.arealDensity = arealDensity
    self.thickness = thickness
    self.stretchStiffness = stretchStiffness
    self.shearStiffness = shearStiffness
    self.bendStiffness = bendStiffness
    self.friction = friction
    self.membraneDamping = membraneDamping
    self.bendingDamping = bendingDamping
    self.dragCoefficient = dragCoefficient
    self.porosity = porosity
    self.solidDensity = solidDensity
    self.surface = surface
  }
}
