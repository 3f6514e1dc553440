import WorldCore

/// The solids that a liquid wets, where they are at one instant.
///
/// Particles end half a spacing before a wall, and a surface drawn around them would leave a film of air there: light would be
/// mirrored at the back of a full glass as by silver, and the water's edge would round off like mercury's. So the liquid is
/// drawn a little way into what it touches, where the solid rules (see `MediumStack`).
struct LiquidWalls {
  let solids: [PlacedSolid]
  /// Of the liquid's particles at rest, m.
  let spacing: Double

  /// Particles this close to a wall wet it, and vertices of the surface that face it are drawn in; in spacings.
  private static let touch = 0.9
  /// How far vertices are drawn in, at most.
  private static let overlap = 0.2

  /// The particles near a wall mirrored in it: the surface runs straight into the wall.
  ///
  /// Where the wall is too thin to hold them, there are none.
  func reflections(of particles: [SIMD3<Float>]) -> [SIMD3<Float>] {
    var ghosts: [SIMD3<Float>] = []
    for solid in solids {
      for particle in particles {
        let p = Vector3(particle)
        let wall = solid.sample(at: p)
        guard wall.distance > 0, wall.distance < Self.touch * spacing else { continue }
        // The surface reaches most of a spacing beyond a particle.
        let innermost = p - wall.normal * (2 * wall.distance + 0.75 * spacing)
        guard solid.sample(at: innermost).distance < 0 else { continue }
        ghosts.append(SIMD3<Float>(p - wall.normal * (2 * wall.distance)))
      }
    }
    return ghosts
  }

  /// Draws what faces a wall closely into it.
  func wet(_ mesh: inout TriangleMesh) {
    var normals = [Vector3](repeating: .zero, count: mesh.vertices.count)
    for index in mesh.triangles.indices {
      let (a, b, c) = mesh.corners(index)
      let area = (b - a).cross(c - a)
      for corner in 0..<3 { normals[Int(mesh.triangles[index][corner])] += area }
    }
    for index in mesh.vertices.indices {
      let p = mesh.vertices[index]
      for solid in solids {
        let wall = solid.sample(at: p)
        guard wall.distance > 0, wall.distance < Self.touch * spacing, normals[index].normalized.dot(wall.normal) < -0.3 else {
          continue
        }
        // Into a thin wall no deeper than to its middle.
        var depth = Self.overlap * spacing
        while depth > 1e-6, solid.sample(at: p - wall.normal * (wall.distance + 2 * depth)).distance > 0 { depth /= 2 }
        mesh.vertices[index] = p - wall.normal * (wall.distance + depth)
        break
      }
    }
  }

  /// Draws the sides and the floor of what heights give into the solids that they lie on.
  ///
  /// - Parameter mesh: as `HeightFieldSurface` makes it over `grid`.
  func wetBasin(_ mesh: inout TriangleMesh, over grid: FluidTrack.Grid) {
    let low = Vector3(grid.x, grid.y, grid.floor)
    let high = Vector3(
      grid.x + Double(grid.columns) * grid.width, grid.y + Double(grid.rows) * grid.depth, Double.infinity)
    for index in mesh.vertices.indices {
      let place = mesh.vertices[index]
      for axis in 0..<3 where place[axis] == low[axis] || place[axis] == high[axis] {
        var step = Self.overlap * spacing * (place[axis] == low[axis] ? -1 : 1)
        func isSolid(_ share: Double) -> Bool {
          var probe = place
          probe[axis] += share * step
          return solids.contains { $0.sample(at: probe).distance < 0 }
        }
        // Into a thin wall no deeper than to its middle.
        while abs(step) > 1e-6, !isSolid(1) || !isSolid(2) { step /= 2 }
        if abs(step) > 1e-6 { mesh.vertices[index][axis] += step }
      }
    }
  }
}
