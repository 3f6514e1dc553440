import Foundation
import WorldCore

/// Bytes as a file that has no name: decoders open it by path, and whatever happens nothing of it stays on the disk.
struct PassingFile {
  private let handle: FileHandle

  /// - Throws: `FileError`.
  init(_ bytes: [UInt8]) throws {
    let path = FileManager.default.temporaryDirectory.path + "/mondo-\(UUID().uuidString)"
    let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw FileError(
        .create, path: path, reason: String(cString: strerror(errno)), remedy: "set TMPDIR to a folder that can be written to")
    }
    unlink(path)
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do { try handle.write(contentsOf: bytes) } catch {
      throw FileError(.write, path: path, reason: "the disk is full", remedy: "set TMPDIR to a folder with more space")
    }
  }

  /// Calls `body` with a path that opens the file.
  func withPath<Result>(_ body: (String) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(handle) { try body("/proc/self/fd/\(handle.fileDescriptor)") }
  }
}
