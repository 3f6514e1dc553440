/// A scene that can't be used, with everything that is wrong with it.
public struct SceneError: Error, Sendable, Equatable, CustomStringConvertible {
  /// In order of their place in the file; at least one is an error, the rest may be warnings.
  public var diagnostics: [Diagnostic]

  public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

  public var description: String { diagnostics.map { $0.formatted() }.joined(separator: "\n") }
}
