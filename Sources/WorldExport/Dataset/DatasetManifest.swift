import Foundation
import SceneDescription
import WorldCore

/// `dataset.json`: what the folder's data set is. Two runs may add to one folder only if they agree on it.
struct DatasetManifest: Codable, Equatable {
  static let fileName = "dataset.json"
  static let currentFormat = "mondo-dataset/1"

  struct ShardEntry: Codable, Equatable {
    var file: String
    var samples: Int
  }

  struct SourceEntry: Codable, Equatable {
    var name: String
    var digest: String
  }

  var format: String
  var mondo: String
  var samples: Int
  var seed: UInt64
  var scenes: [SourceEntry]
  /// `PATH=VALUE`.
  var overrides: [String]
  var sizes: [String]
  /// Light paths a pixel; 0 is the style's own.
  var paths: Int
  var shares: Int
  var shards: [ShardEntry]

  init(_ plan: DatasetPlan) {
    format = Self.currentFormat
    mondo = Release.version
    samples = plan.sampleCount
    seed = plan.seed
    scenes = plan.sources.map { SourceEntry(name: $0.name, digest: $0.digest) }
    overrides = plan.overrides.map { "\($0.path)=\($0.value)" }
    sizes = plan.sizes
    paths = plan.samplesPerPixel ?? 0
    shares = plan.shareCount
    shards = (0..<plan.shareCount).flatMap { plan.shards(ofShare: $0) }.map {
      ShardEntry(file: $0.file, samples: $0.samples.count)
    }
  }

  /// Puts the manifest into the folder, or finds the same one there; tells whether it has put it.
  func settle(in folder: String) throws -> Bool {
    let path = folder + "/" + Self.fileName
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let text = try encoder.encode(self)
    guard FileManager.default.fileExists(atPath: path) else {
      try AtomicFile.write(text, to: path)
      return true
    }
    guard let found = FileManager.default.contents(atPath: path) else {
      throw FileError(.read, path: path, reason: "permission denied", remedy: "check its permissions")
    }
    guard let other = try? JSONDecoder().decode(DatasetManifest.self, from: found) else {
      throw DatasetError.foreignFolder(path: folder, problem: "its dataset.json is no manifest of a data set of Mondo's")
    }
    if let difference = difference(from: other) {
      throw DatasetError.foreignFolder(path: folder, problem: "it holds another data set (\(difference))")
    }
    return false
  }

  /// In what the other one differs, in a few words.
  private func difference(from other: DatasetManifest) -> String? {
    func compare<T: Equatable>(_ what: String, _ key: KeyPath<DatasetManifest, T>) -> String? {
      self[keyPath: key] == other[keyPath: key] ? nil : "\(what) \(other[keyPath: key]) there, \(self[keyPath: key]) here"
    }
    if let found = compare("format", \.format) ?? compare("version", \.mondo) ?? compare("samples", \.samples)
      ?? compare("seed", \.seed) ?? compare("shares", \.shares)
    {
      return found
    }
    if scenes != other.scenes { return "other scenes or other contents of them" }
    if self != other { return "other settings" }
    return nil
  }
}
