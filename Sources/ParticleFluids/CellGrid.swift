import CFluidKernels
import WorldCore

/// A grid of cells as wide as the kernel's support over all particles, and the particles sorted by it (Green 2008; Ihmsen et
/// al. 2011, section 3).
///
/// Where a few particles are far from the rest the grid stays round the rest; what is beyond it counts to the outermost cells,
/// which keeps neighbours in neighbouring cells.
struct CellGrid {
  private var starts: [Int32] = []
  private var counts = SIMD3<Int>(repeating: 1)
  private var origin = SIMD3<Float>.zero
  private var inverseSize: Float = 1

  /// The cells that the grid may have, for each particle and at least.
  private static let cellsPerParticle = 4
  private static let leastLimit = 1 << 14

  var bytes: Int { starts.count * MemoryLayout<Int32>.stride }

  mutating func sort(_ store: ParticleStore, support: Double) {
    // Bounds of all particles, and their middle.
    let (x, count) = (store.position, store.count)
    guard count > 0 else { return }
    var low = SIMD3<Float>(repeating: .infinity), high = SIMD3<Float>(repeating: -.infinity)
    var middle = SIMD3<Double>.zero
    for i in 0..<count {
      let p = SIMD3(x[i].x, x[i].y, x[i].z)
      low.replace(with: p, where: p .< low)
      high.replace(with: p, where: p .> high)
      middle += SIMD3<Double>(p)
    }
    let center = SIMD3<Float>(middle / Double(count))
    inverseSize = Float(1 / support)
    let limit = max(Self.leastLimit, Self.cellsPerParticle * count)
    func cells() -> SIMD3<Int> {
      let extent = (high - low) * inverseSize
      return SIMD3(Int(min(extent.x, 1e6)), Int(min(extent.y, 1e6)), Int(min(extent.z, 1e6))) &+ 1
    }
    counts = cells()
    while counts.x * counts.y * counts.z > limit {
      let axis = counts.x >= counts.y && counts.x >= counts.z ? 0 : counts.y >= counts.z ? 1 : 2
      low[axis] += (center[axis] - low[axis]) * 0.25
      high[axis] += (center[axis] - high[axis]) * 0.25
      counts = cells()
    }
    origin = low

    let last = SIMD3<Float>(counts &- 1)
    let (ny, nx, size, from) = (Int32(counts.y), Int32(counts.x), inverseSize, origin)
    starts = store.sort(cells: counts.x * counts.y * counts.z) { i in
      // One by one: a conversion of whole vectors goes through generic code.
      let c = ((SIMD3(x[i].x, x[i].y, x[i].z) - from) * size).clamped(lowerBound: .zero, upperBound: last)
      return Int((Int32(c.z) &* ny &+ Int32(c.y)) &* nx &+ Int32(c.x))
    }
  }

  /// What the kernels read.
  func withView(_ body: (UnsafePointer<FKGrid>) -> Void) {
    starts.withUnsafeBufferPointer { starts in
      let view = FKGrid(
        cellStart: starts.baseAddress!, nx: Int32(counts.x), ny: Int32(counts.y), nz: Int32(counts.z),
        origin: (origin.x, origin.y, origin.z), inverseSize: inverseSize)
      withUnsafePointer(to: view, body)
    }
  }
}
