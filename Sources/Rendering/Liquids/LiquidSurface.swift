import WorldCore

/// The surface of a liquid given by particles, as triangles that know how they move.
///
/// A signed distance after Zhu & Bridson 2005 (section 5): at a place x it is |x − x̄| − r with x̄ the mean of the particles
/// around, weighted by (1 − s²/R²)³. Through particles at rest on a lattice that gives a plane, where balls of their own would
/// leave bumps. The field is smoothed a little where the liquid is thick, not where it is a drop, a thread or a sheet of one
/// particle, of which nothing would be left, and meshed by `SurfaceNets`.
struct LiquidSurface {
  /// World frame, m.
  private(set) var mesh = TriangleMesh(vertices: [], triangles: [])
  /// For each of the moves that were given, how far each vertex goes, m: as the particles around it do.
  private(set) var moves: [[SIMD3<Float>]] = []
  /// The white share of each vertex, 0…1; empty where nothing froths.
  private(set) var froth: [Float] = []

  /// Of the kernel, of the ball that a lone particle is drawn as, and of a cell, in particle spacings.
  private static let reach: Float = 2
  private static let radius: Float = 0.62
  private static let cellShare: Float = 0.5
  private static let smoothingPasses = 2
  /// The kernel's sum in the midst of a liquid at rest: particles a spacing cubed times ∫(1 − s²/R²)³ dV = 64π/315 R³.
  private static let fullWeight = 64 * Float.pi / 315 * reach * reach * reach
  /// Shares of it, the highest within a spacing, between which a place passes from thin to thick: a drop has .2, a thread .36,
  /// a sheet .62, the middle of two layers .9.
  private static let thickness: ClosedRange<Float> = 0.65...0.85
  /// Cells at most, in all and for each particle, and what any surface may have: a dam that breaks takes about 60 a particle, a
  /// few drops that fall for ever take as many as they get. What flies farther from the rest isn't drawn.
  private static let (cellLimit, cellsPerParticle, leastLimit) = (24_000_000, 400, 2_000_000)

  /// - Parameters:
  ///   - particles: world frame, m.
  ///   - froth: the white share of each particle, 0…1; empty for none.
  ///   - moved: the same particles, number by number, at other times; those that aren't there then stay.
  init(of particles: [SIMD3<Float>], froth: [Float] = [], moved: [[SIMD3<Float>]] = [], walls: LiquidWalls) {
    guard !particles.isEmpty else { return }
    let spacing = Float(walls.spacing)
    var grid = Grid(
      around: particles, spacing: spacing, cell: spacing * Self.cellShare, margin: (Self.reach + 1) * spacing,
      limit: min(Self.cellLimit, max(Self.leastLimit, Self.cellsPerParticle * particles.count)))

    // The field.
    var sums = [SIMD4<Float>](repeating: .zero, count: grid.count)
    grid.spread(particles + walls.reflections(of: particles), reach: Self.reach * spacing) { node, weight, offset, _ in
      sums[node] += SIMD4(offset * weight, weight)
    }
    let radius = Self.radius * spacing
    grid.field = sums.map { sum in
      guard sum.w > 1e-6 else { return spacing }
      let mean = SIMD3(sum.x, sum.y, sum.z) / sum.w
      return min((mean * mean).sum().squareRoot() - radius, spacing)
    }
    let thin = grid.field
    var weights = grid.with(sums.map { $0.w / Self.fullWeight })
    for _ in 0..<Int(1 / Self.cellShare) { weights.dilate() }
    for _ in 0..<Self.smoothingPasses { grid.smooth() }
    let width = Self.thickness.upperBound - Self.thickness.lowerBound
    for (node, weight) in weights.field.enumerated() {
      let x = min(max((weight - Self.thickness.lowerBound) / width, 0), 1)
      grid.field[node] = thin[node] + (grid.field[node] - thin[node]) * x * x * (3 - 2 * x)
    }
    let net = SurfaceNets(origin: grid.origin, cell: grid.cell, counts: grid.counts, field: grid.field).mesh()
    mesh = net.mesh
    walls.wet(&mesh)

    // What goes with the particles, from the corners of each vertex's cell.
    let strides = SIMD3(1, grid.counts.x, grid.counts.x * grid.counts.y)
    func averages(_ values: [SIMD3<Float>]) -> [SIMD3<Float>] {
      var sums = [SIMD4<Float>](repeating: .zero, count: grid.count)
      grid.spread(Array(particles[..<values.count]), reach: Self.reach * spacing) { node, weight, _, particle in
        sums[node] += SIMD4(values[particle] * weight, weight)
      }
      return net.cells.map { cell in
        let sum = (0..<8).reduce(SIMD4<Float>.zero) { $0 + sums[cell + SurfaceNets.offset($1, strides)] }
        return sum.w > 1e-6 ? SIMD3(sum.x, sum.y, sum.z) / sum.w : .zero
      }
    }
    for other in moved { moves.append(averages(zip(particles, other).map { $1 - $0 })) }
    if froth.count == particles.count, froth.contains(where: { $0 > 0.01 }) {
      self.froth = averages(froth.map { SIMD3(repeating: $0) }).map(\.x)
    }
  }

  /// A surface given by heights, whose points go up and down.
  ///
  /// - Parameters:
  ///   - heights: in the middles of the grid's cells, x fastest, world frame, m.
  ///   - moved: the same at other times.
  init(heights: [Float], moved: [[Float]], grid: FluidTrack.Grid, walls: LiquidWalls) {
    mesh = HeightFieldSurface.mesh(of: heights, grid: grid)
    moves = moved.map { other in
      zip(mesh.vertices, HeightFieldSurface.mesh(of: other, grid: grid).vertices).map { SIMD3<Float>($1 - $0) }
    }
    walls.wetBasin(&mesh, over: grid)
  }

  /// The nodes on which the liquid's field is kept.
  private struct Grid {
    var origin: SIMD3<Float>
    let cell: Float
    var counts: SIMD3<Int>
    var field: [Float] = []
    var count: Int { counts.x * counts.y * counts.z }

    init(around particles: [SIMD3<Float>], spacing: Float, cell: Float, margin: Float, limit: Int) {
      self.cell = cell
      var low = particles[0], high = particles[0]
      for p in particles {
        low = pointwiseMin(low, p)
        high = pointwiseMax(high, p)
      }
      func nodeCounts(_ size: SIMD3<Float>) -> SIMD3<Int> {
        let extent = (size + 2 * margin) / cell
        return SIMD3(Int(min(extent.x, 1e6)), Int(min(extent.y, 1e6)), Int(min(extent.z, 1e6))) &+ 2
      }
      // Where drops are too far off for the grid to hold them it stays round the others: round the median, which they don't
      // move.
      var nodes = nodeCounts(high - low)
      var middle = low
      if nodes.x * nodes.y * nodes.z > limit {
        for axis in 0..<3 { middle[axis] = particles.map { $0[axis] }.sorted()[particles.count / 2] }
      }
      while nodes.x * nodes.y * nodes.z > limit {
        let axis = nodes.x >= nodes.y && nodes.x >= nodes.z ? 0 : nodes.y >= nodes.z ? 1 : 2
        if middle[axis] - low[axis] > high[axis] - middle[axis] {
          low[axis] += (middle[axis] - low[axis]) / 4
        } else {
          high[axis] += (middle[axis] - high[axis]) / 4
        }
        nodes = nodeCounts(high - low)
      }
      counts = nodes
      origin = low - margin
    }

    /// Calls `add` with each node near each particle, the kernel's weight there, the particle's offset from the node, and its
    /// number.
    @inline(__always)
    func spread(_ particles: [SIMD3<Float>], reach: Float, _ add: (Int, Float, SIMD3<Float>, Int) -> Void) {
      let (nx, ny, nz) = (counts.x, counts.y, counts.z)
      let inverseSquare = 1 / (reach * reach)
      for (number, p) in particles.enumerated() {
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
              if share > 0 { add(row + x, share * share * share, offset, number) }
            }
          }
        }
      }
    }

    /// Another field on the same nodes.
    func with(_ field: [Float]) -> Grid {
      var grid = self
      grid.field = field
      return grid
    }

    /// A binomial filter along each axis.
    mutating func smooth() { along { 0.25 * ($0 + $2) + 0.5 * $1 } }

    /// The highest of a node and its neighbours.
    mutating func dilate() { along { max($0, $1, $2) } }

    /// Gives each node what `body` makes of the one before it, itself and the one behind it, along one axis after the other.
    @inline(__always)
    private mutating func along(_ body: (Float, Float, Float) -> Float) {
      let strides = [1, counts.x, counts.x * counts.y]
      for (axis, stride) in strides.enumerated() {
        let old = field
        let extent = counts[axis]
        for index in field.indices {
          let place = index / stride % extent
          guard place > 0, place < extent - 1 else { continue }
          field[index] = body(old[index - stride], old[index], old[index + stride])
        }
      }
    }
  }
}
