import Foundation
public import VideoDiffusion
import WorldCore

/// All that made a clip: written beside it.
public struct GenerationOutcome: Sendable, Codable, Equatable {
  public var format = "mondo-generation/1"
  public var mondo = Release.version
  public var clip = ""
  /// nil where nothing was simulated.
  public var scene: String?
  public var sceneDigest: String?
  public var trajectorySeed: UInt64?
  public var noiseSeed: UInt64 = 0
  public var steps = 0
  /// Whether they were the distilled student's.
  public var student = false
  /// Deviation of the noise that pictures were denoised from.
  public var temperature = 1.0
  /// Strengths of conditions that aren't 1.
  public var guidance: [String: Double] = [:]
  /// Conditions that were left out.
  public var without: [String] = []
  /// Of each shot.
  public var styles: [String] = []
  public var caption = ""
  /// Digests of the files that were given: `image`, `video`, `extend`.
  public var given: [String: String] = [:]
  /// The pictures that are shown at some time of the clip; nil where at most its first frame was given.
  public var keyframes: [Given]?
  public var width = 0
  public var height = 0
  public var fps = 0.0
  public var frames = 0
  /// Of the frames, those that were given: the clip's to be extended, and pictures.
  public var framesGiven = 0
  public var duration = 0.0
  /// How bodies jump between stretches, and where a clip goes on; nil where there is no such place, or no body to be seen there.
  public var seams: SeamMeter.Measure?
  /// By network: `sha256:` and digits.
  public var weights: [String: String] = [:]
  /// What comes from where.
  public var fromSimulator: [String] = []
  public var fromNetwork: [String] = []
  /// Seconds of reading the weights, of filming, of the networks and encoding.
  public var secondsLoading = 0.0
  public var secondsFilming = 0.0
  public var secondsGenerating = 0.0

  public struct Given: Sendable, Codable, Equatable {
    /// `sha256:` and digits.
    public var digest: String
    /// The time at which it is shown.
    public var seconds: Double
  }

  enum CodingKeys: String, CodingKey {
    case format, mondo, clip, scene, steps, student, temperature, guidance, without, styles, caption, given, keyframes, width,
      height
    case fps, frames, duration, seams, weights
    case sceneDigest = "scene_digest"
    case trajectorySeed = "trajectory_seed"
    case noiseSeed = "noise_seed"
    case framesGiven = "frames_given"
    case fromSimulator = "from_simulator"
    case fromNetwork = "from_network"
    case secondsLoading = "seconds_loading"
    case secondsFilming = "seconds_filming"
    case secondsGenerating = "seconds_generating"
  }

  /// The record's place beside a clip's: `clip.mp4` has `clip.json`.
  public static func record(of clip: String) -> String { (clip as NSString).deletingPathExtension + ".json" }

  /// Whether nothing would be lost by writing a record there.
  public static func isAbsentOrRecord(_ path: String) -> Bool {
    guard let there = FileManager.default.contents(atPath: path) else { return true }
    struct Head: Decodable { var format: String }
    return (try? JSONDecoder().decode(Head.self, from: there))?.format.hasPrefix("mondo-generation/") ?? false
  }

  /// Writes it beside the clip.
  func write() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(Array(try encoder.encode(self)) + [UInt8(ascii: "\n")], to: Self.record(of: clip))
  }

  /// What is under way, with how much of it is done and how much there is.
  public enum Progress: Sendable, Equatable {
    case filming(Int, of: Int)
    case generating(Int, of: Int)
  }
}

/// Seconds since a moment.
func seconds(since begin: ContinuousClock.Instant) -> Double {
  let span = ContinuousClock.now - begin
  return Double(span.components.seconds) + Double(span.components.attoseconds) * 1e-18
}
