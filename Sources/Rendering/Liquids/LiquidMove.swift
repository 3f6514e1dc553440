import WorldCore

/// Where the points of a liquid's surface are at another time.
struct LiquidMove: Sendable {
  private let triangles: [SIMD3<Int32>]
  private let vertices: [Float3]
  /// m; the surface is drawn anew at each moment, and a point that went along may lie this far from it.
  let slack: Float

  /// - Parameter index: which of the surface's moves.
  init(_ surface: LiquidSurface, index: Int, spacing: Double) {
    triangles = surface.mesh.triangles
    vertices = zip(surface.mesh.vertices, surface.moves[index]).map { Float3($0) + Float3($1.x, $1.y, $1.z) }
    slack = Float(spacing)
  }

  /// Where the point that was hit has gone, world frame.
  func point(_ hit: Hit) -> Float3 {
    let corners = triangles[Int(hit.triangle)]
    let (u, v) = (hit.barycentric.x, hit.barycentric.y)
    return vertices[Int(corners.x)] * (1 - u - v) + vertices[Int(corners.y)] * u + vertices[Int(corners.z)] * v
  }
}
