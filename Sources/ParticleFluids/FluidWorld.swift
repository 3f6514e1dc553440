import CFluidKernels
import Foundation
public import WorldCore

/// Liquids in motion: incompressible smoothed-particle hydrodynamics with a divergence-free and a density solve (DFSPH; Bender &
/// Koschier 2015), among rigid bodies of any shape.
///
/// A step is cut into substeps that the fastest particle decides. A substep lists neighbours and walls, takes what compresses out of
/// the velocities, adds gravity, viscosity and tension, finds the pressures that keep the density, and moves the particles. Bodies
/// take part in both solves and are moved along; all that they are given is reported, so that momentum is exchanged exactly. The same
/// input gives the same state bit for bit on any number of workers.
///
/// Limits: all fluids share one spacing; a liquid is incompressible and has no negative pressure; through a wall thinner than two
/// spacings particles on both sides feel one another a little, but none passes.
public final class FluidWorld {
  public let options: FluidOptions
  public private(set) var time = 0.0
  let solids: [FluidSolid]
  let spacing: Double
  /// ρ d³ of the reference liquid, kg.
  let referenceMass: Double
  let store: ParticleStore
  let lists: OpaquePointer
  let kernels: UnsafePointer<FKKernels>
  /// What each block gives each body.
  let given: UnsafeMutablePointer<FKMotion>
  let blockSums: UnsafeMutablePointer<FKBlockSum>
  private let walls: WallParts
  private var grid = CellGrid()
  private let fluids: [Fluid]
  private let longestStep: Double
  private let hasTension: Bool

  private struct Fluid {
    var name: String
    var particles: Range<Int>
    var particleMass: Double
  }

  /// Fills the fluids' regions among the solids as `bodies` place them.
  ///
  /// - Throws: ``FluidError``.
  public init(
    _ definitions: [FluidDefinition], solids: [FluidSolid] = [], bodies: [FluidBody] = [], options: FluidOptions
  ) throws(FluidError) {
    precondition(!definitions.isEmpty && solids.count == bodies.count, "a fluid world has fluids, and a place for each solid")
    guard options.spacing > 0, options.spacing.isFinite else { throw .badSpacing(options.spacing) }
    for definition in definitions { try definition.check() }
    self.options = options
    self.solids = solids
    let volume = FluidFill.particleVolume(of: definitions[0].region, spacing: options.spacing)
    let spacing = cbrt(volume)
    self.spacing = spacing
    let reference = definitions[0].liquid.density
    referenceMass = reference * volume

    // Particles, fluid by fluid.
    let obstacles = zip(solids, bodies).map { (field: SignedDistanceField($0.shape), shapeFromWorld: $1.worldFromShape.inverse) }
    var fills: [FluidFill] = []
    for definition in definitions { fills.append(try FluidFill(definition, volume: volume, solids: obstacles)) }
    store = ParticleStore(count: fills.reduce(0) { $0 + $1.points.count }, spacing: spacing)
    var fluids: [Fluid] = []
    var first = 0
    for (definition, fill) in zip(definitions, fills) {
      let liquid = definition.liquid
      let cohesion = FluidForces.cohesion(tension: liquid.surfaceTension, spacing: spacing) / (reference * volume)
      for (offset, p) in fill.points.enumerated() {
        let i = first + offset
        let v = definition.velocity
        store.position[i] = FKVector(x: Float(p.x), y: Float(p.y), z: Float(p.z), w: 0)
        store.velocity[i] = FKVector(x: Float(v.x), y: Float(v.y), z: Float(v.z), w: Float(liquid.viscosity / reference))
        store.acceleration[i].w = Float(cohesion)
        store.lightness[i] = Float(reference / liquid.density)
        store.number[i] = Int32(i)
      }
      fluids.append(
        Fluid(name: definition.name, particles: first..<first + fill.points.count, particleMass: liquid.density * volume))
      first += fill.points.count
    }
    self.fluids = fluids

    // The steps that the liquids bear.
    hasTension = definitions.contains { $0.liquid.surfaceTension > 0 }
    longestStep = definitions.reduce(options.longestStep) { shortest, definition in
      let liquid = definition.liquid
      return min(
        shortest, FluidForces.viscousStep(kinematicViscosity: liquid.viscosity / liquid.density, spacing: spacing),
        FluidForces.capillaryStep(density: liquid.density, tension: liquid.surfaceTension, spacing: spacing))
    }

    walls = WallParts(solids, spacing: spacing)
    kernels = FKBestKernels()
    lists = FKListsCreate()
    FKListsResize(lists, Int64(store.count))
    let blocks = (store.count + Int(FKBlockSize) - 1) / Int(FKBlockSize)
    given = .allocate(capacity: max(blocks * solids.count, 1))
    given.initialize(repeating: FKMotion(), count: max(blocks * solids.count, 1))
    blockSums = .allocate(capacity: blocks)
    blockSums.initialize(repeating: FKBlockSum(), count: blocks)
  }

  deinit {
    FKListsDestroy(lists)
    given.deallocate()
    blockSums.deallocate()
  }

  var blockCount: Int { (store.count + Int(FKBlockSize) - 1) / Int(FKBlockSize) }

  // MARK: Stepping

  /// Carries all fluids on by `duration` seconds among the solids, which are as `bodies` says at the start of the step.
  ///
  /// Dynamic solids are moved along inside the step by their velocity, their acceleration and the fluids. The caller may take over
  /// the state reported at the end, or apply the reported impulses and step the bodies itself.
  /// - Throws: ``FluidError/badDuration(_:)``, ``FluidError/notFinite(fluid:time:position:)``,
  ///   ``FluidError/tooFast(fluid:time:position:speed:)``.
  public func step(_ duration: Double, bodies: [FluidBody] = []) throws(FluidError) -> FluidStepReport {
    precondition(bodies.count == solids.count, "a step needs the state of every solid")
    guard duration > 0, duration.isFinite else { throw .badDuration(duration) }
    var proxies = zip(solids, bodies).map { BodyProxy($0, $1) }
    var report = FluidStepReport(bodies: [])
    let end = time + duration
    var remaining = duration
    while remaining > 0 {
      let wanted = try stableStep(proxies)
      listNeighbors(&proxies)
      let pieces = max((remaining / wanted * (1 - 1e-9)).rounded(.up), 1)
      let dt = remaining / pieces

      applyForces(dt, &proxies)
      report.divergenceIterations += project(dt, &proxies)
      report.densityIterations += correctDensity(dt, proxies)
      store.drift(dt)
      for body in proxies.indices { proxies[body].move(dt) }
      keepOutOfWalls(dt, &proxies)

      remaining = pieces == 1 ? 0 : remaining - dt
      time = end - remaining
      report.substeps += 1
    }
    report.bodies = proxies.map(\.report)
    return report
  }

  /// Nothing that has just moved stays in a wall, or behind it.
  private func keepOutOfWalls(_ dt: Double, _ proxies: inout [BodyProxy]) {
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
  private func listNeighbors(_ proxies: inout [BodyProxy]) {
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
    grid.withView { grid in
      forEachBlock(of: blockCount, workers: workers) {
        kernels.pointee.findNeighbors(particles, grid, lists, Int64($0))
        kernels.pointee.densities(particles, lists, bodies, Int64($0))
      }
    }
  }

  /// The step that the fastest particle allows (Courant's condition), s.
  private func stableStep(_ proxies: [BodyProxy]) throws(FluidError) -> Double {
    let v = store.velocity
    var greatest: Float = 0
    var fastest = 0
    for i in 0..<store.count {
      let square = v[i].x * v[i].x + v[i].y * v[i].y + v[i].z * v[i].z
      if !(square <= greatest) { (greatest, fastest) = (square, i) }
      if !square.isFinite { break }
    }
    let speed = Double(greatest).squareRoot()
    let place = Vector3(store.position[fastest].vector)
    guard speed.isFinite, place.isFinite, proxies.allSatisfy(\.isFinite) else {
      throw .notFinite(fluid: name(ofParticle: fastest), time: time, position: place)
    }
    let step = min(longestStep, options.courantNumber * spacing / max(speed, .leastNormalMagnitude))
    guard step > options.longestStep * Self.shortestShare else {
      throw .tooFast(fluid: name(ofParticle: fastest), time: time, position: place, speed: speed)
    }
    return step
  }

  /// A step shorter than this share of the longest means an explosion.
  private static let shortestShare = 1e-3

  private func applyForces(_ dt: Double, _ proxies: inout [BodyProxy]) {
    let particles = store.view
    let bodies = proxies.map(\.kernelBody)
    let (bodyCount, workers) = (proxies.count, options.workers)
    let smoothing = Float(options.smoothing * spacing * (options.gravity.length * spacing).squareRoot())
    forEachBlock(of: blockCount, workers: workers) {
      kernels.pointee.viscousForces(particles, lists, bodies, Int64(bodyCount), smoothing, given + $0 * bodyCount, Int64($0))
    }
    for (body, force) in sumGiven(bodyCount).enumerated() {
      proxies[body].take(Vector3(force.linear) * (referenceMass * dt), Vector3(force.angular) * (referenceMass * dt))
    }
    if hasTension {
      forEachBlock(of: blockCount, workers: workers) { kernels.pointee.cohesion(particles, lists, Int64($0)) }
    }
    store.kick(dt, gravity: options.gravity)
    for body in proxies.indices { proxies[body].accelerate(dt) }
  }

  private func name(ofParticle i: Int) -> String {
    let number = Int(store.number[i])
    return fluids.first { $0.particles.contains(number) }?.name ?? ""
  }


  // MARK: State

  /// How many fluids there are.
  public var count: Int { fluids.count }
  public func name(of fluid: Int) -> String { fluids[fluid].name }
  public func particleCount(of fluid: Int) -> Int { fluids[fluid].particles.count }
  public func mass(of fluid: Int) -> Double { fluids[fluid].particleMass * Double(fluids[fluid].particles.count) }
  /// The spacing that the first region divides into evenly, m.
  public var particleSpacing: Double { spacing }

  /// World frame, m; particle by particle in the order they were filled in.
  public func positions(of fluid: Int) -> [SIMD3<Float>] { gather(fluid) { store.position[$0].vector } }
  /// World frame, m/s.
  public func velocities(of fluid: Int) -> [SIMD3<Float>] { gather(fluid) { store.velocity[$0].vector } }
  /// Pa
  public func pressures(of fluid: Int) -> [Float] {
    let density = Float(referenceMass / (spacing * spacing * spacing))
    return gather(fluid) { store.position[$0].w * density }
  }
  /// Over that at rest; surfaces count what is missing above them.
  public func relativeDensities(of fluid: Int) -> [Float] { gather(fluid) { store.density[$0] } }

  private func gather<T>(_ fluid: Int, _ value: (Int) -> T) -> [T] {
    let range = fluids[fluid].particles
    return [T](unsafeUninitializedCapacity: range.count) { buffer, filled in
      for i in 0..<store.count {
        let number = Int(store.number[i])
        if range.contains(number) { buffer.initializeElement(at: number - range.lowerBound, to: value(i)) }
      }
      filled = range.count
    }
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

  /// kg·m/s, and kg·m²/s about the world's origin.
  public var momentum: (linear: Vector3, angular: Vector3) {
    var (linear, angular) = (Vector3.zero, Vector3.zero)
    for i in 0..<store.count {
      let p = Vector3(store.velocity[i].vector) * (referenceMass / Double(store.lightness[i]))
      linear += p
      angular += Vector3(store.position[i].vector).cross(p)
    }
    return (linear, angular)
  }

  /// Bytes that a particle takes now, lists and grid included.
  public var bytesPerParticle: Double {
    Double(FKListsBytes(lists) + Int64(grid.bytes)) / Double(store.count) + Double(ParticleStore.bytesPerParticle)
  }
}

extension FluidDefinition {
  fileprivate func check() throws(FluidError) {
    let quantities = [
      ("density", liquid.density, liquid.density > 0), ("viscosity", liquid.viscosity, liquid.viscosity >= 0),
      ("surface tension", liquid.surfaceTension, liquid.surfaceTension >= 0),
    ]
    for (quantity, value, isRight) in quantities where !(isRight && value.isFinite) {
      throw .badLiquid(fluid: name, quantity: quantity, value: value)
    }
  }
}
