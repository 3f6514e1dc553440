import CArchive
import Foundation

/// Reads the regular files of a tar archive one after the other; folders and links are passed over.
public final class TarReader {
  public let path: String
  private let archive: OpaquePointer

  /// A file of the archive.
  public struct Member: Sendable, Equatable {
    public var name: String
    public var bytes: [UInt8]

    public init(name: String, bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }
  }

  /// A member larger than this is refused: it would be a mistake or an attack.
  public static let largestMember = 1 << 31

  public init(path: String) throws(TarError) {
    self.path = path
    guard let archive = archive_read_new() else { preconditionFailure("no memory for an archive") }
    self.archive = archive
    archive_read_support_format_tar(archive)
    // An empty archive is two empty blocks; an empty file is none.
    guard FileManager.default.isReadableFile(atPath: path) else {
      let exists = FileManager.default.fileExists(atPath: path)
      throw .unreadable(path: path, reason: exists ? "permission denied" : "no such file")
    }
    guard archive_read_open_filename(archive, path, 1 << 16) == ARCHIVE_OK else { throw failure }
  }

  deinit { archive_read_free(archive) }

  /// The next file; nil at the end of the archive.
  public func next() throws(TarError) -> Member? {
    while true {
      var entry: OpaquePointer?
      let code = archive_read_next_header(archive, &entry)
      if code == ARCHIVE_EOF { return nil }
      guard code == ARCHIVE_OK || code == ARCHIVE_WARN, let entry else { throw failure }
      guard archive_entry_filetype(entry) == 0o100_000, let name = archive_entry_pathname(entry) else { continue }
      let size = archive_entry_size(entry)
      let member = String(cString: name)
      guard (0...Int64(Self.largestMember)).contains(size) else {
        throw .malformed(path: path, problem: "'\(member)' claims \(size) bytes")
      }
      var bytes = [UInt8](repeating: 0, count: Int(size))
      let read = bytes.withUnsafeMutableBytes { archive_read_data(archive, $0.baseAddress, $0.count) }
      guard read == bytes.count else {
        throw .malformed(path: path, problem: "'\(member)' is cut short")
      }
      return Member(name: member, bytes: bytes)
    }
  }

  /// All files of an archive.
  public static func members(of path: String) throws(TarError) -> [Member] {
    let reader = try TarReader(path: path)
    var members: [Member] = []
    while let member = try reader.next() { members.append(member) }
    return members
  }

  private var failure: TarError {
    .malformed(path: path, problem: archive_error_string(archive).map { String(cString: $0) } ?? "an unknown problem")
  }
}
