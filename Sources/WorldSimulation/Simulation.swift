import Cloth
import Foundation
import ParticleFluids
import RigidBodies
public import SceneDescription
public import WorldCore

/// A scene set in motion: compiles it, runs the engines and records what happens.
///
/// The same scene, seed and rate give the same trajectory bit for bit.
public struct Simulation: Sendable {
  public var scene: Scene
  public var seed: UInt64
  /// Samples a second, > 0; they lie exactly on the grid k/rate.
  public var rate: Double
  /// How many threads one run may use; nil is one a core. What comes out doesn't depend on it.
  public var threads: Int?

  /// The longest step of the rigid-body engine, s. Impacts have their own times inside a step, so it bounds the error of
  /// lasting contacts and of drag only.
  public var timeStep = 1.0 / 240

  public static let standardRate = 240.0

  /// - Parameters:
  ///   - seed: nil takes the scene's own.
  ///   - rate: Hz.
  public init(of scene: Scene, seed: UInt64? = nil, rate: Double = standardRate) {
    precondition(rate > 0 && rate.isFinite, "a recording rate is a positive number of hertz, not \(rate)")
    self.scene = scene
    self.seed = seed ?? scene.seed
    self.rate = rate
  }

  /// How far a run has come.
  public struct Progress: Sendable, Equatable {
    /// Simulated seconds so far, and in all.
    public var time: Double
    public var duration: Double
  }

  /// Simulates from 0 to the scene's duration.
  ///
  /// - Parameter progress: called after each sample; what it throws ends the run.
  /// - Throws: `SceneError` where the scene needs an engine that isn't there yet, `SimulationError` where the engine gives up,
  ///   with what was recorded until then, `CancellationError` when the task is cancelled.
  public func run(progress: (Progress) throws -> Void = { _ in }) throws -> Trajectory {
    let plan = try SimulationPlan(scene)
    var definition = plan.world
    definition.timeStep = timeStep
    let effects = plan.effects
    var world = try self.world(definition)
    var recorder = Recorder(scene: scene, seed: seed, definition: definition)
    var pending = effects[...]
    var pushes: [SimulationPlan.Push] = []

    // Half a millionth of a sample forgives the rounding in duration × rate.
    let lastSample = Int((scene.duration * rate + 5e-7).rounded(.down))
    for sample in 0...lastSample {
      let sampleTime = Double(sample) / rate

      do {
        // Go from effect to effect, then on to the sample's own instant.
        while let effect = pending.first, effect.time <= sampleTime {
          try Self.advance(&world, to: effect.time, pushes: &pushes, scene)
          effect.apply(to: &world.rigid, pushes: &pushes)
          pending.removeFirst()
        }
        try Self.advance(&world, to: sampleTime, pushes: &pushes, scene)
      } catch var error as SimulationError {
        // What went well is worth keeping.
        error.recorded = recorder.finish(&world)
        throw error
      }
      recorder.record(&world, at: sampleTime)
      try Task.checkCancellation()
      try progress(Progress(time: sampleTime, duration: scene.duration))
    }
    return recorder.finish(&world)
  }

  /// Advances while off-centre forces keep hold of their points on the bodies, which move.
  private static func advance(
    _ world: inout CoupledWorld, to time: Double, pushes: inout [SimulationPlan.Push], _ scene: Scene
  ) throws {
    while world.rigid.time < time {
      // A force that ends in between divides the stretch.
      let now = world.rigid.time
      pushes.removeAll { $0.end <= now }
      let next = pushes.reduce(time) { min($0, $1.end) }
      for push in pushes { push.act(on: &world.rigid, until: next) }
      do {
        try world.advance(to: next)
      } catch let error as RigidWorldError {
        throw SimulationError(scene: scene, error)
      } catch let error as ClothError {
        throw SimulationError(scene: scene, error)
      } catch let error as FluidError {
        throw SimulationError(scene: scene, error)
      }
    }
  }

  /// The engines that the scene needs, each as it starts.
  private func world(_ definition: RigidWorldDefinition) throws(SimulationError) -> CoupledWorld {
    var engines: [any CoupledEngine] = []
    let workers = max(1, threads ?? ProcessInfo.processInfo.activeProcessorCount)
    var fluids: FluidEngine?
    do {
      if scene.fluids.contains(where: { $0.kind == .particles }) {
        fluids = try FluidEngine(scene, definition, seed: seed, rate: rate, workers: workers)
      }
    } catch {
      throw SimulationError(scene: scene, error)
    }
    var surfaces: [SurfaceEngine] = []
    do {
      for fluid in scene.fluids where fluid.kind == .surface {
        surfaces.append(try SurfaceEngine(fluid, scene, definition, seed: seed, rate: rate))
      }
    } catch {
      throw SimulationError(scene: scene, error)
    }
    // Cloths go first: they take the liquid along that they have hold of.
    if !scene.cloths.isEmpty {
      do {
        engines.append(
          try ClothEngine(scene, definition, fluids: fluids, surfaces: surfaces, seed: seed, workers: workers))
      } catch {
        throw SimulationError(scene: scene, error)
      }
    }
    if let fluids { engines.append(fluids) }
    engines += surfaces as [any CoupledEngine]
    do { return CoupledWorld(try RigidWorld(definition), engines: engines) } catch {
      throw SimulationError(scene: scene, error)
    }
  }
}
