import WorldCore

/// The surface of a liquid given by particles, as triangles.
///
/// A signed distance after Zhu & Bridson 2005 (section 5): at a place x it is |x − x̄| − r with x̄ the mean of the particles around,
/// weighted by (1 − s²/R²)³. Through particles at rest on a lattice that gives a plane, where balls of their own would leave bumps. The
/// field is smoothed a little and meshed by surface nets (Gibson 1998): one vertex in each cell that the surface passes, one quad
/// across each of its edges.
struct LiquidSurface {
  private let spacing: Float
  private let cell: Float
  private var origin = SIMD3<Float>.zero
  private var counts = SIMD3<Int>.zero
  private var field: [Float] = []

  /// Of the kernel, of the ball that a lone particle is drawn as, and of a cell, in particle spacings.
  private static let reach: Float = 2
  private static let radius: Float = 0.62
  private static let cellShare: Float = 0.5
  private static let smoothingPasses = 2
  /// Cells at most; a spray that flies farther is drawn as far as they go.
  private static let cellLimit = 24_000_000

  /// - Parameters:
  ///   - particles: world frame, m.
  ///   - spacing: between particles at rest, m.
  static func mesh(of particles: [SIMD3<Float>], spacing: Double) -> TriangleMesh {
    guard !particles.isEmpty else { return TriangleMesh(vertices: [], triangles: []) }
    var surface = LiquidSurface(spacing: Float(spacing), particles)
    surface.fillField(particles)
    for _ in 0..<smoothingPasses { surface.smooth() }
    return surface.nets()
  }

  private init(spacing: Float, _ particles: [SIMD3<Float>]) {
    self.spacing = spacing
    cell = spacing * Self.cellShare
    var low = particles[0], high = particles[0]
    for p in particles {
      low = pointwiseMin(low, p)
      high = pointwiseMax(high, p)
    }
    let margin = (Self.reach + 1) * spacing
    origin = low - margin
    let extent = (high + margin - origin) / cell
    counts = SIMD3(Int(extent.x) + 2, Int(extent.y) + 2, Int(extent.z) + 2)
    while counts.x * counts.y * counts.z > Self.cellLimit {
      let axis = counts.x >= counts.y && counts.x >= counts.z ? 0 : counts.y >= counts.z ? 1 : 2
      counts[axis] = counts[axis] * 3 / 4
    }
  }

  private mutating func fillField(_ particles: [SIMD3<Float>]) {
    let (nx, ny, nz) = (counts.x, counts.y, counts.z)
    let reach = Self.reach * spacing
    let inverseSquare = 1 / (reach * reach)
    // Weighted offsets of the particles from each node, and the weights.
    var sums = [SIMD4<Float>](repeating: .zero, count: nx * ny * nz)
    sums.withUnsafeMutableBufferPointer { sums in
      for p in particles {
        let low = ((p - reach - origin) / cell).rounded(.up), high = ((p + reach - origin) / cell).rounded(.down)
        let (x0, x1) = (max(Int(low.x), 0), min(Int(high.x), nx - 1))
        let (y0, y1) = (max(Int(low.y), 0), min(Int(high.y), ny - 1))
        let (z0, z1) = (max(Int(low.z), 0), min(Int(high.z), nz - 1))
        guard x0 <= x1, y0 <= y1, z0 <= z1 else { continue }
        for z in z0...z1 {
          for y in y0...y1 {
            let row = (z * ny + y) * nx
            for x in x0...x1 {
              let offset = p - (origin + SIMD3(Float(x), Float(y), Float(z)) * cell)
              let share = 1 - (offset * offset).sum() * inverseSquare
              guard share > 0 else { continue }
              let weight = share * share * share
              sums[row + x] += SIMD4(offset * weight, weight)
            }
          }
        }
      }
    }
    let radius = Self.radius * spacing
    field = sums.map { sum in
      guard sum.w > 1e-6 else { return spacing }
      let mean = SIMD3(sum.x, sum.y, sum.z) / sum.w
      return min((mean * mean).sum().squareRoot() - radius, spacing)
    }
  }

  /// A binomial filter along each axis.
  private mutating func smooth() {
    let strides = [1, counts.x, counts.x * counts.y]
    for (axis, stride) in strides.enumerated() {
      let old = field
      let extent = counts[axis]
      for index in field.indices {
        let place = index / stride % extent
        guard place > 0, place < extent - 1 else { continue }
        field[index] = 0.25 * (old[index - stride] + old[index + stride]) + 0.5 * old[index]
      }
    }
  }

  private func nets() -> TriangleMesh {
    let (nx, ny, nz) = (counts.x, counts.y, counts.z)
    let strides = SIMD3(1, nx, nx * ny)
    var mesh = TriangleMesh(vertices: [], triangles: [])
    var vertexOfCell = [Int32](repeating: -1, count: field.count)

    // One vertex in each cell that the surface passes: the mean of where it crosses the cell's edges.
    for z in 0..<nz - 1 {
      for y in 0..<ny - 1 {
        for x in 0..<nx - 1 {
          let node = (z * ny + y) * nx + x
          var inside = 0
          for corner in 0..<8 {
            if field[node + Self.offset(corner, strides)] < 0 { inside += 1 }
          }
          guard inside > 0, inside < 8 else { continue }
          var sum = SIMD3<Float>.zero
          var crossings: Float = 0
          for (a, b) in Self.edges {
            let (p, q) = (field[node + Self.offset(a, strides)], field[node + Self.offset(b, strides)])
            guard (p < 0) != (q < 0) else { continue }
            let t = p / (p - q)
            sum += Self.corner(a) * (1 - t) + Self.corner(b) * t
            crossings += 1
          }
          vertexOfCell[node] = Int32(mesh.vertices.count)
          mesh.vertices.append(Vector3(origin + (SIMD3(Float(x), Float(y), Float(z)) + sum / crossings) * cell))
        }
      }
    }

    // One quad across each edge between inside and outside, through the four cells round it.
    for z in 1..<nz - 1 {
      for y in 1..<ny - 1 {
        for x in 1..<nx - 1 {
          let node = (z * ny + y) * nx + x
          let here = field[node] < 0
          for axis in 0..<3 where (field[node + strides[axis]] < 0) != here {
            let (u, v) = (strides[(axis + 1) % 3], strides[(axis + 2) % 3])
            let quad = [node, node - u, node - u - v, node - v].map { vertexOfCell[$0] }
            guard quad.allSatisfy({ $0 >= 0 }) else { continue }
            let (a, b, c, d) = here ? (quad[0], quad[1], quad[2], quad[3]) : (quad[3], quad[2], quad[1], quad[0])
            mesh.triangles.append(SIMD3(a, b, c))
            mesh.triangles.append(SIMD3(a, c, d))
          }
        }
      }
    }
    return mesh
  }

  /// Corner k of a cell has its x, y and z on the far side where bits 0, 1 and 2 are set.
  private static func corner(_ k: Int) -> SIMD3<Float> { SIMD3(Float(k & 1), Float(k >> 1 & 1), Float(k >> 2)) }
  private static func offset(_ k: Int, _ strides: SIMD3<Int>) -> Int {
    (k & 1) * strides.x + (k >> 1 & 1) * strides.y + (k >> 2) * strides.z
  }
  private static let edges: [(Int, Int)] = [
    (0, 1), (2, 3), (4, 5), (6, 7), (0, 2), (1, 3), (4, 6), (5, 7), (0, 4), (1, 5), (2, 6), (3, 7),
  ]
}
