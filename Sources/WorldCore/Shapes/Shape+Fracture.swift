import Foundation

extension Shape {
  /// The pieces that a body of this shape breaks into, in its shape frame; empty where it can't (a plane, a mesh that isn't
  /// convex).
  ///
  /// A compound of several parts falls into them, a tank into walls and floor. Everything else is cut into the Voronoi cells of
  /// points spread through it, without gaps; a thing that is thin one way is cut right through that way, a rod across. Round
  /// shapes are cut as solids of 32 facets.
  ///
  /// - Parameters:
  ///   - count: how many cells, ≥ 2.
  ///   - random: where the points fall.
  /// - Returns: parts that carry whole shapes, or convex meshes about their own centres of mass.
  public func pieces(_ count: Int, random: inout RandomStream) -> [Part] {
    switch self {
    case .plane: return []
    case .compound(let parts) where parts.count > 1: return parts
    case .compound(let parts):
      guard let only = parts.first else { return [] }
      return only.shape.pieces(count, random: &random).map { piece in
        Part(
          shape: piece.shape, compoundFromPart: only.compoundFromPart * piece.compoundFromPart, surface: only.surface,
          density: only.density)
      }
    case .tank(let size, let wall): return Shape.tankParts(size: size, wall: wall)
    case .torus(let radius, let tube): return Shape.sectors(radius, tube, count)
    case .mesh(let mesh) where !mesh.isConvex: return []
    default: return cells(count, random: &random)
    }
  }

  /// A ring cut straight across into even sectors.
  private static func sectors(_ radius: Double, _ tube: Double, _ count: Int) -> [Part] {
    let (steps, around) = (max(32 / count, 2), 16)
    return (0..<count).compactMap { sector in
      var mesh = TriangleMesh(vertices: [], triangles: [])
      for step in 0...steps {
        let turn = Quaternion(axis: .unitZ, angle: 2 * .pi * (Double(sector) + Double(step) / Double(steps)) / Double(count))
        for k in 0..<around {
          let angle = 2 * Double.pi * Double(k) / Double(around)
          mesh.vertices.append(turn.rotate(Vector3(radius + tube * cos(angle), 0, tube * sin(angle))))
        }
      }
      for step in 0..<steps {
        for k in 0..<around {
          let (a, b) = (Int32(step * around + k), Int32((step + 1) * around + k))
          let (c, d) = (Int32((step + 1) * around + (k + 1) % around), Int32(step * around + (k + 1) % around))
          mesh.triangles += [SIMD3(a, b, c), SIMD3(a, c, d)]
        }
      }
      // The two ends.
      let last = Int32(steps * around)
      for k in 1..<Int32(around - 1) { mesh.triangles += [SIMD3(0, k, k + 1), SIMD3(last, last + k + 1, last + k)] }
      return Part(centered: mesh)
    }
  }

  private func cells(_ count: Int, random: inout RandomStream) -> [Part] {
    let mesh = tessellated(segments: 32)
    guard let first = mesh.vertices.first else { return [] }
    let low = mesh.vertices.reduce(first) { pointwiseMin($0, $1) }
    let high = mesh.vertices.reduce(first) { pointwiseMax($0, $1) }
    let size = high - low

    // Points in the middle of every side that is shorter than a cell.
    var spread = Vector3(repeating: 1)
    for _ in 0..<3 {
      // The length of a cell's edge, over the sides that are long.
      let long = (0..<3).filter { spread[$0] > 0 }
      let content = long.reduce(1) { $0 * size[$1] }
      let edge = pow(content / Double(count), 1 / Double(max(long.count, 1)))
      let short = long.filter { size[$0] < edge }
      if short.isEmpty || short.count == long.count { break }
      for axis in short { spread[axis] = 0 }
    }
    let field = SignedDistanceField(self)
    func draw() -> Vector3? {
      for _ in 0..<1000 {
        var p = low
        for axis in 0..<3 { p[axis] += size[axis] * (spread[axis] > 0 ? random.uniform() : 0.5) }
        if field.sample(at: p).distance < 0 { return p }
      }
      return nil
    }
    // Of several candidates the one farthest from the points so far (Mitchell 1991): no slivers.
    var sites: [Vector3] = []
    while sites.count < count {
      var best: (point: Vector3, distance: Double)?
      for _ in 0..<8 {
        guard let candidate = draw() else { continue }
        let distance = sites.reduce(Double.infinity) { min($0, ($1 - candidate).length) }
        if distance > best?.distance ?? -1 { best = (candidate, distance) }
      }
      guard let best else { return [] }
      sites.append(best.point)
    }

    // Each cell is what lies nearer to its point than to any other.
    let tolerance = 1e-9 * size.length
    return sites.indices.compactMap { k -> Part? in
      var cell = ConvexSolid(mesh)
      for (other, site) in sites.enumerated() where other != k {
        cell.cut(through: (site + sites[k]) / 2, across: (site - sites[k]).normalized, tolerance: tolerance)
        if cell.isEmpty { return nil }
      }
      return Part(centered: cell.mesh)
    }
  }
}

extension Shape.Part {
  /// A mesh about its centre of mass; nil where it encloses nothing.
  fileprivate init?(centered mesh: TriangleMesh) {
    guard let center = mesh.massProperties(density: 1)?.centerOfMass else { return nil }
    let moved = TriangleMesh(vertices: mesh.vertices.map { $0 - center }, triangles: mesh.triangles)
    self.init(shape: .mesh(moved), compoundFromPart: RigidTransform(translation: center))
  }
}

extension TriangleMesh {
  /// Whether the mesh is closed and no corner lies in front of any face, but for rounding.
  public var isConvex: Bool {
    guard isClosed, let first = vertices.first else { return false }
    let size = vertices.reduce(0) { max($0, ($1 - first).length) }
    return triangles.indices.allSatisfy { index in
      let (a, b, c) = corners(index)
      // Of twice its area: a sliver's direction is rounding, so that it counts for little.
      let normal = (b - a).cross(c - a)
      let bound = 1e-6 * size * normal.length + 1e-8 * size * size * size
      return vertices.allSatisfy { ($0 - a).dot(normal) < bound }
    }
  }
}
