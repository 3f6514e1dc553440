extension Shape {
  /// Half of what the shape measures along its own axes, m; zero for a plane, which has no end.
  package var halfExtents: Vector3 { bounds(placed: .identity).map { $0.size / 2 } ?? .zero }

  /// The farthest point's distance from the shape frame's origin, m, or a little more.
  package var reach: Double {
    switch self {
    case .sphere(let r): r
    case .box(let size): size.length / 2
    case .cylinder(let r, let h), .cone(let r, let h): (r * r + h * h / 4).squareRoot()
    case .capsule(let r, let h): r + h / 2
    case .torus(let r, let t): r + t
    case .plane: .infinity
    case .tank(let size, let wall): (size / 2 + Vector3(wall, wall, size.z / 2 + wall)).length
    case .mesh(let mesh): mesh.vertices.map(\.length).max() ?? 0
    case .compound(let parts): parts.map { $0.compoundFromPart.translation.length + $0.shape.reach }.max() ?? 0
    }
  }

  /// Half the smallest thickness of the shape, m: what must not be crossed in one step. Infinite for a half-space.
  package var leastHalfThickness: Double {
    switch self {
    case .sphere(let r), .capsule(let r, _): r
    case .cylinder(let r, let h): min(r, h / 2)
    case .cone(let r, let h): min(r, h / 2) / 2
    case .torus(_, let tube): tube
    case .tank(_, let wall): wall / 2
    case .compound(let parts): parts.map(\.shape.leastHalfThickness).min() ?? .infinity
    case .box, .mesh, .plane: bounds(placed: .identity).map { $0.size.min() / 2 } ?? .infinity
    }
  }

  /// Whether it has neither edges nor corners.
  package var isSmooth: Bool {
    switch self {
    case .sphere, .capsule, .torus, .plane: true
    default: false
    }
  }

  /// Whether every chord of it lies inside.
  package var isConvex: Bool {
    switch self {
    case .sphere, .box, .cylinder, .capsule, .cone, .plane: true
    case .torus, .tank, .mesh, .compound: false
    }
  }
}
