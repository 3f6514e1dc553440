internal import Crypto
import Foundation

/// A folder in which long work grows, piece by piece: each finished piece is a file of its own, whole or not there, so that a
/// process killed at any moment goes on where it was.
final class WorkFolder: Sendable {
  let path: String
  private let pieces: String
  /// Where pieces that are files themselves (clips) are kept.
  let clips: String
  static let clipsName = "clips"

  /// What the pieces are pieces of.
  private struct Manifest: Codable, Equatable {
    var format = "mondo-evaluation-work/1"
    var mondo = Release.version
    var suite: String
    var generator: String
    /// Of everything that the pieces depend on.
    var digest: String
  }

  /// Makes the folder where it is missing.
  ///
  /// - Parameter fingerprint: everything that the pieces depend on; a folder with pieces of another one is refused.
  /// - Throws: `EvaluationError.foreignFolder`, `FileError`.
  init(path: String, suite: String, generator: String, fingerprint: String) throws {
    self.path = path
    pieces = path + "/work"
    clips = path + "/" + Self.clipsName
    for folder in [path, pieces, clips] {
      do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
        throw FileError(
          .create, path: folder, reason: "the folder can't be made", remedy: "choose a path that you may write to")
      }
    }
    let digest = SHA256.hash(data: Data(fingerprint.utf8)).map { String(format: "%02x", $0) }.joined()
    let manifest = Manifest(suite: suite, generator: generator, digest: "sha256:" + digest)
    let place = pieces + "/manifest.json"
    if let found = FileManager.default.contents(atPath: place) {
      guard let other = try? JSONDecoder().decode(Manifest.self, from: found), other == manifest else {
        throw EvaluationError.foreignFolder(path: path)
      }
    } else {
      try AtomicFile.write(try Self.encoder.encode(manifest), to: place)
    }
  }

  /// The files that pieces are made from, as part of a fingerprint.
  static func contents(of paths: [String]) -> String {
    Set(paths).sorted().map { path in
      path + ":" + String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }.joined(separator: "\n")
  }

  /// nil where the piece isn't there or can't be read; it is then made anew.
  func piece<Piece: Decodable>(_ name: String, as type: Piece.Type = Piece.self) -> Piece? {
    FileManager.default.contents(atPath: place(name)).flatMap { try? Self.decoder.decode(Piece.self, from: $0) }
  }

  func keep(_ piece: some Encodable, as name: String) throws {
    try AtomicFile.write(try Self.encoder.encode(piece), to: place(name))
  }

  func discard(_ name: String) { try? FileManager.default.removeItem(atPath: place(name)) }

  private func place(_ piece: String) -> String { "\(pieces)/\(piece).json" }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }
}
