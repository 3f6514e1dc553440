import CFluidKernels
import Foundation
public import WorldCore

/// Liquids in motion: incompressible smoothed-particle hydrodynamics with a divergence-free and a density solve (DFSPH; Bender
/// & Koschier 2015), among rigid bodies of any shape.
///
/// A step is cut into substeps that the fastest particle decides. A substep lists neighbours and walls, takes what compresses
/// out of the velocities, adds gravity, viscosity and tension, finds the pressures that keep the density, and moves the
/// particles. Bodies take part in both solves and are moved along; all that they are given is reported, so that momentum is
/// exchanged exactly. The same input gives the same state bit for bit on any number of workers.
///
/// Limits: all fluids share one spacing; a liquid is incompressible, and bears no more negative pressure than its surface
/// tension over a spacing; through a wall thinner than
/// two spacings particles on both sides feel one another a little, but none passes.
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
  private(set) var given: UnsafeMutablePointer<FKMotion>
  private(set) var blockSums: UnsafeMutablePointer<FKBlockSum>
  /// Blocks that the two have room for.
  private var blockRoom = 0
  private let walls: WallParts
  private var grid = CellGrid()
  private var fluids: [Fluid]
  /// Thin sheets in the fluids; nil where none ever was.
  private var sheets: SheetExchange?
  private let longestStep: Double
  /// What a spacing gives to speeds by gravity, √(g d), and by tension, √(σ/ρd), m/s.
  private let gravitySpeed: Double
  private let tensionSpeed: Double
  private let hasTension: Bool
  /// Whether some liquid is too thick for explicit viscosity.
  private let isThick: Bool

  private struct Fluid {
    var name: String
    var particleMass: Double
    /// Particles that it has had, and has now.
    var issued = 0
    var present = 0
    var inlets: [InletProgress]
    var outlets: [(outlet: FluidOutlet, field: SignedDistanceField)]
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
    let volume = FluidFill.particleVolume(of: definitions.first { $0.region != nil }?.region, spacing: options.spacing)
    let spacing = cbrt(volume)
    self.spacing = spacing
    let reference = definitions[0].liquid.density
    referenceMass = reference * volume

    // Particles, fluid by fluid.
    precondition(definitions.count <= ParticleNumber.mostFluids, "a world has at most \(ParticleNumber.mostFluids) fluids")
    let obstacles = zip(solids, bodies).map {
      (field: SignedDistanceField($0.shape), shapeFromWorld: $1.worldFromShape.inverse)
    }
    var fills: [[Vector3]] = []
    for definition in definitions {
      let fill = try definition.region.map { region throws(FluidError) in
        try FluidFill(definition, region, volume: volume, solids: obstacles)
      }
      fills.append(fill?.points ?? [])
    }
    store = ParticleStore(
      room: fills.reduce(0) { $0 + $1.count }, spacing: spacing,
      liquids: definitions.map { definition in
        let liquid = definition.liquid
        return ParticleStore.Constants(
          viscosity: Float(liquid.viscosity / reference),
          tension: Float(liquid.surfaceTension / reference),
          lightness: Float(reference / liquid.density))
      })
    fluids = []
    for (index, (definition, fill)) in zip(definitions, fills).enumerated() {
      for (number, place) in fill.enumerated() {
        store.append(ParticleNumber(fluid: index, index: number), at: place, velocity: definition.velocity)
      }
      fluids.append(
        Fluid(
          name: definition.name, particleMass: definition.liquid.density * volume, issued: fill.count, present: fill.count,
          inlets: definition.inlets.map { InletProgress($0, spacing: spacing) },
          outlets: definition.outlets.map { ($0, SignedDistanceField($0.region)) }))
    }

    // The steps that the liquids bear.
    hasTension = definitions.contains { $0.liquid.surfaceTension > 0 }
    let viscousStep = definitions.reduce(Double.infinity) {
      min($0, FluidForces.viscousStep(kinematicViscosity: $1.liquid.viscosity / $1.liquid.density, spacing: spacing))
    }
    isThick = viscousStep < options.longestStep
    let weight = options.gravity.length
    gravitySpeed = (weight * spacing).squareRoot()
    tensionSpeed = definitions.reduce(0) { max($0, ($1.liquid.surfaceTension / ($1.liquid.density * spacing)).squareRoot()) }
    let falling = weight > 0 ? options.gravityShare * (spacing / weight).squareRoot() : .infinity
    longestStep = definitions.reduce(min(options.longestStep, falling)) {
      let liquid = $1.liquid
      return min($0, FluidForces.capillaryStep(density: liquid.density, tension: liquid.surfaceTension, spacing: spacing))
    }

    walls = WallParts(solids, spacing: spacing)
    kernels = FKBestKernels()
    lists = FKListsCreate()
    (given, blockSums) = (.allocate(capacity: 1), .allocate(capacity: 1))
    makeRoomForBlocks()
  }

  deinit {
    FKListsDestroy(lists)
    given.deallocate()
    blockSums.deallocate()
  }

  /// Sees to it that every block has its list and its places for sums.
  private func makeRoomForBlocks() {
    FKListsResize(lists, Int64(store.count))
    guard blockCount > blockRoom else { return }
    blockRoom = blockCount + blockCount / 2
    given.deallocate()
    blockSums.deallocate()
    (given, blockSums) = (.allocate(capacity: max(blockRoom * solids.count, 1)), .allocate(capacity: blockRoom))
    given.initialize(repeating: FKMotion(), count: max(blockRoom * solids.count, 1))
    blockSums.initialize(repeating: FKBlockSum(), count: blockRoom)
  }

  var blockCount: Int { (store.count + Int(FKBlockSize) - 1) / Int(FKBlockSize) }

  // MARK: Stepping

  /// Carries all fluids on by `duration` seconds among the solids, which are as `bodies` says at the start of the step.
  ///
  /// Dynamic solids are moved along inside the step by their velocity, their acceleration and the fluids. The caller may take
  /// over the state reported at the end, or apply the reported impulses and step the bodies itself.
  /// - Throws: ``FluidError/badDuration(_:)``, ``FluidError/notFinite(fluid:time:position:)``,
  ///   ``FluidError/tooFast(fluid:time:position:speed:)``.
  public func step(_ duration: Double, bodies: [FluidBody] = []) throws(FluidError) -> FluidStepReport {
    precondition(bodies.count == solids.count, "a step needs the state of every solid")
    guard duration > 0, duration.isFinite else { throw .badDuration(duration) }
    var proxies = zip(solids, bodies).map { BodyProxy($0, $1) }
    var report = FluidStepReport(bodies: [])
    let end = time + duration
    var remaining = duration
    sheets?.begin(duration)
    while remaining > 0 {
      try letIn()
      let wanted = try stableStep(proxies)
      listNeighbors(&proxies)
      let pieces = max((remaining / wanted * (1 - 1e-9)).rounded(.up), 1)
      let dt = remaining / pieces

      report.viscosityIterations += applyForces(dt, &proxies)
      report.divergenceIterations += project(dt, &proxies)
      sheets?.restrain(store, elapsed: duration - remaining, dt)
      report.densityIterations += correctDensity(dt, proxies)
      store.drift(dt)
      for body in proxies.indices { proxies[body].move(dt) }
      keepOutOfWalls(dt, &proxies)
      sheets?.putBack(store, elapsed: duration - remaining + dt)

      remaining = pieces == 1 ? 0 : remaining - dt
      time = end - remaining
      letOut()
      report.substeps += 1
    }
    // What is recorded next must be numbers.
    _ = try stableStep(proxies)
    report.bodies = proxies.map(\.report)
    return report
  }

  // MARK: Sheets

  /// What liquid the nodes of thin sheets have hold of: their engine asks before it moves them, and before the fluids' step.
  public func liquid(at sheets: [FluidSheet]) -> [[SheetLiquid]] {
    let exchange = self.sheets ?? SheetExchange(spacing: spacing, referenceMass: referenceMass)
    self.sheets = exchange
    return exchange.meet(sheets, store)
  }

  /// Takes over what the nodes of the sheets asked about last took of that, and where they go during the next step.
  ///
  /// - Parameters:
  ///   - impulses: N·s
  ///   - ends: world frame, m.
  public func moveSheets(_ impulses: [[Vector3]], to ends: [[Vector3]]) { sheets?.move(impulses, to: ends, store) }

  /// What has come through the inlets until now.
  private func letIn() throws(FluidError) {
    for fluid in fluids.indices {
      for inlet in fluids[fluid].inlets.indices {
        for particle in fluids[fluid].inlets[inlet].particles(until: time) {
          guard fluids[fluid].issued < FluidFill.limit else {
            throw .tooMany(fluid: fluids[fluid].name, particles: fluids[fluid].issued + 1, limit: FluidFill.limit)
          }
          store.append(
            ParticleNumber(fluid: fluid, index: fluids[fluid].issued), at: particle.place, velocity: particle.velocity)
          fluids[fluid].issued += 1
          fluids[fluid].present += 1
        }
      }
    }
    makeRoomForBlocks()
  }

  /// What is in the outlets goes.
  private func letOut() {
    for fluid in fluids.indices {
      for (outlet, field) in fluids[fluid].outlets where outlet.from <= time && time < outlet.to {
        let regionFromWorld = outlet.worldFromRegion.inverse
        let before = store.count
        store.remove { i in
          store.number[i].fluid == fluid
            && field.sample(at: regionFromWorld.point(Vector3(store.position[i].vector))).distance < 0
        }
        fluids[fluid].present -= before - store.count
      }
    }
    makeRoomForBlocks()
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
    guard store.count > 0 else { return }
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
    let place = Vector3(store.position[fastest].vector)
    guard greatest.isFinite, place.isFinite, proxies.allSatisfy(\.isFinite) else {
      throw .notFinite(fluid: name(ofParticle: fastest), time: time, position: place)
    }
    // What is coming in counts too.
    var (speed, source, name) = (Double(greatest).squareRoot(), place, self.name(ofParticle: fastest))
    for fluid in fluids {
      for inlet in fluid.inlets where inlet.isOpen(at: time, within: longestStep) && inlet.speed > speed {
        (speed, source, name) = (inlet.speed, inlet.position, fluid.name)
      }
    }
    let step = min(longestStep, options.courantNumber * spacing / max(speed, .leastNormalMagnitude))
    guard step > options.longestStep * Self.shortestShare else {
      throw .tooFast(fluid: name, time: time, position: source, speed: speed)
    }
    return step
  }

  /// A step shorter than this share of the longest means an explosion.
  private static let shortestShare = 1e-3

  /// Gravity, tension and viscosity; gives the sweeps that thick liquids took.
  private func applyForces(_ dt: Double, _ proxies: inout [BodyProxy]) -> Int {
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

  private func name(ofParticle i: Int) -> String { fluids[store.number[i].fluid].name }

  // MARK: State

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
  /// Pa
  public func pressures(of fluid: Int) -> [Float] {
    let density = Float(referenceMass / (spacing * spacing * spacing))
    return gather(fluid) { store.position[$0].w * density }
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

extension FluidDefinition {
  fileprivate func check() throws(FluidError) {
    let quantities = [
      ("density", liquid.density, liquid.density > 0), ("viscosity", liquid.viscosity, liquid.viscosity >= 0),
      ("surface tension", liquid.surfaceTension, liquid.surfaceTension >= 0),
    ]
    for (quantity, value, isRight) in quantities where !(isRight && value.isFinite) {
      throw .badLiquid(fluid: name, quantity: quantity, value: value)
    }
    for inlet in inlets where !(inlet.flow > 0 && inlet.flow.isFinite && inlet.speed > 0) {
      throw .badFlow(fluid: name, flow: inlet.flow)
    }
  }
}
