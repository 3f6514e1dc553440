import CFluidKernels
import WorldCore

/// A substep's forces that aren't pressure.
extension FluidWorld {
  /// Gravity, tension and viscosity; gives the sweeps that thick liquids took.
  func applyForces(_ dt: Double, _ proxies: inout [BodyProxy]) -> Int {
    let particles = store.view
    let bodies = proxies.map(\.kernelBody)
    let (bodyCount, workers) = (proxies.count, options.workers)
    let calming = Float(spacing * max(options.calming * gravitySpeed, options.tensionCalming * tensionSpeed))
    // First tension, by the gradients that the densities left in the accelerations.
    if hasTension {
      forEachBlock(of: blockCount, workers: workers) { kernels.pointee.surfaceStresses(particles, lists, Int64($0)) }
      forEachBlock(of: blockCount, workers: workers) {
        kernels.pointee.tension(particles, lists, bodies, Int64(bodyCount), Float(dt), given + $0 * bodyCount, Int64($0))
      }
      for (body, force) in sumGiven(bodyCount).enumerated() {
        proxies[body].take(Vector3(force.linear) * (referenceMass * dt), Vector3(force.angular) * (referenceMass * dt))
      }
    }
    smooth(dt)
    if isThick {
      for i in 0..<store.count { (store.acceleration[i].x, store.acceleration[i].y, store.acceleration[i].z) = (0, 0, 0) }
    } else {
      forEachBlock(of: blockCount, workers: workers) {
        kernels.pointee.viscousForces(particles, lists, bodies, Int64(bodyCount), calming, given + $0 * bodyCount, Int64($0))
      }
      for (body, force) in sumGiven(bodyCount).enumerated() {
        proxies[body].take(Vector3(force.linear) * (referenceMass * dt), Vector3(force.angular) * (referenceMass * dt))
      }
    }
    store.kick(dt, gravity: options.gravity)
    for body in proxies.indices { proxies[body].accelerate(dt) }
    guard isThick, store.count > 0 else { return 0 }
    let solve = ViscositySolve(store.count)
    defer { solve.deallocate() }
    let (impulses, iterations) = solve.run(self, dt, proxies)
    for (body, impulse) in impulses.enumerated() {
      proxies[body].take(Vector3(impulse.linear) * referenceMass, Vector3(impulse.angular) * referenceMass)
    }
    return iterations
  }

  /// Takes out what neighbours do unlike one another, which no flow of the scale of several particles has.
  private func smooth(_ dt: Double) {
    let viscosity = spacing * max(options.smoothing * gravitySpeed, options.tensionSmoothing * tensionSpeed)
    guard viscosity > 0 else { return }
    let (particles, workers) = (store.view, options.workers)
    // Where neighbours move in opposite ways the Laplacian is about −12/d²: there this damps as that viscosity would.
    let factor = Float(viscosity * spacing * spacing / Self.roughest * dt)
    forEachBlock(of: blockCount, workers: workers) { kernels.pointee.roughness(particles, lists, Int64($0)) }
    forEachBlock(of: blockCount, workers: workers) { kernels.pointee.smooth(particles, lists, factor, Int64($0)) }
  }

  /// The Laplacian's greatest eigenvalue on a cubic lattice, over d⁻².
  private static let roughest = 12.0
}
