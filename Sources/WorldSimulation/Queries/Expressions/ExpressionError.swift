/// What is wrong with an expression, and where in it.
public struct ExpressionError: Error, Equatable, CustomStringConvertible {
  public var expression: String
  /// Counts characters from 1.
  public var column: Int
  public var message: String
  /// Such as `did you mean 'velocity'?`.
  public var suggestion: String?

  public init(expression: String, column: Int, message: String, suggestion: String? = nil) {
    self.expression = expression
    self.column = column
    self.message = message
    self.suggestion = suggestion
  }

  /// The message, the expression and a caret under the place.
  public var description: String {
    var text =
      "expression:\(column): error: \(message)\n  \(expression)\n  \(String(repeating: " ", count: max(0, column - 1)))^"
    if let suggestion { text += "\n  help: \(suggestion)" }
    return text
  }
}
