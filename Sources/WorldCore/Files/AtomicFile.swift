import Foundation

/// A file that appears under its name complete or not at all.
///
/// The bytes go to a hidden file beside the destination; `commit()` flushes them to the disk and renames it into place,
/// replacing what was there. An `AtomicFile` that goes away without `commit()` takes its hidden file with it. Killed at any
/// moment, a process leaves the old file (or none) under the name; a hidden `.mondo-*.partial` may stay behind.
public final class AtomicFile {
  /// Where the file will appear, as the caller gave it.
  public let path: String
  /// Where the bytes are until then, for writers that open files by name themselves.
  public let temporaryPath: String
  private let destination: String
  private let descriptor: Int32
  private var isCommitted = false

  /// Creates the hidden file in the destination's folder.
  ///
  /// A symbolic link is written through. Throws where the folder is missing or may not be written to, and where the path
  /// names something that is no regular file (a folder, a device), which a rename would destroy.
  public init(path: String) throws(FileError) {
    self.path = path
    destination = Self.resolvingLinks(path)
    var status = stat()
    let exists = stat(destination, &status) == 0
    if exists && status.st_mode & S_IFMT != S_IFREG {
      let what = status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "no regular file"
      throw FileError(.replace, path: path, reason: "it is \(what)", remedy: "give the path of a file")
    }
    let folder = (destination as NSString).deletingLastPathComponent
    let place = folder.isEmpty ? "." : folder

    // Process and counter keep concurrent writers apart; O_EXCL settles what is left.
    var number = 0
    while true {
      let candidate = "\(place)/.mondo-\(getpid())-\(number).partial"
      let opened = open(candidate, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o666)
      if opened >= 0 {
        temporaryPath = candidate
        descriptor = opened
        break
      }
      guard errno == EEXIST else { throw FileError(.create, path: path) }
      number += 1
    }
    if exists { fchmod(descriptor, status.st_mode & 0o777) }
  }

  deinit {
    close(descriptor)
    if !isCommitted { unlink(temporaryPath) }
  }

  /// Appends the bytes.
  public func write(_ bytes: [UInt8]) throws(FileError) {
    var start = 0
    while start < bytes.count {
      let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress! + start, $0.count - start) }
      if written >= 0 {
        start += written
      } else if errno != EINTR {
        throw FileError(.write, path: path)
      }
    }
  }

  /// Flushes everything to the disk and puts the file under its name.
  public func commit() throws(FileError) {
    precondition(!isCommitted, "an atomic file is committed once")
    guard fsync(descriptor) == 0 else { throw FileError(.write, path: path) }
    guard rename(temporaryPath, destination) == 0 else { throw FileError(.replace, path: path) }
    isCommitted = true
    // The rename itself lasts once the folder is flushed. Where a file system can't do that, the file is in place all the same.
    let folder = open((temporaryPath as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  /// Writes the whole file at once.
  public static func write(_ bytes: some Collection<UInt8>, to path: String) throws(FileError) {
    let file = try AtomicFile(path: path)
    try file.write(Array(bytes))
    try file.commit()
  }

  /// Writes the whole text, in UTF-8, at once.
  public static func write(_ text: String, to path: String) throws(FileError) {
    try write(Array(text.utf8), to: path)
  }

  private static func resolvingLinks(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
