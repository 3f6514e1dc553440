import WorldCore

/// A body's surface as a distance in the world at one instant.
struct PlacedSolid {
  private let field: SignedDistanceField
  private let shapeFromWorld: RigidTransform
  private let worldFromShape: RigidTransform

  init(_ field: SignedDistanceField, worldFromShape: RigidTransform) {
    self.field = field
    self.worldFromShape = worldFromShape
    shapeFromWorld = worldFromShape.inverse
  }

  /// Distance (m, negative inside) and outward normal, world frame.
  func sample(at point: Vector3) -> SignedDistance {
    let sample = field.sample(at: shapeFromWorld.point(point))
    return SignedDistance(distance: sample.distance, normal: worldFromShape.direction(sample.normal))
  }
}
