import Foundation
import MediaIO
public import SceneDescription
import SoundSynthesis
import VideoDiffusion
public import WorldCore
import WorldExport
import WorldSimulation

/// A scene's clip made by the generator: simulated first, filmed plainly, then drawn by the networks.
public struct SceneGeneration: Sendable {
  public var scene: Scene
  public var trajectory: Trajectory
  public var options: Options

  public typealias Options = GenerationSettings

  /// Where the clip's sound comes from.
  public enum SoundSource: String, Sendable, CaseIterable {
    /// Synthesised from the contacts.
    case simulator
    /// Drawn from the contacts by a network, and denoised together with the picture where steps are asked for.
    case network
  }

  public init(_ scene: Scene, trajectory: Trajectory, options: Options = Options()) {
    self.scene = scene
    self.trajectory = trajectory
    self.options = options
  }

  /// Generates the clip and writes it, and `OUT.json` beside it.
  ///
  /// - Throws: `WeightsError`, `RenderingError`, `MediaError`, `FileError`.
  public func write(
    to path: String, progress: (GenerationOutcome.Progress) throws -> Void = { _ in }
  ) throws -> GenerationOutcome {
    var outcome = GenerationOutcome()
    let drawing = GeneratorWeights.shader(without: options.without)
    options.noted(in: &outcome, shader: drawing, drawsSound: options.sound == .network)
    let begin = ContinuousClock.now
    let generator = try options.weights.generator(isStudent: options.isStudent)
    outcome.secondsLoading = WorldGeneration.seconds(since: begin)

    // Synthesis goes on one thread, and leaves much of the other cores to the pictures.
    let heard: WorkBeside<[SIMD2<Float>]>? =
      options.sound == .network
      ? nil : WorkBeside { [self] in SoundTrack(of: trajectory, on: scene.stage(showing: trajectory)).render().samples }
    let filming = ContinuousClock.now
    let told = try SceneConditions(
      scene, trajectory: trajectory, size: options.size, seconds: options.seconds,
      style: options.style.flatMap { Stage.Style(rawValue: $0.rawValue) }
    ) { try progress(.filming($0, of: $1)) }
    outcome.secondsFilming = WorldGeneration.seconds(since: filming)

    let generating = ContinuousClock.now
    let shots =
      options.style.map { [$0] } ?? scene.stage.shots.map { GeneratorStyle(rawValue: $0.style.rawValue) ?? .realistic }
    let captions = options.prompt.map { [$0] } ?? told.captions
    let isPlain = drawing == .shader
    let world = try WorldConditions(
      tensors: Data(told.tensors), plainView: isPlain ? told.plainView : nil, framesPerSecond: told.framesPerSecond,
      captions: captions, styles: told.shots.map { shots[min($0, shots.count - 1)] }, sky: scene.stage.light.sky,
      ambience: scene.stage.ambience, drawnSound: options.sound == .network ? generator.drawnSound : nil,
      encoder: options.steps > 0 ? generator.pictures : nil,
      shader: isPlain ? generator.shader : drawing == nil ? nil : generator.geometry, key: scene.name)
    let clip = try PassingClip(
      path: path, width: world.width, height: world.height, framesPerSecond: world.framesPerSecond)
    defer { clip.settle() }
    // Synthesised sound is there before the pictures: it is encoded while they are drawn.
    if let heard {
      let samples = world.sampleCount
      let own = options.extended?.sound?.samples ?? []
      clip.append { AudioBuffer(samples: Array(heard().prefix(samples))).beginning(with: own) }
    }
    let asked = options.asked(framesPerSecond: world.framesPerSecond, frameCount: world.frameCount)
    outcome.temperature = asked.temperature ?? ClipGenerator.baseTemperature
    var seams = SeamMeter(world, given: asked.given.count, isDenoised: options.steps > 0)
    var shown = 0
    let made = try generator.generate(
      world, options: asked,
      show: {
        try clip.append($0)
        seams?.see($0, frame: shown)
        shown += 1
      },
      progress: { try progress(.generating($0.stretch * max($0.steps, 1) + $0.step, of: $0.stretches * max($0.steps, 1))) })
    if heard == nil {
      let sound = made.beginning(with: options.extended?.sound?.samples ?? [])
      clip.append { sound }
    }
    try clip.finish()
    outcome.seams = seams?.measure
    outcome.secondsGenerating = WorldGeneration.seconds(since: generating)

    (outcome.clip, outcome.scene, outcome.sceneDigest) = (path, scene.name, scene.digest)
    (outcome.trajectorySeed, outcome.caption) = (trajectory.scene.seed, captions.first ?? "")
    outcome.styles = shots.map(\.rawValue)
    (outcome.width, outcome.height, outcome.fps) = (world.width, world.height, world.framesPerSecond)
    (outcome.frames, outcome.duration) = (world.frameCount, Double(world.frameCount) / world.framesPerSecond)
    // Without controls nothing of the motion is told, though it is simulated.
    let from: (simulated: [String], drawn: String) =
      switch drawing {
      case nil: ([], "motion, picture")
      case .geometry:
        (
          ["motion", "contacts", "camera", "geometry: depth, normals, bodies and their colours; which sky it is"],
          "light, shadows, texture, sky, style"
        )
      default:
        (
          ["motion", "contacts", "camera", "plain view: geometry, colours, hard shadows, the style's sky and outlines"],
          "what the picture adds to the plain view: light, soft shadows, texture, style"
        )
      }
    let networkIsHeard = options.sound == .network
    outcome.fromSimulator = from.simulated + (networkIsHeard ? [] : ["sound"])
    outcome.fromNetwork = [from.drawn] + (networkIsHeard ? ["sound"] : [])
    try outcome.write()
    return outcome
  }
}

extension AudioBuffer {
  /// As long as it is, with other samples at its beginning: a clip that goes on keeps its own.
  func beginning(with own: [SIMD2<Float>]) -> AudioBuffer {
    let count = min(own.count, samples.count)
    return AudioBuffer(samples: Array(own.prefix(count)) + samples.dropFirst(count))
  }
}
