/// A surface of triangles. A closed one winds counter-clockwise seen from outside.
public struct TriangleMesh: Sendable, Equatable {
  public var vertices: [Vector3]
  /// Indices of each triangle's corners.
  public var triangles: [SIMD3<Int32>]

  public init(vertices: [Vector3], triangles: [SIMD3<Int32>]) {
    self.vertices = vertices
    self.triangles = triangles
  }

  /// The corners of triangle `index`.
  @inlinable public func corners(_ index: Int) -> (Vector3, Vector3, Vector3) {
    let t = triangles[index]
    return (vertices[Int(t.x)], vertices[Int(t.y)], vertices[Int(t.z)])
  }

  /// Whether each edge is shared by exactly two triangles that run along it in opposite directions.
  public var isClosed: Bool {
    var balance: [SIMD2<Int32>: Int] = [:]
    for t in triangles {
      for (a, b) in [(t.x, t.y), (t.y, t.z), (t.z, t.x)] {
        guard a != b else { return false }
        balance[SIMD2(min(a, b), max(a, b)), default: 0] += a < b ? 1 : 1 << 16
      }
    }
    return !triangles.isEmpty && balance.values.allSatisfy { $0 == 1 + 1 << 16 }
  }
}
