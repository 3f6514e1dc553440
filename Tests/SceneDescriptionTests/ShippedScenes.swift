import Foundation
import Testing

/// The scenes under `Scenes/`, which tests, benchmarks and pages share.
enum ShippedScenes {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Scenes").standardizedFileURL

  /// Paths of all of them, sorted.
  static let paths: [String] = {
    let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    return files.filter { $0.hasSuffix(".yaml") }.sorted().map { folder.path + "/" + $0 }
  }()

  static func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
}
