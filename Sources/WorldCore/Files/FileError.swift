import Foundation

/// The file system refused: what was tried, on which path, why, and what to do about it.
public struct FileError: Error, Equatable, CustomStringConvertible {
  public enum Operation: String, Sendable {
    case create, write, read, replace
  }

  public var operation: Operation
  /// As the caller gave it.
  public var path: String
  /// The system's reason, in its words.
  public var reason: String
  public var remedy: String

  public init(_ operation: Operation, path: String, reason: String, remedy: String) {
    self.operation = operation
    self.path = path
    self.reason = reason
    self.remedy = remedy
  }

  /// The error that the last system call left in `errno`.
  init(_ operation: Operation, path: String) {
    let code = errno
    self.init(operation, path: path, reason: String(cString: strerror(code)), remedy: Self.remedy(for: code))
  }

  public var description: String { "\(path): cannot \(operation.rawValue) the file: \(reason); \(remedy)" }

  private static func remedy(for code: Int32) -> String {
    switch code {
    case ENOENT, ENOTDIR: "create its folder first or choose another path"
    case EACCES, EPERM, EROFS: "choose a path that you may write to"
    case ENOSPC, EDQUOT: "free some space on that disk"
    case ENAMETOOLONG: "choose a shorter name"
    default: "check the path and the disk"
    }
  }
}
