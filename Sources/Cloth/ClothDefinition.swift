public import WorldCore

/// A rectangular cloth before it is simulated.
///
/// In its own frame the cloth is a flat upright sheet centred on the origin: x runs right along the rows (weft), z runs up the
/// columns (warp), and the side that faces −y is its front. Row 0 is the top edge and column 0 the left one.
public struct ClothDefinition: Sendable, Equatable {
  public var name: String
  /// Width and height, m.
  public var size: SIMD2<Double>
  /// The wished distance between nodes, m; the grid divides the size evenly as near to it as possible.
  public var spacing: Double
  public var material: ClothMaterial
  public var worldFromCloth: RigidTransform
  public var pins: [ClothPin]
  /// Of the whole cloth at the start, m/s.
  public var velocity: Vector3
  /// Of the whole cloth at the start about its centre, rad/s, world frame.
  public var angularVelocity: Vector3

  public init(
    name: String, size: SIMD2<Double>, spacing: Double, material: ClothMaterial, worldFromCloth: RigidTransform = .identity,
    pins: [ClothPin] = [], velocity: Vector3 = .zero, angularVelocity: Vector3 = .zero
  ) {
    self.name = name
    self.size = size
    self.spacing = spacing
    self.material = material
    self.worldFromCloth = worldFromCloth
    self.pins = pins
    self.velocity = velocity
    self.angularVelocity = angularVelocity
  }

  public var columns: Int { Self.nodes(along: size.x, spacing) }
  public var rows: Int { Self.nodes(along: size.y, spacing) }

  private static func nodes(along length: Double, _ spacing: Double) -> Int {
    let cells = (length / spacing).rounded()
    return cells.isFinite && cells < 1e6 ? Int(cells) + 1 : 0
  }
}

/// Nodes of a cloth that are held.
public struct ClothPin: Sendable, Equatable {
  public enum Place: Sendable, Equatable {
    /// A corner (`top-left`, …), the middle of an edge (`top-center`, `left-center`, …), `center`, or a whole edge (`top`,
    /// `left`, …).
    case name(String)
    case node(row: Int, column: Int)
    /// The node nearest to a point of the world, which must lie within one spacing of the cloth as placed.
    case point(Vector3)
  }

  public enum Holder: Sendable, Equatable {
    /// Where the node is at the start.
    case world
    /// The collider of this id, at the point of it where the node is at the start.
    case body(Int)
  }

  public var place: Place
  public var holder: Holder
  /// The force a node of the pin bears before it tears off, N; nil where it never does.
  public var strength: Double?

  public init(_ place: Place, to holder: Holder = .world, strength: Double? = nil) {
    self.place = place
    self.holder = holder
    self.strength = strength
  }

  /// Every name a pin can have.
  public static let names = [
    "top-left", "top-right", "bottom-left", "bottom-right", "top-center", "bottom-center", "left-center", "right-center",
    "center", "top", "bottom", "left", "right",
  ]
}

/// The air a cloth moves through.
public struct ClothAir: Sendable, Equatable {
  /// kg/m³
  public var density: Double
  /// m/s
  public var wind: Vector3
  /// Standard deviation of the wind's gusts as a share of its speed, 0 for an even stream.
  public var gustiness: Double
  /// Size of the gusts, m.
  public var gustLength: Double
  public var seed: UInt64

  public init(density: Double = 1.204, wind: Vector3 = .zero, gustiness: Double = 0, gustLength: Double = 2, seed: UInt64 = 0) {
    self.density = density
    self.wind = wind
    self.gustiness = gustiness
    self.gustLength = gustLength
    self.seed = seed
  }
}
