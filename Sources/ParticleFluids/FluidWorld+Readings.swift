import CFluidKernels
public import WorldCore

/// What is asked of the fluids between steps.
extension FluidWorld {
  func name(ofParticle i: Int) -> String { fluids[store.number[i].fluid].name }

  /// How many fluids there are.
  public var count: Int { fluids.count }
  public func name(of fluid: Int) -> String { fluids[fluid].name }
  /// Particles that it has now.
  public func particleCount(of fluid: Int) -> Int { fluids[fluid].present }
  /// Particles that it has had: their numbers are below this.
  public func issuedCount(of fluid: Int) -> Int { fluids[fluid].issued }
  /// Whether particles of it come or go.
  public func isOpen(_ fluid: Int) -> Bool { !(fluids[fluid].inlets.isEmpty && fluids[fluid].outlets.isEmpty) }
  /// Of a particle, kg.
  public func particleMass(of fluid: Int) -> Double { fluids[fluid].particleMass }
  /// Of what it has now, kg.
  public func mass(of fluid: Int) -> Double { fluids[fluid].particleMass * Double(fluids[fluid].present) }
  /// The spacing that the first region divides into evenly, m.
  public var particleSpacing: Double { spacing }

  /// World frame, m; of the particles that it has now, in the order in which they came.
  public func positions(of fluid: Int) -> [SIMD3<Float>] { gather(fluid) { store.position[$0].vector } }
  /// The numbers of the particles that it has now, rising.
  public func numbers(of fluid: Int) -> [Int] { gather(fluid) { store.number[$0].index } }
  /// World frame, m/s.
  public func velocities(of fluid: Int) -> [SIMD3<Float>] { gather(fluid) { store.velocity[$0].vector } }
  /// What the particles bear, Pa: the mean normal stress, which is what a plane through the fluid feels. Zero before the first step.
  ///
  /// The pressures that the solves find differ from it by how the particles happen to lie. Where some have left through an outlet in the
  /// last substep those are what is given.
  public func pressures(of fluid: Int) -> [Float] {
    let density = Float(referenceMass / (spacing * spacing * spacing))
    guard listed == store.count else { return gather(fluid) { store.position[$0].w * density } }
    var stresses = [Float](repeating: 0, count: store.count)
    stresses.withUnsafeMutableBufferPointer { stresses in
      // Each block writes to its own particles.
      nonisolated(unsafe) let target = stresses.baseAddress!
      let (particles, lists, kernels) = (store.view, lists, kernels)
      forEachBlock(of: blockCount, workers: options.workers) {
        kernels.pointee.meanStresses(particles, lists, target, Int64($0))
      }
    }
    return gather(fluid) { stresses[$0] * density }
  }
  /// Over that at rest; surfaces count what is missing above them.
  public func relativeDensities(of fluid: Int) -> [Float] { gather(fluid) { store.density[$0] } }

  private func gather<T>(_ fluid: Int, _ value: (Int) -> T) -> [T] {
    // Where each number stands in the store; then without the gaps of those that have gone.
    var places = [Int32](repeating: -1, count: fluids[fluid].issued)
    for i in 0..<store.count {
      let number = store.number[i]
      if number.fluid == fluid { places[number.index] = Int32(i) }
    }
    var values: [T] = []
    values.reserveCapacity(fluids[fluid].present)
    for place in places where place >= 0 { values.append(value(Int(place))) }
    return values
  }

  /// Of any particle, m/s.
  public var greatestSpeed: Double {
    var greatest: Float = 0
    for i in 0..<store.count { greatest = max(greatest, store.velocity[i].lengthSquared) }
    return Double(greatest).squareRoot()
  }

  /// J; potential energy is gravity's, zero at the world's origin.
  public var energy: (kinetic: Double, potential: Double) {
    var (kinetic, potential) = (0.0, 0.0)
    for i in 0..<store.count {
      let mass = referenceMass / Double(store.lightness[i])
      kinetic += 0.5 * mass * Double(store.velocity[i].lengthSquared)
      potential -= mass * options.gravity.dot(Vector3(store.position[i].vector))
    }
    return (kinetic, potential)
  }

  /// kg·m/s, and kg·m²/s about the world's origin; with what sheets have stopped and not yet taken over.
  public var momentum: (linear: Vector3, angular: Vector3) {
    var (linear, angular) = (Vector3.zero, Vector3.zero)
    for i in 0..<store.count {
      let p = Vector3(store.velocity[i].vector) * (referenceMass / Double(store.lightness[i]))
      linear += p
      angular += Vector3(store.position[i].vector).cross(p)
    }
    guard let kept = sheets?.momentum(store) else { return (linear, angular) }
    return (linear + kept.linear, angular + kept.angular)
  }

  /// Bytes that a particle takes now, lists and grid included.
  public var bytesPerParticle: Double {
    Double(FKListsBytes(lists) + Int64(grid.bytes)) / Double(max(store.count, 1)) + Double(ParticleStore.bytesPerParticle)
  }
}
