import ParticleFluids
import RigidBodies
import SceneDescription
import WorldCore

/// A fluid of a scene that is a surface, beside the rigid world.
final class SurfaceEngine: CoupledEngine {
  private let world: SurfaceWorld
  private let centersOfMass: [Vector3]
  private let isDynamic: [Bool]
  /// Heights are recorded at every so many samples.
  private let stride: Int
  private var track: Int?

  /// - Parameters:
  ///   - fluid: one of the scene's whose kind is a surface.
  ///   - seed: of the drops of rain.
  ///   - rate: samples a second.
  /// - Throws: `FluidError`.
  init(_ fluid: SceneDescription.Fluid, _ scene: Scene, _ definition: RigidWorldDefinition, seed: UInt64, rate: Double)
    throws(FluidError)
  {
    guard case .box(let size)? = fluid.region else { preconditionFailure("a surface fills a box") }
    centersOfMass = definition.bodies.map(\.centerOfMass)
    isDynamic = definition.bodies.map { $0.motion == .dynamic }
    stride = max(1, Int((rate / Self.heightRate).rounded()))
    let middle = fluid.worldFromRegion.translation
    let liquid = fluid.liquid
    world = try SurfaceWorld(
      SurfaceDefinition(
        name: fluid.name,
        liquid: FluidLiquid(density: liquid.density, viscosity: liquid.viscosity, surfaceTension: liquid.surfaceTension),
        center: middle + Vector3(0, 0, size.z / 2), size: SIMD2(size.x, size.y), depth: size.z, spacing: fluid.spacing,
        gravity: -definition.gravity.z, rain: fluid.emitters.compactMap { SurfaceRain($0, fluid: fluid.name, seed: seed) }),
      solids: FluidSolid.all(scene, definition))
    world.place(definition.bodies.map(FluidBody.init(starting:)))
  }

  /// Hz; between these times surfaces move nearly evenly.
  private static let heightRate = 60.0

  /// A step resolves the fastest ripples' effect on bodies well enough at the rigid world's own.
  func longestStretch(among bodies: [MovingBody]) -> Double { .infinity }

  func advance(by stretch: Double, among bodies: [MovingBody]) throws -> [BodyImpulse] {
    let present = zip(bodies, zip(centersOfMass, isDynamic)).map { FluidBody($0, centerOfMass: $1.0, isDynamic: $1.1) }
    return try world.step(stretch, bodies: present).impulses(isDynamic)
  }

  /// What the nodes of cloths are in.
  func liquid(at sheets: [FluidSheet]) -> [[SheetLiquid]] { world.liquid(at: sheets) }

  var energy: (kinetic: Double, potential: Double) { world.energy }

  /// A standing wave's own is zero; what bodies give goes to the basin.
  var momentum: (linear: Vector3, angular: Vector3) { (.zero, .zero) }

  func record(into trajectory: inout Trajectory) {
    let definition = world.definition
    if track == nil {
      let counts = world.counts
      let cell = definition.size / SIMD2(Double(counts.x), Double(counts.y))
      track = trajectory.fluids.count
      var fluid = FluidTrack(
        name: definition.name, mass: world.mass, count: counts.x * counts.y, spacing: definition.spacing, stride: stride)
      fluid.grid = FluidTrack.Grid(
        columns: counts.x, rows: counts.y, x: definition.center.x - definition.size.x / 2,
        y: definition.center.y - definition.size.y / 2,
        width: cell.x, depth: cell.y, floor: definition.center.z - definition.depth)
      trajectory.fluids.append(fluid)
    }
    if let track { trajectory.fluids[track].append(heights: world.heights, mass: world.mass) }
  }
}

extension SurfaceRain {
  /// nil of a jet.
  fileprivate init?(_ emitter: SceneDescription.Fluid.Emitter, fluid: String, seed: UInt64) {
    guard case .rain(let size, let intensity, let drop) = emitter.mouth else { return nil }
    var random = RandomStream(seed: seed, "emitter \(emitter.name) of \(fluid)")
    self.init(
      center: SIMD2(emitter.position.x, emitter.position.y), size: size, intensity: intensity, diameter: drop,
      speed: emitter.speed,
      from: emitter.from, to: emitter.to ?? .infinity, seed: random.next())
  }
}
