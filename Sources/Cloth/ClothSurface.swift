public import WorldCore

/// A cloth as a renderer wants it: triangles with smooth normals and texture coordinates.
public struct ClothSurface: Sendable, Equatable {
  /// Node `row · columns + column`; front faces wind counter-clockwise.
  public var mesh: TriangleMesh
  /// Unit, out of the front side; one a vertex.
  public var normals: [Vector3]
  /// u runs 0…1 to the right, v 0…1 upward; one a vertex.
  public var textureCoordinates: [SIMD2<Double>]

  /// Builds the surface through recorded node positions; `positions` holds rows × columns of them.
  public init(positions: [Vector3], rows: Int, columns: Int) {
    precondition(rows > 1 && columns > 1 && positions.count == rows * columns, "a cloth has rows × columns positions")
    mesh = TriangleMesh(vertices: positions, triangles: Self.triangles(rows: rows, columns: columns))
    // A vertex's normal is the area-weighted mean of its faces'.
    var sums = [Vector3](repeating: .zero, count: positions.count)
    for index in mesh.triangles.indices {
      let (a, b, c) = mesh.corners(index)
      let normal = (b - a).cross(c - a)
      let t = mesh.triangles[index]
      sums[Int(t.x)] += normal
      sums[Int(t.y)] += normal
      sums[Int(t.z)] += normal
    }
    normals = sums.map { $0.lengthSquared > 0 ? $0.normalized : .unitZ }
    textureCoordinates = positions.indices.map {
      SIMD2(Double($0 % columns) / Double(columns - 1), 1 - Double($0 / columns) / Double(rows - 1))
    }
  }

  /// Two triangles a cell; the diagonal alternates from cell to cell so that the mesh prefers no direction.
  static func triangles(rows: Int, columns: Int) -> [SIMD3<Int32>] {
    var triangles: [SIMD3<Int32>] = []
    triangles.reserveCapacity(2 * (rows - 1) * (columns - 1))
    for row in 0..<rows - 1 {
      for column in 0..<columns - 1 {
        let topLeft = Int32(row * columns + column)
        let (topRight, bottomLeft) = (topLeft + 1, topLeft + Int32(columns))
        let bottomRight = bottomLeft + 1
        if (row + column) % 2 == 0 {
          triangles.append(SIMD3(topLeft, bottomLeft, bottomRight))
          triangles.append(SIMD3(topLeft, bottomRight, topRight))
        } else {
          triangles.append(SIMD3(topLeft, bottomLeft, topRight))
          triangles.append(SIMD3(topRight, bottomLeft, bottomRight))
        }
      }
    }
    return triangles
  }
}
