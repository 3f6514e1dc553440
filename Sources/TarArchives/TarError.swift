/// A tar archive could not be read or written: which, why, and what to do.
public enum TarError: Error, Equatable, CustomStringConvertible {
  /// The system refused to open or read the file.
  case unreadable(path: String, reason: String)
  /// The bytes are no tar archive, or a damaged or cut one.
  case malformed(path: String, problem: String)
  /// The system refused to write.
  case unwritable(path: String, reason: String)

  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): cannot read the archive: \(reason); check the path and its permissions"
    case .malformed(let path, let problem): "\(path): no sound tar archive: \(problem); make or download it again"
    case .unwritable(let path, let reason): "\(path): cannot write the archive: \(reason); check the path and the disk"
    }
  }
}
