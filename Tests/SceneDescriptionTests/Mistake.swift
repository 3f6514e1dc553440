import SceneDescription
import Testing

/// A scene with one mistake (or two), the place of it between « and », and what must be said about it.
struct Mistake: CustomTestStringConvertible, Sendable {
  var text: String
  var message: String
  var suggestion: String?
  var severity: Diagnostic.Severity

  init(_ text: String, _ message: String, _ suggestion: String? = nil, severity: Diagnostic.Severity = .error) {
    self.text = text
    self.message = message
    self.suggestion = suggestion
    self.severity = severity
  }

  /// In the frame of a scene that is otherwise whole.
  static func inScene(
    _ text: String, _ message: String, _ suggestion: String? = nil, severity: Diagnostic.Severity = .error
  ) -> Mistake {
    Mistake("mondo: 1\nduration: 4 s\n" + text + "\n", message, suggestion, severity: severity)
  }

  /// In the mapping of a body that is otherwise whole.
  static func inBody(
    _ text: String, _ message: String, _ suggestion: String? = nil, severity: Diagnostic.Severity = .error
  ) -> Mistake {
    inScene("bodies:\n  it: {shape: {sphere: {radius: 1}}, \(text)}", message, suggestion, severity: severity)
  }

  var yaml: String { text.replacing("«", with: "").replacing("»", with: "") }

  /// Counted from 1, in characters.
  var place: (line: Int, column: Int) {
    let before = text.prefix { $0 != "«" }
    let lines = before.split(separator: "\n", omittingEmptySubsequences: false)
    return (lines.count, lines.last!.count + 1)
  }

  var testDescription: String { message }
}
