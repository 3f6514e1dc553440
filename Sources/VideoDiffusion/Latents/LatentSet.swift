import Foundation
import NeuralNetworks
import Safetensors
import Tensors
import WorldCore

/// A data set's clips as latents in a folder, for trainings that have neither autoencoder nor renderer.
///
/// `latents.json`, this value, says what there is and how it is learnt from; `measured.safetensors` what was measured on it:
/// `residual.deviation`, `residual.flat_deviation` [latent width], `residual.sound_deviation` [sound latent width]
/// (`ResidualDeviations`), and what each number of a token counts, `significance` [16·latent width] and `sound_significance`
/// [4·sound latent width]; each clip has a file of its own (`LatentClipFile`).
public struct LatentSet: Codable, Sendable, Equatable {
  public struct Clip: Codable, Sendable, Equatable {
    /// Path from the folder.
    public var file: String
    /// Video tokens.
    public var times, rows, columns: Int
    /// Whether training leaves it out, so that it can be measured.
    public var isHeldOut: Bool

    private enum CodingKeys: String, CodingKey {
      case file, times, rows, columns
      case isHeldOut = "held_out"
    }
  }

  public var format = LatentClipFile.format
  /// Whether all clips are there that were asked for: if not, the same command goes on.
  public var isComplete = false
  /// Digests of the networks that the latents are of, by their names.
  public var networks: [String: String]
  /// Of a transformer for these latents, by default; and how Mondo trains it.
  public var configuration: JointTransformer.Configuration
  public var objective = FlowMatching.Settings()
  public var schedule = FlowMatching.schedule
  public var clips: [Clip] = []

  private enum CodingKeys: String, CodingKey {
    case format, networks, configuration, objective, schedule, clips
    case isComplete = "complete"
  }

  static func path(in folder: String) -> String { folder + "/latents.json" }
  static func measuredPath(in folder: String) -> String { folder + "/measured.safetensors" }

  /// What another version of Mondo tells of a folder, too.
  private struct Begun: Decodable {
    var format: String
    var networks: [String: String]
  }

  /// Whether a folder has latents of these networks already.
  ///
  /// - Throws: `TrainingDataError` where it holds something else, or latents of other networks.
  static func isBegun(in folder: String, networks: [String: String]) throws(TrainingDataError) -> Bool {
    func foreign(_ problem: String) -> TrainingDataError { .foreignFolder(path: folder, problem: problem) }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else { return false }
    guard isFolder.boolValue else { throw foreign("it is a file, and latents go into a folder") }
    guard let bytes = FileManager.default.contents(atPath: path(in: folder)) else {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      guard names.allSatisfy({ $0.hasPrefix(".") }) else { throw foreign("there is something in this folder, and no latents") }
      return false
    }
    guard let begun = try? JSONDecoder().decode(Begun.self, from: bytes), begun.format == LatentClipFile.format else {
      throw foreign("its latents are of another format than '\(LatentClipFile.format)'")
    }
    if let other = Set(networks.keys).union(begun.networks.keys).sorted().first(where: { networks[$0] != begun.networks[$0] }) {
      throw foreign("it holds latents of another \(other)")
    }
    return true
  }

  init(networks: [String: String], configuration: JointTransformer.Configuration) {
    (self.networks, self.configuration) = (networks, configuration)
  }

  func write(in folder: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(encoder.encode(self), to: Self.path(in: folder))
  }
}
