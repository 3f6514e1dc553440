import WorldCore

extension Shape {
  /// Whether `point` (shape frame) lies inside; exact for every primitive, by ray parity for a closed mesh.
  func contains(_ point: Vector3) -> Bool {
    let distance = Vector3(point.x, point.y, 0).length
    switch self {
    case .sphere(let radius):
      return point.length < radius
    case .box(let size):
      return abs(point.x) < size.x / 2 && abs(point.y) < size.y / 2 && abs(point.z) < size.z / 2
    case .cylinder(let radius, let height):
      return distance < radius && abs(point.z) < height / 2
    case .capsule(let radius, let height):
      let along = max(-height / 2, min(height / 2, point.z))
      return (point - Vector3(0, 0, along)).length < radius
    case .cone(let radius, let height):
      return abs(point.z) < height / 2 && distance < radius * (height / 2 - point.z) / height
    case .torus(let radius, let tube):
      return Vector3(distance - radius, 0, point.z).length < tube
    case .plane(let normal):
      return point.dot(normal) < 0
    case .tank(let size, let wall):
      return Shape.compound(Shape.tankParts(size: size, wall: wall)).contains(point)
    case .mesh(let mesh):
      return mesh.isClosed && mesh.containsByParity(point)
    case .compound(let parts):
      return parts.contains { $0.shape.contains($0.compoundFromPart.inverse.point(point)) }
    }
  }
}

extension TriangleMesh {
  /// Whether a ray from `point` leaves through an odd number of triangles (Möller & Trumbore 1997).
  fileprivate func containsByParity(_ point: Vector3) -> Bool {
    // A direction that no hand-made model's edges are parallel to.
    let ray = Vector3(0.573_1, 0.241_7, 0.782_9)
    var crossings = 0
    for index in triangles.indices {
      let (a, b, c) = corners(index)
      let (e1, e2) = (b - a, c - a)
      let p = ray.cross(e2)
      let determinant = e1.dot(p)
      if abs(determinant) < 1e-300 { continue }
      let s = point - a
      let u = s.dot(p) / determinant
      let q = s.cross(e1)
      let v = ray.dot(q) / determinant
      if u >= 0, v >= 0, u + v <= 1, e2.dot(q) / determinant > 0 { crossings += 1 }
    }
    return crossings % 2 == 1
  }
}
