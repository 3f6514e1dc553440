/// A place in a text file. Everything that was parsed carries one into every later message about it.
public struct SourceLocation: Hashable, Sendable, CustomStringConvertible {
  /// The path as the user gave it.
  public var file: String
  /// Both count from 1; a column counts characters, not bytes.
  public var line: Int
  public var column: Int

  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  public var description: String { "\(file):\(line):\(column)" }
}
