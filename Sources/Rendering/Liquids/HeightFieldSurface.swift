package import WorldCore

/// The body of water under a surface given by heights, as one closed skin of triangles: its top, its even floor, and the sides
/// between.
package enum HeightFieldSurface {
  /// - Parameters:
  ///   - heights: in the middles of the grid's cells, x fastest, world frame, m.
  package static func mesh(of heights: [Float], grid: FluidTrack.Grid) -> TriangleMesh {
    guard heights.count == grid.count else { return TriangleMesh(vertices: [], triangles: []) }
    // Nodes at the middles, and at the rectangle's edges with the height of the nearest.
    let (columns, rows) = (grid.columns + 2, grid.rows + 2)
    func place(_ k: Int, _ count: Int, _ side: Double) -> Double { min(max(Double(k) - 0.5, 0), Double(count)) * side }
    var vertices: [Vector3] = []
    vertices.reserveCapacity(columns * rows + 2 * (columns + rows))
    for row in 0..<rows {
      for column in 0..<columns {
        let (x, y) = (min(max(column - 1, 0), grid.columns - 1), min(max(row - 1, 0), grid.rows - 1))
        vertices.append(
          Vector3(
            grid.x + place(column, grid.columns, grid.width), grid.y + place(row, grid.rows, grid.depth),
            max(Double(heights[y * grid.columns + x]), grid.floor + 1e-6)))
      }
    }
    var triangles: [SIMD3<Int32>] = []
    func quad(_ a: Int, _ b: Int, _ c: Int, _ d: Int) {
      triangles.append(SIMD3(Int32(a), Int32(b), Int32(c)))
      triangles.append(SIMD3(Int32(a), Int32(c), Int32(d)))
    }
    for row in 0..<rows - 1 {
      for column in 0..<columns - 1 {
        let first = row * columns + column
        quad(first, first + 1, first + 1 + columns, first + columns)
      }
    }

    // The edge of the top, counter-clockwise from above, each node with one under it on the floor; the floor as a fan.
    let edge =
      (0..<columns - 1).map { $0 } + (0..<rows - 1).map { $0 * columns + columns - 1 }
      + (1..<columns).reversed().map { (rows - 1) * columns + $0 } + (1..<rows).reversed().map { $0 * columns }
    let below = vertices.count
    for node in edge { vertices.append(Vector3(vertices[node].x, vertices[node].y, grid.floor)) }
    let middle = vertices.count
    vertices.append(
      Vector3(grid.x + Double(grid.columns) * grid.width / 2, grid.y + Double(grid.rows) * grid.depth / 2, grid.floor))
    for k in edge.indices {
      let next = (k + 1) % edge.count
      quad(edge[k], below + k, below + next, edge[next])
      triangles.append(SIMD3(Int32(middle), Int32(below + next), Int32(below + k)))
    }
    return TriangleMesh(vertices: vertices, triangles: triangles)
  }
}
