/// How far a point is from a surface, and which way is out.
public struct SignedDistance: Sendable, Equatable {
  /// m; negative inside.
  public var distance: Double
  /// The gradient of the distance: a unit vector that points outward. On a medial axis, one of its several values.
  public var normal: Vector3

  @inlinable public init(distance: Double, normal: Vector3) {
    self.distance = distance
    self.normal = normal
  }
}

/// The signed distance to a shape's surface, made ready to be asked many times: meshes get a tree of boxes.
///
/// Exact for every primitive, the tank and a closed mesh. A compound is exact outside; inside, where its parts overlap, the
/// depth is that of the deepest single part, which is a lower bound.
public struct SignedDistanceField: Sendable {
  public let shape: Shape
  private let mesh: MeshDistanceField?
  private let parts: [PlacedField]

  private struct PlacedField: Sendable {
    var field: SignedDistanceField
    var compoundFromPart: RigidTransform
  }

  public init(_ shape: Shape) {
    self.shape = shape
    if case .mesh(let triangles) = shape { mesh = MeshDistanceField(triangles) } else { mesh = nil }
    if case .compound(let list) = shape {
      parts = list.map { PlacedField(field: SignedDistanceField($0.shape), compoundFromPart: $0.compoundFromPart) }
    } else {
      parts = []
    }
  }

  /// Distance and outward normal at a point of the shape frame; infinitely far from an empty mesh or compound.
  public func sample(at p: Vector3) -> SignedDistance {
    switch shape {
    case .mesh: return mesh!.sample(at: p)
    case .compound:
      var nearest = SignedDistance(distance: .infinity, normal: .unitZ)
      for part in parts {
        let local = part.compoundFromPart.rotation.unrotate(p - part.compoundFromPart.translation)
        let sample = part.field.sample(at: local)
        if sample.distance < nearest.distance {
          nearest = SignedDistance(distance: sample.distance, normal: part.compoundFromPart.direction(sample.normal))
        }
      }
      return nearest
    default: return shape.primitiveSignedDistance(at: p)
    }
  }
}

extension Shape {
  /// Distance and outward normal at a point of the shape frame.
  ///
  /// To ask more than once about a mesh or compound, keep a ``SignedDistanceField``: this builds one each time.
  public func signedDistance(at point: Vector3) -> SignedDistance { SignedDistanceField(self).sample(at: point) }
}
