import WorldCore

/// Finds bodies that are inside each other when the scene starts. Touching is no overlap: up to a millimetre, or 2 % of the
/// smaller body, is let pass. It never calls out two bodies that don't overlap; of two meshes it may miss some.
struct OverlapCheck {
  struct Finding {
    var first: String
    var second: String
    /// m, where a closed form tells it.
    var depth: Double?
  }

  /// No more than this many are told: one wrong number often moves a whole stack.
  static let limit = 20

  /// - Parameter exempt: pairs that a joint links.
  static func findings(among bodies: [Body], exempt: Set<Set<String>>) -> [Finding] {
    struct Entry {
      var body: Body
      var bounds: Bounds
      var parts: [ConvexPart]
    }
    let entries = bodies.compactMap { body -> Entry? in
      guard let bounds = body.shape.bounds(placed: body.worldFromShape) else { return nil }
      return Entry(body: body, bounds: bounds, parts: ConvexPart.parts(of: body.shape, placed: body.worldFromShape))
    }
    var findings: [Finding] = []

    // Planes against everything that can sink into them.
    for plane in bodies {
      guard case .plane(let normal) = plane.shape else { continue }
      let up = plane.worldFromShape.direction(normal)
      let height = plane.worldFromShape.translation.dot(up)
      for entry in entries where entry.body.motion == .dynamic && !exempt.contains([plane.name, entry.body.name]) {
        let down = entry.body.worldFromShape.rotation.unrotate(-up)
        guard let lowest = entry.body.shape.support(down) else { continue }
        guard findings.count < limit else { return findings }
        let depth = height - entry.body.worldFromShape.point(lowest).dot(up)
        if depth > tolerance(entry.bounds) {
          findings.append(Finding(first: entry.body.name, second: plane.name, depth: depth))
        }
      }
    }

    // All other pairs, swept along x.
    let order = entries.indices.sorted { entries[$0].bounds.lower.x < entries[$1].bounds.lower.x }
    var active: [Int] = []
    for index in order {
      let entry = entries[index]
      active.removeAll { entries[$0].bounds.upper.x < entry.bounds.lower.x }
      for other in active where entries[other].bounds.intersects(entry.bounds) {
        guard findings.count < limit else { return findings }
        let (a, b) = (entries[min(index, other)], entries[max(index, other)])
        guard a.body.motion == .dynamic || b.body.motion == .dynamic, !exempt.contains([a.body.name, b.body.name]) else {
          continue
        }
        let margin = min(tolerance(a.bounds), tolerance(b.bounds))
        if let finding = overlap(a.body, a.parts, b.body, b.parts, margin: margin) { findings.append(finding) }
      }
      active.append(index)
    }
    return findings
  }

  private static func tolerance(_ bounds: Bounds) -> Double {
    let size = bounds.upper - bounds.lower
    return min(1e-3, 0.02 * min(size.x, size.y, size.z))
  }

  private static func overlap(_ a: Body, _ partsOfA: [ConvexPart], _ b: Body, _ partsOfB: [ConvexPart], margin: Double)
    -> Finding?
  {
    if case .sphere(let r) = a.shape, case .sphere(let s) = b.shape {
      let depth = r + s - (a.worldFromShape.translation - b.worldFromShape.translation).length
      return depth > margin ? Finding(first: a.name, second: b.name, depth: depth) : nil
    }
    // Parts made smaller by half the margin each still meet only where the true ones overlap by it.
    for p in partsOfA {
      guard let p = p.eroded(by: margin / 2) else { continue }
      for q in partsOfB {
        guard let q = q.eroded(by: margin / 2) else { continue }
        if ConvexPart.intersect(p, q) { return Finding(first: a.name, second: b.name, depth: nil) }
      }
    }
    // A mesh overlaps what holds one of its corners, or whose middle it holds.
    for (mesh, other) in [(a, b), (b, a)] {
      guard case .mesh(let triangles) = mesh.shape else { continue }
      let otherFromMesh = other.worldFromShape.inverse * mesh.worldFromShape
      let smaller = ConvexPart.parts(of: other.shape, placed: .identity).compactMap { $0.eroded(by: margin) }
      for vertex in triangles.vertices {
        let point = otherFromMesh.point(vertex)
        if smaller.contains(where: { $0.shape.contains($0.worldFromPart.inverse.point(point)) }) {
          return Finding(first: a.name, second: b.name, depth: nil)
        }
      }
      let middles = smaller.map { otherFromMesh.inverse.point($0.worldFromPart.translation) }
      if middles.contains(where: mesh.shape.contains) { return Finding(first: a.name, second: b.name, depth: nil) }
    }
    return nil
  }
}
