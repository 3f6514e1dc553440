import Foundation

extension Shape {
  /// The surface as triangles, wound counter-clockwise seen from outside; round shapes get `segments` facets around.
  ///
  /// Closed for every shape but `plane`, which becomes a square of side `planeExtent` about the origin, and compounds of one.
  public func tessellated(segments: Int = 48, planeExtent: Double = 100) -> TriangleMesh {
    precondition(segments >= 3, "a round shape has at least 3 facets, not \(segments)")
    switch self {
    case .sphere(let r):
      return .revolved(segments: segments, Self.arc(radius: r, at: 0, from: -.pi / 2, to: .pi / 2, steps: max(segments / 2, 2)))
    case .cylinder(let r, let h):
      return .revolved(segments: segments, [[0, -h / 2], [r, -h / 2], [r, h / 2], [0, h / 2]])
    case .cone(let r, let h):
      return .revolved(segments: segments, [[0, -h / 2], [r, -h / 2], [0, h / 2]])
    case .capsule(let r, let h):
      let quarter = max(segments / 4, 2)
      return .revolved(
        segments: segments,
        Self.arc(radius: r, at: -h / 2, from: -.pi / 2, to: 0, steps: quarter)
          + Self.arc(radius: r, at: h / 2, from: 0, to: .pi / 2, steps: quarter))
    case .torus(let r, let tube): return .torus(radius: r, tube: tube, segments: segments)
    case .box(let size): return .box(size: size)
    case .tank(let size, let wall): return .tank(size: size, wall: wall)
    case .plane(let normal):
      let n = normal.normalized
      let (u, v) = (n.anyPerpendicular * (planeExtent / 2), n.cross(n.anyPerpendicular) * (planeExtent / 2))
      return TriangleMesh(vertices: [(u + v) * -1, u - v, u + v, v - u], triangles: [SIMD3(0, 1, 2), SIMD3(0, 2, 3)])
    case .mesh(let mesh): return mesh
    case .compound(let parts):
      return parts.reduce(into: TriangleMesh(vertices: [], triangles: [])) { whole, part in
        let mesh = part.shape.tessellated(segments: segments, planeExtent: planeExtent)
        let offset = Int32(whole.vertices.count)
        whole.vertices += mesh.vertices.map(part.compoundFromPart.point)
        whole.triangles += mesh.triangles.map { $0 &+ offset }
      }
    }
  }

  /// (distance from the axis, height) along a quarter, half … of a circle about (0, `height`).
  private static func arc(radius: Double, at height: Double, from: Double, to: Double, steps: Int) -> [SIMD2<Double>] {
    (0...steps).map { step in
      let angle = from + (to - from) * Double(step) / Double(steps)
      // On the axis exactly, so that the pole is one vertex.
      let radial = abs(abs(angle) - .pi / 2) < 1e-12 ? 0 : radius * cos(angle)
      return SIMD2(radial, height + radius * sin(angle))
    }
  }
}

extension TriangleMesh {
  /// The surface that a profile of (distance from the axis, height), from bottom to top, sweeps about z.
  static func revolved(segments: Int, _ profile: [SIMD2<Double>]) -> TriangleMesh {
    var mesh = TriangleMesh(vertices: [], triangles: [])
    var rings: [(first: Int32, count: Int32)] = []
    for point in profile {
      let count = point.x == 0 ? 1 : segments
      rings.append((Int32(mesh.vertices.count), Int32(count)))
      for k in 0..<count {
        let angle = 2 * .pi * Double(k) / Double(segments)
        mesh.vertices.append(Vector3(point.x * cos(angle), point.x * sin(angle), point.y))
      }
    }
    for (lower, upper) in zip(rings, rings.dropFirst()) {
      for k in 0..<Int32(segments) {
        let (a, b) = (lower.first + k % lower.count, lower.first + (k + 1) % lower.count)
        let (d, c) = (upper.first + k % upper.count, upper.first + (k + 1) % upper.count)
        if a != b { mesh.triangles.append(SIMD3(a, b, c)) }
        if c != d { mesh.triangles.append(SIMD3(a, c, d)) }
      }
    }
    return mesh
  }

  static func torus(radius: Double, tube: Double, segments: Int) -> TriangleMesh {
    var mesh = TriangleMesh(vertices: [], triangles: [])
    let around = max(segments / 2, 3)
    for i in 0..<segments {
      let u = 2 * .pi * Double(i) / Double(segments)
      for j in 0..<around {
        let v = 2 * .pi * Double(j) / Double(around)
        let radial = radius + tube * cos(v)
        mesh.vertices.append(Vector3(radial * cos(u), radial * sin(u), tube * sin(v)))
        let (i1, j1) = ((i + 1) % segments, (j + 1) % around)
        let (a, b) = (Int32(i * around + j), Int32(i1 * around + j))
        let (c, d) = (Int32(i1 * around + j1), Int32(i * around + j1))
        mesh.triangles += [SIMD3(a, b, c), SIMD3(a, c, d)]
      }
    }
    return mesh
  }

  static func box(size: Vector3) -> TriangleMesh {
    // Corner k has its x, y and z on the far side where bits 0, 1 and 2 are set.
    let vertices = (0..<8).map { k in
      Vector3(k & 1 == 0 ? -0.5 : 0.5, k & 2 == 0 ? -0.5 : 0.5, k & 4 == 0 ? -0.5 : 0.5) * size
    }
    return TriangleMesh(
      vertices: vertices, quads: [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]])
  }

  /// An open-topped box in one closed skin: outer faces, rim and inner faces.
  static func tank(size: Vector3, wall: Double) -> TriangleMesh {
    func ring(_ half: SIMD2<Double>, _ z: Double) -> [Vector3] {
      [Vector3(-half.x, -half.y, z), Vector3(half.x, -half.y, z), Vector3(half.x, half.y, z), Vector3(-half.x, half.y, z)]
    }
    let inner = SIMD2(size.x, size.y) / 2
    let outer = inner + wall
    let vertices = ring(outer, -wall) + ring(outer, size.z) + ring(inner, size.z) + ring(inner, 0)
    var quads: [[Int32]] = [[3, 2, 1, 0], [12, 13, 14, 15]]
    for level in Int32(0)..<3 {
      for k in Int32(0)..<4 {
        let next = (k + 1) % 4
        quads.append([level * 4 + k, level * 4 + next, level * 4 + 4 + next, level * 4 + 4 + k])
      }
    }
    return TriangleMesh(vertices: vertices, quads: quads)
  }

  private init(vertices: [Vector3], quads: [[Int32]]) {
    self.init(vertices: vertices, triangles: quads.flatMap { [SIMD3($0[0], $0[1], $0[2]), SIMD3($0[0], $0[2], $0[3])] })
  }
}
