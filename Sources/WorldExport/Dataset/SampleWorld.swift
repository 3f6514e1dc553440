public import SceneDescription
public import WorldCore
import WorldSimulation

/// A sample's world: the scene drawn, simulated, and dressed with the looks and cameras that were drawn for it.
public struct SampleWorld: Sendable {
  public var key: String
  public var source: DatasetPlan.Source
  /// With what varies drawn.
  public var scene: Scene
  /// What was drawn, by path, as YAML text; `seed` first.
  public var drawn: [(path: String, value: String)]
  public var trajectory: Trajectory
  public var stage: Stage

  /// Draws that give an impossible world (things that overlap, an engine that gives up) are drawn again, so often.
  static let largestDrawCount = 32

  /// Draws and simulates a sample.
  ///
  /// - Parameter progress: called now and then; what it throws ends the work.
  /// - Throws: `SceneError` where the scene itself can't be simulated, `DatasetError.impossibleWorld`.
  public init(_ sample: DatasetPlan.Sample, of plan: DatasetPlan, progress: () throws -> Void = {}) throws {
    var stream = plan.stream(of: sample)
    let source = plan.sources[sample.source]
    let plain = try Scene(contentsOf: source.path, overrides: plan.overrides)
    let variations = plain.variations.filter { variation in !plan.overrides.contains { $0.gives(variation.path) } }
    var reason = ""
    for _ in 0..<Self.largestDrawCount {
      try progress()
      // Seeds of scenes have 63 bits.
      let seed = stream.next() >> 1
      let drawn = variations.map { (path: $0.path, value: $0.value(seed: seed)) }
      let scene: Scene
      do {
        scene = try Scene(
          contentsOf: source.path, overrides: plan.overrides + drawn.map { Scene.Override(path: $0.path, value: $0.value) },
          seed: seed)
      } catch {
        reason = error.diagnostics.first?.message ?? "no diagnosis"
        continue
      }
      do {
        var calls = 0
        trajectory = try Simulation(of: scene).run { _ in
          calls += 1
          if calls.isMultiple(of: 60) { try progress() }
        }
      } catch let error as SimulationError {
        reason = error.message
        continue
      }
      self.key = sample.key
      self.source = source
      self.scene = scene
      self.drawn = [("seed", "\(seed)")] + drawn
      stage = Self.dressed(scene, trajectory: trajectory, sizes: plan.sizes, seed: seed)
      return
    }
    throw DatasetError.impossibleWorld(scene: source.path, draws: Self.largestDrawCount, reason: reason)
  }

  /// A scene as its author wrote it, nothing drawn.
  ///
  /// - Parameter size: pixels; nil is the scene's.
  init(_ scene: Scene, trajectory: Trajectory, size: (width: Int, height: Int)? = nil) {
    key = scene.name
    source = DatasetPlan.Source(path: "", name: scene.name, digest: scene.digest)
    self.scene = scene
    drawn = []
    self.trajectory = trajectory
    stage = scene.stage(showing: trajectory)
    if let size { (stage.picture.width, stage.picture.height) = size }
  }

  /// The scene's stage in looks and views of its own. What the author lets `vary` is drawn as the author says and no further.
  static func dressed(_ scene: Scene, trajectory: Trajectory, sizes: [String], seed: UInt64) -> Stage {
    var stage = scene.stage(showing: trajectory)
    var size = RandomStream(seed: seed, "dataset.size")
    if !sizes.isEmpty {
      let sides = sizes[size.index(below: sizes.count)].split(separator: "x").compactMap { Int($0) }
      (stage.picture.width, stage.picture.height) = (sides[0], sides[1])
    }
    var looks = RandomStream(seed: seed, "dataset.looks")
    LookSampler(scene).draw(&stage, from: &looks)
    var view = RandomStream(seed: seed, "dataset.view")
    ViewSampler(scene, trajectory).draw(&stage, from: &view)
    return stage
  }
}

extension SampleWorld {
  /// The world told in English and in Italian, in several phrasings, the plainest first.
  public static func captions(of world: SampleWorld) -> (en: [String], it: [String]) {
    let story = Story(world)
    return (EnglishCaptions.of(story), ItalianCaptions.of(story))
  }
}
