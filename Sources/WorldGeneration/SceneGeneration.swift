import Crypto
public import Foundation
public import MediaIO
public import SceneDescription
public import VideoDiffusion
public import WorldCore
import WorldExport
import WorldSimulation

/// A scene's clip made by the generator: simulated first, filmed plainly, then drawn and sounded by the network.
public struct SceneGeneration: Sendable {
  public var scene: Scene
  public var trajectory: Trajectory
  public var options = Options()

  public struct Options: Sendable {
    /// Pixels; nil is the scene's.
    public var size: (width: Int, height: Int)?
    /// From the beginning; nil is all of it.
    public var seconds: Double?
    /// nil is the scene's first shot's.
    public var style: GeneratorStyle?
    /// Said instead of what the simulation tells.
    public var prompt: String?
    /// Picture that the clip begins with, of the clip's size.
    public var firstFrame: Image<SRGB8>?
    /// Questions to the network for each stretch of time.
    public var steps = 4
    /// Of the noise.
    public var seed: UInt64 = 0

    public init() {}
  }

  public init(_ scene: Scene, trajectory: Trajectory, options: Options = Options()) {
    self.scene = scene
    self.trajectory = trajectory
    self.options = options
  }

  /// What is under way, with how much of it is done and how much there is.
  public enum Progress: Sendable, Equatable {
    case filming(Int, of: Int)
    case generating(Int, of: Int)
  }

  /// All that made a clip: written beside it.
  public struct Outcome: Sendable, Codable, Equatable {
    public var format = "mondo-generation/1"
    public var clip: String
    public var scene: String
    public var sceneDigest: String
    public var trajectorySeed: UInt64
    public var noiseSeed: UInt64
    public var steps: Int
    public var style: String
    public var caption: String
    public var firstFrameGiven: Bool
    public var width: Int
    public var height: Int
    public var fps: Double
    public var frames: Int
    public var duration: Double
    /// By network: `sha256:` and digits.
    public var weights: [String: String]
    /// What comes from where.
    public var fromSimulator: [String]
    public var fromNetwork: [String]
    /// Seconds of filming, of the networks and encoding.
    public var secondsFilming: Double
    public var secondsGenerating: Double
  }

  /// Generates the clip and writes it, and `OUT.json` beside it.
  ///
  /// - Throws: `WeightsError`, `RenderingError`, `MediaError`, `FileError`.
  public func write(to path: String, progress: (Progress) throws -> Void = { _ in }) throws -> Outcome {
    let generator = try ClipGenerator(
      pictures: TrainedWeights.pictures.path, sounds: TrainedWeights.sounds.path, transformer: TrainedWeights.transformer.path)
    let begin = ContinuousClock.now
    let told = try SceneConditions(scene, trajectory: trajectory, size: options.size, seconds: options.seconds) {
      try progress(.filming($0, of: $1))
    }
    let filmed = ContinuousClock.now
    let style = options.style ?? GeneratorStyle(rawValue: scene.stage.shots[0].style.rawValue) ?? .realistic
    let captions = options.prompt.map { [$0] } ?? told.captions
    let (width, height) = (told.plainView[0].width, told.plainView[0].height)
    let world = try WorldConditions(
      tensors: Data(told.tensors), plainView: told.plainView, framesPerSecond: told.framesPerSecond, captions: captions,
      style: style.number, encoder: generator.pictures, key: scene.name)

    let clip = try ClipWriter(path: path, settings: ClipSettings(width: width, height: height, framesPerSecond: told.framesPerSecond))
    var settings = ClipGenerator.Options()
    (settings.steps, settings.seed, settings.firstFrame) = (options.steps, options.seed, options.firstFrame)
    let sound = try generator.generate(
      world, options: settings, show: { try clip.append($0) }, progress: { try progress(.generating($0, of: $1)) })
    try clip.append(sound)
    try clip.finish()
    let outcome = Outcome(
      clip: path, scene: scene.name, sceneDigest: scene.digest, trajectorySeed: trajectory.scene.seed, noiseSeed: options.seed,
      steps: options.steps, style: style.rawValue, caption: captions.first ?? "", firstFrameGiven: options.firstFrame != nil, width: width,
      height: height, fps: told.framesPerSecond, frames: told.plainView.count,
      duration: Double(told.plainView.count) / told.framesPerSecond, weights: try Self.digests(),
      fromSimulator: ["motion", "contacts", "camera", "plain view: geometry, colours, hard shadows"],
      fromNetwork: ["what the picture adds to the plain view: light, soft shadows, texture, style", "sound"],
      secondsFilming: Self.seconds(begin, filmed), secondsGenerating: Self.seconds(filmed, .now))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(Array(try encoder.encode(outcome)) + [UInt8(ascii: "\n")], to: Self.sidecar(of: path))
    return outcome
  }

  /// `clip.mp4` has `clip.json`.
  static func sidecar(of path: String) -> String { (path as NSString).deletingPathExtension + ".json" }

  private static func digests() throws -> [String: String] {
    var digests: [String: String] = [:]
    for weights in TrainedWeights.allCases {
      let bytes = FileManager.default.contents(atPath: weights.path) ?? Data()
      digests[weights.rawValue] = "sha256:" + SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
    }
    return digests
  }

  private static func seconds(_ from: ContinuousClock.Instant, _ to: ContinuousClock.Instant) -> Double {
    let span = to - from
    return Double(span.components.seconds) + Double(span.components.attoseconds) * 1e-18
  }
}
