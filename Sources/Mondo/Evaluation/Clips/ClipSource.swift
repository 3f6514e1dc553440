import Foundation

/// Something that makes clips on request: what a suite of clips evaluates.
public protocol ClipSource: Sendable {
  /// As reports name it. Never holds a secret.
  var name: String { get }
  /// All that its clips depend on beside what is asked: work begun with another one isn't gone on with.
  var identity: String { get }
  /// Whether the first frame is of use to it.
  var takesFirstFrame: Bool { get }
  /// How many clips it can make at once.
  var width: Int { get }

  /// Makes the clip, or finds it.
  ///
  /// - Parameters:
  ///   - path: where to write it, as mp4; a source that finds its clips elsewhere writes nothing.
  ///   - check: called often; what it throws ends the work.
  /// - Returns: where the clip is.
  func clip(of request: ClipRequest, at path: String, check: () throws -> Void) throws -> String

  /// What came under `path` is no clip: it is to be made anew the next time.
  func discard(_ path: String)
}

extension ClipSource {
  public var identity: String { name }
  public func discard(_ path: String) {}
}

/// One clip that is asked for.
public struct ClipRequest: Sendable {
  public var name: String
  public var seed: UInt64
  public var prompt: String
  /// With what varies drawn, and in the suite's size.
  public var scene: Scene
  public var trajectory: Trajectory
  public var seconds: Double
  public var firstFrame: Image<SRGB8>?
  /// Light paths a pixel, for sources that render.
  public var samples: Int

  public init(
    name: String, seed: UInt64, prompt: String, scene: Scene, trajectory: Trajectory, seconds: Double,
    firstFrame: Image<SRGB8>? = nil, samples: Int = 4
  ) {
    self.name = name
    self.seed = seed
    self.prompt = prompt
    self.scene = scene
    self.trajectory = trajectory
    self.seconds = seconds
    self.firstFrame = firstFrame
    self.samples = samples
  }

  /// What is filmed, how and by which camera.
  public var stage: Stage { scene.stage(showing: trajectory) }

  /// `CASE-SEED`: the name of its files.
  public var file: String { "\(name)-\(seed)" }
}

/// The scenes themselves, rendered with their sound: what there is to reach.
public struct SimulatorSource: ClipSource {
  public let name = "simulator"
  public let takesFirstFrame = false
  public let width = ProcessInfo.processInfo.activeProcessorCount

  public init() {}

  public func clip(of request: ClipRequest, at path: String, check: () throws -> Void) throws -> String {
    let options = RenderOptions(samplesPerPixel: request.samples, threads: 1)
    _ = try ClipProduction(request.trajectory, on: request.stage, options: options).write(to: path) { _, _ in try check()
    }
    return path
  }
}

/// `mondo generate`: the scene simulated, the picture drawn by the network.
public struct NetworkSource: ClipSource {
  public let name: String
  public let takesFirstFrame = false
  public let width = 1
  private let mode: ClipSuite.Mode

  public var identity: String {
    let shader = GeneratorWeights.shader(without: mode.given.without)
    let digests = GeneratorWeights().digests(isStudent: mode.isStudent, shader: shader, drawsSound: mode.sound == .network)
    return ([name] + digests.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }).joined(separator: "\n")
  }

  /// - Parameter mode: how the network is used; nil is as `mondo generate` does.
  public init(_ mode: ClipSuite.Mode? = nil) {
    name = mode.map { "mondo, \($0.name)" } ?? "mondo"
    self.mode = mode ?? .init(name: "mondo", steps: SceneGeneration.Options().steps)
  }

  public func clip(of request: ClipRequest, at path: String, check: () throws -> Void) throws -> String {
    var options = SceneGeneration.Options()
    (options.steps, options.seed, options.seconds) = (mode.steps, request.seed, request.seconds)
    (options.without, options.isStudent, options.sound) = (mode.given.without, mode.isStudent, mode.sound)
    options.prompt = request.prompt.isEmpty ? nil : request.prompt
    _ = try SceneGeneration(request.scene, trajectory: request.trajectory, options: options).write(to: path) { _ in try check()
    }
    return path
  }
}

/// Clips made elsewhere, in a folder: `CASE-SEED.mp4`, or `CASE.mp4` for every seed; mkv, webm, mov and avi as well.
public struct FolderSource: ClipSource {
  public let name: String
  public let takesFirstFrame = false
  public let width = ProcessInfo.processInfo.activeProcessorCount
  private let folder: String
  private static let endings = ["mp4", "webm", "mkv", "mov", "avi", "m4v"]

  public init(_ folder: String) {
    self.folder = folder
    let last = folder.split(separator: "/").last.map { "\($0)" } ?? folder
    name = "dir:\(last)"
  }

  public var identity: String { "dir:\(URL(filePath: folder).standardizedFileURL.path)" }

  public func clip(of request: ClipRequest, at path: String, check: () throws -> Void) throws -> String {
    let names = [request.file, request.name].flatMap { base in Self.endings.map { "\(base).\($0)" } }
    for name in names where FileManager.default.fileExists(atPath: folder + "/" + name) { return folder + "/" + name }
    throw EvaluationError.missingClip(place: folder, lookedFor: ["\(request.file).mp4", "\(request.name).mp4"])
  }
}
