import Foundation
public import VideoDiffusion

/// The files that the generator's networks are read from: a folder's, and Mondo's own where it lacks one.
public struct GeneratorWeights: Sendable {
  /// By network.
  public let paths: [TrainedWeights: String]

  /// Mondo's own.
  public init() { paths = Dictionary(uniqueKeysWithValues: TrainedWeights.allCases.map { ($0, $0.path) }) }

  /// - Parameter folder: holds files of the names that `TrainedWeights` has.
  /// - Throws: `WeightsError.missing` where the folder has none of them.
  public init(folder: String) throws(WeightsError) {
    var paths = GeneratorWeights().paths
    var isEmpty = true
    for network in TrainedWeights.allCases {
      let path = "\(folder)/\(network.rawValue).safetensors"
      guard FileManager.default.fileExists(atPath: path) else { continue }
      paths[network] = path
      isEmpty = false
    }
    guard !isEmpty else {
      let names = TrainedWeights.allCases.map { $0.rawValue + ".safetensors" }.joined(separator: ", ")
      throw .missing(path: folder, reason: "it has none of \(names)")
    }
    self.paths = paths
  }

  /// Reads the networks.
  ///
  /// - Parameters:
  ///   - isStudent: whether the student takes the transformer's place.
  ///   - restyles: whether a camera's clip is drawn anew.
  /// - Throws: `WeightsError`.
  public func generator(isStudent: Bool = false, restyles: Bool = false) throws(WeightsError) -> ClipGenerator {
    try ClipGenerator(
      pictures: paths[.pictures]!, sounds: paths[.sounds]!, shader: paths[restyles ? .styleShader : .shader]!,
      geometry: paths[.geometry]!, soundShader: paths[.soundShader]!,
      transformer: paths[isStudent ? .student : .transformer]!, teacher: isStudent ? paths[.transformer]! : nil)
  }

  /// The shader that draws a scene's clip: over the plain view, or over flat colours; nil where neither is given.
  ///
  /// - Parameter without: conditions that are left out.
  public static func shader(without: Set<ClipGenerator.Condition>) -> TrainedWeights? {
    guard without.contains(.plainView) else { return .shader }
    return without.contains(.controls) ? nil : .geometry
  }

  /// Of the networks that are asked, by name: `sha256:` and digits.
  ///
  /// - Parameters:
  ///   - isStudent: whether the student is asked, whose words are the transformer's.
  ///   - shader: the one that draws; nil is none.
  ///   - drawsSound: whether what contacts sound like is drawn.
  public func digests(
    isStudent: Bool = false, shader: TrainedWeights? = .shader, drawsSound: Bool = false
  ) -> [String: String] {
    var unread: Set<TrainedWeights> = [.shader, .geometry, .styleShader]
    if let shader { unread.remove(shader) }
    if !isStudent { unread.insert(.student) }
    if !drawsSound { unread.insert(.soundShader) }
    let read = paths.filter { !unread.contains($0.key) }
    return Dictionary(uniqueKeysWithValues: read.map { ($0.key.rawValue, Digests.ofFile($0.value)) })
  }
}
