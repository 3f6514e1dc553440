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
  /// Particles that the lists were made for; fewer are left where some have gone since.
  var listed = 0
  /// Blocks that the two have room for.
  private var blockRoom = 0
  let walls: WallParts
  var grid = CellGrid()
  var fluids: [Fluid]
  /// Thin sheets in the fluids; nil where none ever was.
  var sheets: SheetExchange?
  private let longestStep: Double
  /// What a spacing gives to speeds by gravity, √(g d), and by tension, √(σ/ρd), m/s.
  let gravitySpeed: Double
  let tensionSpeed: Double
  let hasTension: Bool
  /// Whether some liquid is too thick for explicit viscosity.
  let isThick: Bool

  struct Fluid {
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

    // The pressures that they start with.
    if let start = HydrostaticStart(gravity: options.gravity, spacing: spacing, solids: obstacles) {
      let pressures = start.pressures(
        at: fills.flatMap { $0 }, fluids: fills.indices.flatMap { [Int](repeating: $0, count: fills[$0].count) },
        lightness: definitions.map { reference / $0.liquid.density })
      for (i, pressure) in pressures.enumerated() { store.position[i].w = Float(pressure) }
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
  func makeRoomForBlocks() {
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

  // MARK: Courant's condition

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
}
