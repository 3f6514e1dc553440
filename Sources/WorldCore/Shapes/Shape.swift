/// The form of a body, in a frame of its own (the shape frame). Lengths in metres.
///
/// Round shapes stand along z. Every shape but `plane` is closed and has a volume.
public enum Shape: Sendable, Equatable {
  case sphere(radius: Double)
  /// Full extents along x, y and z, centred on the origin.
  case box(size: Vector3)
  /// Centred on the origin, `height` along z.
  case cylinder(radius: Double, height: Double)
  /// `height` is that of the straight part: the whole is `height + 2 radius` long.
  case capsule(radius: Double, height: Double)
  /// Base of `radius` at z = −height/2, tip at z = +height/2.
  case cone(radius: Double, height: Double)
  /// Axis along z; `radius` from the centre to the middle of the tube, whose own radius is `tube`.
  case torus(radius: Double, tube: Double)
  /// The half-space behind the origin: everything on the far side of `normal`.
  case plane(normal: Vector3)
  /// An open-topped box: inner extents `size`, walls and floor `wall` thick. The inner floor's centre is the origin.
  case tank(size: Vector3, wall: Double)
  case mesh(TriangleMesh)
  case compound([Part])

  /// A shape placed in the frame of the compound that it is part of.
  public struct Part: Sendable, Equatable {
    public var shape: Shape
    public var compoundFromPart: RigidTransform
    /// Colours this part where it should differ from its body.
    public var surface: Surface?
    /// kg/m³ where the part is of other stuff than its body.
    public var density: Double?

    public init(shape: Shape, compoundFromPart: RigidTransform = .identity, surface: Surface? = nil, density: Double? = nil) {
      self.shape = shape
      self.compoundFromPart = compoundFromPart
      self.surface = surface
      self.density = density
    }
  }

  /// The five boxes a tank is made of: floor, −x, +x, −y and +y walls, as parts that meet without overlapping.
  public static func tankParts(size: Vector3, wall: Double) -> [Part] {
    let outer = Vector3(size.x + 2 * wall, size.y + 2 * wall, 0)
    func slab(_ size: Vector3, at center: Vector3) -> Part {
      Part(shape: .box(size: size), compoundFromPart: RigidTransform(translation: center))
    }
    let middle = size.z / 2
    return [
      slab(Vector3(outer.x, outer.y, wall), at: Vector3(0, 0, -wall / 2)),
      slab(Vector3(wall, outer.y, size.z), at: Vector3(-(size.x + wall) / 2, 0, middle)),
      slab(Vector3(wall, outer.y, size.z), at: Vector3((size.x + wall) / 2, 0, middle)),
      slab(Vector3(size.x, wall, size.z), at: Vector3(0, -(size.y + wall) / 2, middle)),
      slab(Vector3(size.x, wall, size.z), at: Vector3(0, (size.y + wall) / 2, middle)),
    ]
  }
}
