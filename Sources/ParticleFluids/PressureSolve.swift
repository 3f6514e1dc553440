import CFluidKernels
import WorldCore

/// The two pressure solves of a substep, both by relaxed Jacobi sweeps (Bender & Koschier 2015; Ihmsen et al. 2014, algorithm 1)
/// on pressures that are not negative, but for what surface tension gives whole fluid (Kernels/Pressure.h).
///
/// A sweep turns pressures P into accelerations a(P), those into the densities' rates of change, and corrects
/// P_i ← max(0, P_i + ω e_i / (Δt² K_i)), where e_i is how much denser than rest the particle will be and K_i what a unit of
/// its own pressure does about it.
///
/// The first makes the velocities divergence-free; its pressures are the fluid's. The second moves what has still become too
/// dense apart and leaves the velocities alone, so that a correction of places is no blow (Kugelstadt et al. 2019): still water
/// stays still.
extension FluidWorld {
  /// The inverse of the greatest eigenvalue of K⁻¹ times the operator: 2.8 on a cubic lattice. Nesterov's momentum bears a third
  /// more than that, which disorder needs; where it isn't enough the momentum starts anew.
  private static let relaxation: Float = 0.36

  /// Nesterov's sequence t of the projection begins here, where the momentum is 0.72, not at 1, where there is none: last substep's
  /// pressures leave errors between neighbours, which the first sweeps would take out one by one without it. On a dam break that
  /// saves a quarter of the sweeps.
  private static let firstInertia = 5.0

  /// In disordered fluid at rest densities scatter by a few per cent below that of a lattice, and below what the surface beside
  /// them explains. Were the gaps free to close, still water would fall into them and be pushed out again without end.
  private static let looseness: Float = 0.03

  /// The farthest that a correction of places may move a particle in a substep, in spacings: half a spacing would already bring
  /// one lattice site into the gap beside it.
  private static let longestCorrection = 0.1

  /// Sweeps whose error has grown to so many times that of their first diverge. Beside walls the operator is neither symmetric nor
  /// always positive, since they hide neighbours; a mode that grows then would throw particles through the walls.
  private static let divergence = 3.0
  /// The attempts that sweeps have: from the last substep's pressures, then from none with smaller corrections.
  private static let attempts = 3

  /// Takes out of the velocities what would make particles denser than rest, starting from the last substep's pressures; gives
  /// the number of sweeps.
  ///
  /// Bodies take part: in each sweep they are accelerated by the same pressures that act on the fluid, so light ones stay
  /// stable.
  func project(_ dt: Double, _ proxies: inout [BodyProxy]) -> Int {
    var motion = [FKMotion](repeating: FKMotion(), count: max(proxies.count, 1))
    let sweep = FKSweep(
      step: Float(dt), relaxation: Self.relaxation, momentum: 0, wallFactor: 2, looseness: Self.looseness, forDensity: 0)
    let bodies = proxies
    let (forces, sweeps) = solve(sweep, bodies, tolerance: options.divergenceTolerance, &motion) { forces, motion in
      for body in bodies.indices { motion[body] = bodies[body].response(to: forces[body], scale: self.referenceMass) }
    }
    store.kick(dt)
    for body in proxies.indices {
      proxies[body].take(
        Vector3(forces[body].linear) * (referenceMass * dt), Vector3(forces[body].angular) * (referenceMass * dt))
    }
    return sweeps
  }

  /// Moves particles apart that the substep's motion makes denser than rest; bodies stay. Gives the number of sweeps.
  func correctDensity(_ dt: Double, _ proxies: [BodyProxy]) -> Int {
    store.exchangePressures()
    defer { store.exchangePressures() }
    var motion = [FKMotion](repeating: FKMotion(), count: max(proxies.count, 1))
    let sweep = FKSweep(step: Float(dt), relaxation: Self.relaxation, momentum: 0, wallFactor: 1, looseness: 0, forDensity: 1)
    let (_, sweeps) = solve(sweep, proxies, tolerance: options.densityTolerance, &motion) { _, _ in }
    // Densities change evenly over small ways only: what would go farther is left to the substeps that follow.
    let farthest = store.greatestAcceleration * dt * dt
    store.drift(
      dt * dt * min(1, Self.longestCorrection * spacing / max(farthest, .leastNormalMagnitude)), by: store.acceleration)
    return sweeps
  }

  private func solve(
    _ sweep: FKSweep, _ proxies: [BodyProxy], tolerance: Double, _ motion: inout [FKMotion],
    respond: ([FKMotion], inout [FKMotion]) -> Void
  ) -> (forces: [FKMotion], sweeps: Int) {
    let (blocks, bodyCount, workers, particles) = (blockCount, proxies.count, options.workers, store.view)
    let bodies = proxies.map(\.kernelBody)
    forEachBlock(of: blocks, workers: workers) { kernels.pointee.rates(particles, lists, bodies, sweep.wallFactor, Int64($0)) }
    store.rememberPressures()
    var (sweeps, t) = (0, sweep.forDensity == 1 ? 1 : Self.firstInertia)
    var sweep = sweep
    var (attempt, start) = (1, Double?.none)
    while true {
      // Accelerations of particles and bodies by the present pressures.
      forEachBlock(of: blocks, workers: workers) {
        kernels.pointee.pressureForces(particles, lists, bodies, Int64(bodyCount), given + $0 * bodyCount, Int64($0))
      }
      let forces = sumGiven(bodyCount)
      respond(forces, &motion)

      // What they do to the densities, and better pressures.
      let moving = motion
      withUnsafePointer(to: sweep) { sweep in
        forEachBlock(of: blocks, workers: workers) {
          blockSums[$0] = kernels.pointee.relax(particles, lists, bodies, moving, sweep, Int64($0))
        }
      }
      sweeps += 1
      if attempt > Self.attempts { return (forces, sweeps) }

      // Nesterov's momentum, started anew when a step went against the last one (O'Donoghue & Candès 2015, eq. 12).
      let turn = (0..<blocks).reduce(0) { $0 + blockSums[$1].turn }
      let next = turn > 0 ? 1 : (1 + (1 + 4 * t * t).squareRoot()) / 2
      sweep.momentum = turn > 0 ? 0 : Float((t - 1) / next)
      t = next

      // The accelerations are those of the pressures before this correction, whose error is known.
      let error = (0..<blocks).reduce(0) { $0 + blockSums[$1].error } / Double(max(store.count, 1))
      let growth = (0..<blocks).reduce(0) { $0 + blockSums[$1].growth } / Double(max(store.count, 1))
      let bound = sweep.forDensity == 1 ? tolerance : min(tolerance, options.divergenceShare * growth)
      if error <= bound || sweeps >= options.iterationLimit { return (forces, sweeps) }

      // What diverges begins anew without pressures, at last stays without.
      let first = start ?? error
      start = first
      guard error > Self.divergence * first else { continue }
      store.forgetPressures()
      (attempt, start, t) = (attempt + 1, nil, 1)
      sweep.momentum = 0
      sweep.relaxation /= 2
    }
  }

  /// The blocks' gifts to each body, added in the blocks' order.
  func sumGiven(_ bodyCount: Int) -> [FKMotion] {
    var sum = [FKMotion](repeating: FKMotion(), count: bodyCount)
    for block in 0..<blockCount {
      for body in 0..<bodyCount {
        let motion = given[block * bodyCount + body]
        sum[body].linear = (Vector3(sum[body].linear) + Vector3(motion.linear)).tuple
        sum[body].angular = (Vector3(sum[body].angular) + Vector3(motion.angular)).tuple
      }
    }
    return sum
  }
}
