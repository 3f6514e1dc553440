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
    guard let (name, size) = try nextEntry() else { return nil }
    var bytes = [UInt8](repeating: 0, count: size)
    let read = bytes.withUnsafeMutableBytes { archive_read_data(archive, $0.baseAddress, $0.count) }
    guard read == bytes.count else { throw .malformed(path: path, problem: "'\(name)' is cut short") }
    return Member(name: name, bytes: bytes)
  }

  /// The next file's name, its bytes passed over; nil at the end of the archive.
  public func nextName() throws(TarError) -> String? { try nextEntry()?.name }

  private func nextEntry() throws(TarError) -> (name: String, size: Int)? {
    while true {
      var entry: OpaquePointer?
      let code = archive_read_next_header(archive, &entry)
      if code == ARCHIVE_EOF { return nil }
      guard code == ARCHIVE_OK || code == ARCHIVE_WARN, let entry else { throw failure }
      guard archive_entry_filetype(entry) == 0o100_000, let path = archive_entry_pathname(entry) else { continue }
      let (name, size) = (String(cString: path), archive_entry_size(entry))
      guard (0...Int64(Self.largestMember)).contains(size) else {
        throw .malformed(path: self.path, problem: "'\(name)' claims \(size) bytes")
      }
      return (name, Int(size))
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
