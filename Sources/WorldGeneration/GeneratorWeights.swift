import Foundation
public import VideoDiffusion

/// The files that the generator's networks are read from: a folder's, and Mondo's own where it lacks one.
public struct GeneratorWeights: Sendable {
  /// By network.
  public let paths: [TrainedWeights: String]

  /// - Parameter folder: holds files of the names that `TrainedWeights` has; nil takes Mondo's own.
  /// - Throws: `WeightsError.missing` where the folder has none of them.
  public init(folder: String? = nil) throws(WeightsError) {
    var paths: [TrainedWeights: String] = [:]
    var found = folder == nil
    for network in TrainedWeights.allCases {
      let own = folder.map { "\($0)/\(network.rawValue).safetensors" }
      if let own, FileManager.default.fileExists(atPath: own) {
        paths[network] = own
        found = true
      } else {
        paths[network] = network.path
      }
    }
    guard found else {
      let names = TrainedWeights.allCases.map { $0.rawValue + ".safetensors" }.joined(separator: ", ")
      throw .missing(path: folder!, reason: "it has none of \(names)")
    }
    self.paths = paths
  }

  /// Reads the networks.
  ///
  /// - Throws: `WeightsError`.
  public func generator() throws(WeightsError) -> ClipGenerator {
    try ClipGenerator(
      pictures: paths[.pictures]!, sounds: paths[.sounds]!, shader: paths[.shader]!, transformer: paths[.transformer]!)
  }

  /// By network's name: `sha256:` and digits.
  func digests() -> [String: String] {
    Dictionary(uniqueKeysWithValues: paths.map { ($0.key.rawValue, Digests.ofFile($0.value)) })
  }
}
