import Foundation
public import WorldCore

/// The two forms of a trajectory document.
public enum TrajectoryFormat: String, Sendable, CaseIterable {
  case json, safetensors

  /// By the ending of the file's name; nil for any but `.json` and `.safetensors`.
  public init?(path: String) {
    self.init(rawValue: (path as NSString).pathExtension.lowercased())
  }
}

extension Trajectory {
  /// Reads a document of either form; which one, the bytes say.
  ///
  /// - Throws: `FileError` where the file can't be read, `TrajectoryFileError` where it is no trajectory.
  public init(contentsOf path: String) throws {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    } catch {
      throw FileError(.read, path: path, reason: Self.reason(error), remedy: "check the path and its permissions")
    }
    guard let first = data.first else { throw TrajectoryFileError(file: path, message: "the file is empty") }
    // A safetensors file opens with the length of its header in 8 bytes, and the header with a brace; JSON text has no zeros.
    if data.count > 8, data[8] == UInt8(ascii: "{"), data[4..<8].allSatisfy({ $0 == 0 }) {
      try self.init(safetensors: data, file: path)
    } else if first == UInt8(ascii: "{") || first == 0xef || Character(UnicodeScalar(first)).isWhitespace {
      try self.init(json: data, file: path)
    } else {
      throw TrajectoryFileError(file: path, message: "this is neither a JSON nor a safetensors trajectory")
    }
  }

  /// Writes a document; it appears under its name complete or not at all.
  ///
  /// - Throws: `FileError` where the file can't be written, `TrajectoryFileError` where a number is not finite.
  public func write(to path: String, as format: TrajectoryFormat) throws {
    let file = try AtomicFile(path: path)
    switch format {
    case .json: try writeJSON { try file.write($0) }
    case .safetensors: try file.write(safetensors())
    }
    try file.commit()
  }

  private static func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
    return underlying.domain == NSPOSIXErrorDomain
      ? String(cString: strerror(Int32(underlying.code))) : "\(error.localizedDescription)"
  }
}
