import ParticleFluids
import RigidBodies
import SceneDescription
import WorldCore

/// The fluids of a scene beside the rigid world.
final class FluidEngine: CoupledEngine {
  private let world: FluidWorld
  private let centersOfMass: [Vector3]
  private let isDynamic: [Bool]
  /// Particles are recorded at every so many samples.
  private let stride: Int

  /// - Parameter rate: samples a second.
  /// - Throws: `FluidError`.
  init(_ scene: Scene, _ definition: RigidWorldDefinition, rate: Double, workers: Int) throws(FluidError) {
    let solids = zip(scene.bodies, definition.bodies).map { body, rigid in
      FluidSolid(
        name: body.name, shape: body.shape,
        massProperties: rigid.motion != .dynamic
          ? nil
          : MassProperties(
            mass: rigid.mass, centerOfMass: rigid.centerOfMass,
            inertia: SymmetricMatrix3(diagonal: rigid.inertia).rotated(by: rigid.inertiaAxes)))
    }
    centersOfMass = definition.bodies.map(\.centerOfMass)
    isDynamic = definition.bodies.map { $0.motion == .dynamic }
    stride = max(1, Int((rate / Self.particleRate).rounded()))
    var options = FluidOptions(spacing: scene.fluids.map(\.spacing).min() ?? 0)
    options.gravity = definition.gravity
    options.workers = workers
    let bodies = zip(definition.bodies, centersOfMass).map { body, center in
      let state = body.initialState
      return FluidBody(worldFromShape: state.worldFromBody * RigidTransform(translation: -center))
    }
    world = try FluidWorld(scene.fluids.map(FluidDefinition.init), solids: solids, bodies: bodies, options: options)
  }

  /// Hz; particles at every sample would make documents too large, and between these times they run nearly straight.
  private static let particleRate = 60.0

  /// The fluids cut a stretch as they need.
  func longestStretch(among bodies: [MovingBody]) -> Double { .infinity }

  func advance(by stretch: Double, among bodies: [MovingBody]) throws -> [BodyImpulse] {
    let present = zip(bodies, centersOfMass).map { body, center in
      // What isn't there is where no liquid is.
      let place = body.isPresent ? body.state.worldFromBody : RigidTransform(translation: Vector3(0, 0, -1e6))
      return FluidBody(
        worldFromShape: place * RigidTransform(translation: -center), velocity: body.state.velocity,
        angularVelocity: body.state.angularVelocity, acceleration: body.acceleration)
    }
    let report = try world.step(stretch, bodies: present)
    return report.bodies.enumerated().compactMap { index, given in
      let isMoved = isDynamic[index] && (given.linear != .zero || given.angular != .zero)
      return isMoved ? BodyImpulse(body: index, linear: given.linear, angular: given.angular) : nil
    }
  }

  var energy: (kinetic: Double, potential: Double) { world.energy }

  var momentum: (linear: Vector3, angular: Vector3) { world.momentum }

  func record(into trajectory: inout Trajectory) {
    if trajectory.fluids.isEmpty {
      trajectory.fluids = (0..<world.count).map {
        FluidTrack(
          name: world.name(of: $0), mass: world.mass(of: $0), count: world.particleCount(of: $0),
          spacing: world.particleSpacing,
          stride: stride)
      }
    }
    for fluid in 0..<world.count { trajectory.fluids[fluid].append(world.positions(of: fluid)) }
  }
}

extension FluidDefinition {
  fileprivate init(_ fluid: SceneDescription.Fluid) {
    let liquid = fluid.liquid
    self.init(
      name: fluid.name,
      liquid: FluidLiquid(density: liquid.density, viscosity: liquid.viscosity, surfaceTension: liquid.surfaceTension),
      region: fluid.region, worldFromRegion: fluid.worldFromRegion, velocity: fluid.velocity)
  }
}
