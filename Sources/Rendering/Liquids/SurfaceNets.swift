import WorldCore

/// The zero surface of a scalar field on a grid, as triangles (surface nets, Gibson 1998): one vertex in each cell that the
/// surface passes, at the mean of where it crosses the cell's edges, and one quad across each edge between inside and outside.
struct SurfaceNets {
  /// Node (x, y, z) is at origin + cell · (x, y, z).
  let origin: SIMD3<Float>
  let cell: Float
  let counts: SIMD3<Int>
  /// Negative inside; x runs fastest.
  let field: [Float]

  /// The triangles, counter-clockwise seen from outside, and for each vertex the first node of its cell.
  func mesh() -> (mesh: TriangleMesh, cells: [Int]) {
    let (nx, ny, nz) = (counts.x, counts.y, counts.z)
    let strides = SIMD3(1, nx, nx * ny)
    var mesh = TriangleMesh(vertices: [], triangles: [])
    var cells: [Int] = []
    var vertexOfCell = [Int32](repeating: -1, count: field.count)
    let corners = (0..<8).map { Self.offset($0, strides) }

    field.withUnsafeBufferPointer { field in
      for z in 0..<nz - 1 {
        for y in 0..<ny - 1 {
          for x in 0..<nx - 1 {
            let node = (z * ny + y) * nx + x
            var inside = 0
            for offset in corners where field[node + offset] < 0 { inside += 1 }
            guard inside > 0, inside < 8 else { continue }
            var sum = SIMD3<Float>.zero
            var crossings: Float = 0
            for (a, b) in Self.edges {
              let (p, q) = (field[node + corners[a]], field[node + corners[b]])
              guard (p < 0) != (q < 0) else { continue }
              let t = p / (p - q)
              sum += Self.corner(a) * (1 - t) + Self.corner(b) * t
              crossings += 1
            }
            vertexOfCell[node] = Int32(mesh.vertices.count)
            mesh.vertices.append(Vector3(origin + (SIMD3(Float(x), Float(y), Float(z)) + sum / crossings) * cell))
            cells.append(node)
          }
        }
      }

      for z in 1..<nz - 1 {
        for y in 1..<ny - 1 {
          for x in 1..<nx - 1 {
            let node = (z * ny + y) * nx + x
            let here = field[node] < 0
            for axis in 0..<3 where (field[node + strides[axis]] < 0) != here {
              // Through the four cells round the edge.
              let (u, v) = (strides[(axis + 1) % 3], strides[(axis + 2) % 3])
              let a = vertexOfCell[node], b = vertexOfCell[node - u], c = vertexOfCell[node - u - v], d = vertexOfCell[node - v]
              guard min(min(a, b), min(c, d)) >= 0 else { continue }
              mesh.triangles.append(here ? SIMD3(a, b, c) : SIMD3(d, c, b))
              mesh.triangles.append(here ? SIMD3(a, c, d) : SIMD3(d, b, a))
            }
          }
        }
      }
    }
    return (mesh, cells)
  }

  /// Corner k of a cell has its x, y and z on the far side where bits 0, 1 and 2 are set.
  static func corner(_ k: Int) -> SIMD3<Float> { SIMD3(Float(k & 1), Float(k >> 1 & 1), Float(k >> 2)) }
  static func offset(_ k: Int, _ strides: SIMD3<Int>) -> Int {
    (k & 1) * strides.x + (k >> 1 & 1) * strides.y + (k >> 2) * strides.z
  }
  private static let edges: [(Int, Int)] = [
    (0, 1), (2, 3), (4, 5), (6, 7), (0, 2), (1, 3), (4, 6), (5, 7), (0, 4), (1, 5), (2, 6), (3, 7),
  ]
}
