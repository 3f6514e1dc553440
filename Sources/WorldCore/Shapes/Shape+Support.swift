extension Shape {
  /// The point of the shape's convex hull that lies furthest along `direction` (shape frame, not zero); nil for a plane, which
  /// has no end, and for an empty mesh or compound.
  package func support(_ direction: Vector3) -> Vector3? {
    let d = direction.normalized
    // The unit vector of d's horizontal part: what a round shape about z needs.
    let flat = Vector3(d.x, d.y, 0).normalized
    func sign(_ x: Double) -> Double { x < 0 ? -1 : 1 }
    switch self {
    case .sphere(let radius):
      return d * radius
    case .box(let size):
      return Vector3(sign(d.x), sign(d.y), sign(d.z)) * size / 2
    case .cylinder(let radius, let height):
      return flat * radius + Vector3(0, 0, sign(d.z) * height / 2)
    case .capsule(let radius, let height):
      return d * radius + Vector3(0, 0, sign(d.z) * height / 2)
    case .cone(let radius, let height):
      let tip = Vector3(0, 0, height / 2)
      let rim = flat * radius - tip
      return tip.dot(d) > rim.dot(d) ? tip : rim
    case .torus(let radius, let tube):
      return flat * radius + d * tube
    case .plane:
      return nil
    case .tank(let size, let wall):
      return Shape.compound(Shape.tankParts(size: size, wall: wall)).support(d)
    case .mesh(let mesh):
      return mesh.vertices.max { $0.dot(d) < $1.dot(d) }
    case .compound(let parts):
      let points = parts.compactMap { part -> Vector3? in
        guard let point = part.shape.support(part.compoundFromPart.rotation.unrotate(d)) else { return nil }
        return part.compoundFromPart.point(point)
      }
      return points.max { $0.dot(d) < $1.dot(d) }
    }
  }

  /// The box along the outer frame's axes that just holds the shape placed there; nil where `support` is.
  package func bounds(placed outerFromShape: RigidTransform) -> Bounds? {
    func extreme(_ direction: Vector3) -> Double? {
      support(outerFromShape.rotation.unrotate(direction)).map { outerFromShape.point($0).dot(direction) }
    }
    guard let x = extreme(.unitX), let y = extreme(.unitY), let z = extreme(.unitZ),
      let left = extreme(-.unitX), let front = extreme(-.unitY), let bottom = extreme(-.unitZ)
    else { return nil }
    return Bounds(lower: Vector3(-left, -front, -bottom), upper: Vector3(x, y, z))
  }
}
