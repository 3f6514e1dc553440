import ParticleFluids
import RigidBodies
import SceneDescription
import WorldCore

/// The fluids of a scene that are made of particles, beside the rigid world.
final class FluidEngine: CoupledEngine {
  private let world: FluidWorld
  private let centersOfMass: [Vector3]
  private let isDynamic: [Bool]
  /// Where each fluid comes in, for as long as there is none of it.
  private let entrances: [Vector3]
  /// Particles are recorded at every so many samples.
  private let stride: Int
  /// Of the fluids' tracks in the trajectory.
  private var firstTrack: Int?

  /// - Parameters:
  ///   - seed: of what is random in emitters.
  ///   - rate: samples a second.
  /// - Throws: `FluidError`.
  init(_ scene: Scene, _ definition: RigidWorldDefinition, seed: UInt64, rate: Double, workers: Int) throws(FluidError) {
    let fluids = scene.fluids.filter { $0.kind == .particles }
    centersOfMass = definition.bodies.map(\.centerOfMass)
    isDynamic = definition.bodies.map { $0.motion == .dynamic }
    stride = max(1, Int((rate / Self.particleRate).rounded()))
    var options = FluidOptions(spacing: fluids.map(\.spacing).min() ?? 0)
    options.gravity = definition.gravity
    options.workers = workers
    let bodies = definition.bodies.map(FluidBody.init(starting:))
    entrances = fluids.map { $0.emitters.first?.position ?? .zero }
    world = try FluidWorld(
      fluids.map { FluidDefinition($0, seed: seed) }, solids: FluidSolid.all(scene, definition), bodies: bodies,
      options: options)
  }

  /// Hz; particles at every sample would make documents too large, and between these times they run nearly straight.
  private static let particleRate = 60.0

  /// The fluids cut a stretch as they need.
  func longestStretch(among bodies: [MovingBody]) -> Double { .infinity }

  func advance(by stretch: Double, among bodies: [MovingBody]) throws -> [BodyImpulse] {
    let present = zip(bodies, zip(centersOfMass, isDynamic)).map { FluidBody($0, centerOfMass: $1.0, isDynamic: $1.1) }
    return try world.step(stretch, bodies: present).impulses(isDynamic)
  }

  /// What the nodes of cloths have hold of, before both step.
  func liquid(at sheets: [FluidSheet]) -> [[SheetLiquid]] { world.liquid(at: sheets) }

  /// What they took of it, N·s, and where they go during the step.
  func moveSheets(_ impulses: [[Vector3]], to ends: [[Vector3]]) { world.moveSheets(impulses, to: ends) }

  var energy: (kinetic: Double, potential: Double) { world.energy }

  var momentum: (linear: Vector3, angular: Vector3) { world.momentum }

  func record(into trajectory: inout Trajectory) {
    if firstTrack == nil {
      firstTrack = trajectory.fluids.count
      trajectory.fluids += (0..<world.count).map {
        FluidTrack(
          name: world.name(of: $0), mass: world.isOpen($0) ? 0 : world.mass(of: $0),
          count: world.isOpen($0) ? 0 : world.particleCount(of: $0), spacing: world.particleSpacing, stride: stride)
      }
    }
    let (time, first) = (trajectory.times.last ?? 0, firstTrack ?? 0)
    for fluid in 0..<world.count {
      guard world.isOpen(fluid) else {
        trajectory.fluids[first + fluid].append(world.positions(of: fluid))
        continue
      }
      let issued = world.issuedCount(of: fluid)
      trajectory.fluids[first + fluid].append(
        world.positions(of: fluid), numbers: world.numbers(of: fluid), issued: issued,
        mass: Double(issued) * world.particleMass(of: fluid), time: time, emptyPlace: entrances[fluid])
    }
  }
}

extension FluidDefinition {
  /// - Parameter seed: of the drops of rain.
  fileprivate init(_ fluid: SceneDescription.Fluid, seed: UInt64) {
    let liquid = fluid.liquid
    self.init(
      name: fluid.name,
      liquid: FluidLiquid(density: liquid.density, viscosity: liquid.viscosity, surfaceTension: liquid.surfaceTension),
      region: fluid.region, worldFromRegion: fluid.worldFromRegion, isEnclosed: fluid.isEnclosed, velocity: fluid.velocity,
      inlets: fluid.emitters.map { emitter in
        var random = RandomStream(seed: seed, "emitter \(emitter.name) of \(fluid.name)")
        let mouth: FluidInlet.Mouth =
          switch emitter.mouth {
          case .nozzle(let radius): .nozzle(radius: radius)
          case .rain(let size, let intensity, _): .rain(size: size, intensity: intensity)
          }
        return FluidInlet(
          mouth: mouth, position: emitter.position, direction: emitter.direction, speed: emitter.speed, from: emitter.from,
          to: emitter.to ?? .infinity, seed: random.next())
      },
      outlets: fluid.drains.map {
        FluidOutlet(region: $0.region, worldFromRegion: $0.worldFromRegion, from: $0.from, to: $0.to ?? .infinity)
      })
  }
}
