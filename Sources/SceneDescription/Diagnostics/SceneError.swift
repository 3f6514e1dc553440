/// A scene that can't be used, with everything that is wrong with it.
public struct SceneError: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Cause: Sendable, Equatable {
    /// There is no such file.
    case missing
    /// The file is there but can't be read: a folder, no permission, an error of the disk.
    case unreadable
    /// The file's content, or an override, is wrong.
    case invalid
  }

  public var cause: Cause
  /// In order of their place in the file; at least one is an error, the rest may be warnings.
  public var diagnostics: [Diagnostic]

  public init(_ diagnostics: [Diagnostic], cause: Cause = .invalid) {
    self.diagnostics = diagnostics
    self.cause = cause
  }

  public var description: String { diagnostics.map { $0.formatted() }.joined(separator: "\n") }
}
