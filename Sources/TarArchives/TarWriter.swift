import CArchive
import WorldCore

/// Writes a tar archive (POSIX ustar) that appears under its name complete or not at all.
///
/// The same members in the same order give the same bytes: no times, owners or modes of the machine get in. For one task at a
/// time.
public final class TarWriter {
  public let path: String
  private let file: AtomicFile
  private let archive: OpaquePointer

  /// Names longer than this don't fit a ustar header in one piece.
  public static let longestName = 99

  /// Throws `FileError` where the file can't be made.
  public init(path: String) throws {
    self.path = path
    file = try AtomicFile(path: path)
    guard let archive = archive_write_new() else { preconditionFailure("no memory for an archive") }
    self.archive = archive
    archive_write_set_format_ustar(archive)
    archive_write_add_filter_none(archive)
    // One block of 512 bytes is the unit, and the last record isn't padded to twenty.
    archive_write_set_bytes_in_last_block(archive, 1)
    try check(archive_write_open_filename(archive, file.temporaryPath))
  }

  deinit { archive_write_free(archive) }

  /// Appends a regular file of these bytes.
  public func append(_ bytes: [UInt8], as name: String) throws(TarError) {
    precondition(
      (1...Self.longestName).contains(name.utf8.count), "a member's name has 1 to \(Self.longestName) bytes: '\(name)'")
    guard let entry = archive_entry_new() else { preconditionFailure("no memory for an archive's entry") }
    defer { archive_entry_free(entry) }
    archive_entry_set_pathname(entry, name)
    archive_entry_set_size(entry, Int64(bytes.count))
    archive_entry_set_filetype(entry, 0o100_000)
    archive_entry_set_perm(entry, 0o644)
    archive_entry_set_mtime(entry, 0, 0)
    try check(archive_write_header(archive, entry))
    let written = bytes.withUnsafeBytes { archive_write_data(archive, $0.baseAddress, $0.count) }
    guard written == bytes.count else { throw failure }
  }

  /// Writes the archive's end and puts the file under its name. Throws `TarError` or `FileError`.
  public func finish() throws {
    try check(archive_write_close(archive))
    try file.commit()
  }

  private func check(_ code: Int32) throws(TarError) {
    guard code == ARCHIVE_OK || code == ARCHIVE_WARN else { throw failure }
  }

  private var failure: TarError {
    .unwritable(path: path, reason: archive_error_string(archive).map { String(cString: $0) } ?? "an unknown reason")
  }
}
