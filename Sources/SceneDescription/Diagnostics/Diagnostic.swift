public import WorldCore

/// Something wrong with a scene, at a place in its text.
public struct Diagnostic: Sendable, Equatable {
  public enum Severity: String, Sendable, Comparable {
    /// The scene means something, though perhaps not what was intended.
    case warning
    /// The scene means nothing.
    case error

    public static func < (a: Severity, b: Severity) -> Bool { a == .warning && b == .error }
  }

  public var severity: Severity
  public var location: SourceLocation
  /// One sentence without a full stop.
  public var message: String
  /// What to do, such as `did you mean 'velocity'?`.
  public var suggestion: String?
  /// The line of text at `location`, without its end; nil where there is none to show.
  public var sourceLine: String?
  /// How many characters the caret's underline spans, ≥ 1.
  public var span: Int

  public init(
    severity: Severity = .error, at location: SourceLocation, _ message: String, suggestion: String? = nil,
    sourceLine: String? = nil, span: Int = 1
  ) {
    self.severity = severity
    self.location = location
    self.message = message
    self.suggestion = suggestion
    self.sourceLine = sourceLine
    self.span = span
  }
}
