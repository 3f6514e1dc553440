import CFluidKernels
import WorldCore

/// What a particle has round it in a substep: its neighbours and walls.
extension FluidWorld {
  /// Nothing that has just moved stays in a wall, or behind it.
  func keepOutOfWalls(_ dt: Double, _ proxies: inout [BodyProxy]) {
    walls.place(proxies)
    let (particles, parts, bodies) = (store.view, walls.placed, proxies.map(\.kernelBody))
    forEachBlock(of: blockCount, workers: options.workers) {
      kernels.pointee.keepOutOfWalls(
        particles, parts, Int64(parts.count), bodies, Int64(bodies.count), Float(dt), given + $0 * bodies.count, Int64($0))
    }
    for (body, lost) in sumGiven(bodies.count).enumerated() {
      proxies[body].take(Vector3(lost.linear) * referenceMass, Vector3(lost.angular) * referenceMass)
    }
  }

  /// Sorts the particles, lists their neighbours and walls, and takes their densities.
  func listNeighbors(_ proxies: inout [BodyProxy]) {
    grid.sort(store, support: 2 * spacing)
    walls.place(proxies)
    let particles = store.view
    let (bodyCount, workers) = (proxies.count, options.workers)
    var bodies = proxies.map(\.kernelBody)

    // Walls first: they may put a particle back, a little farther than its cell.
    let parts = walls.placed
    forEachBlock(of: blockCount, workers: workers) {
      kernels.pointee.findWalls(
        particles, lists, parts, Int64(parts.count), bodies, Int64(bodyCount), given + $0 * bodyCount, Int64($0))
    }
    for (body, lost) in sumGiven(bodyCount).enumerated() {
      proxies[body].take(Vector3(lost.linear) * referenceMass, Vector3(lost.angular) * referenceMass)
    }
    bodies = proxies.map(\.kernelBody)
    listed = store.count
    guard store.count > 0 else { return }
    grid.withView { grid in
      forEachBlock(of: blockCount, workers: workers) {
        kernels.pointee.findNeighbors(particles, grid, lists, Int64($0))
        kernels.pointee.densities(particles, lists, bodies, Int64($0))
      }
    }
  }
}
