import WorldCore

extension Diagnostic {
  /// The diagnostic as a compiler would print it: `file:line:col: error: message`, the line, a caret, the suggestion.
  ///
  /// - Parameter colored: whether to add ANSI colours, for a terminal.
  public func formatted(colored: Bool = false) -> String {
    func paint(_ text: String, _ code: String) -> String { colored ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
    let tint = severity == .error ? "1;31" : "1;35"
    var text = "\(paint("\(location):", "1")) \(paint("\(severity.rawValue):", tint)) \(paint(message, "1"))"
    if let sourceLine {
      // A window of a very long line, so that the caret stays in sight; tabs become one space each to keep it in place.
      let characters = Array(sourceLine).map { $0.unicodeScalars.allSatisfy { $0.value < 32 } ? " " : $0 }
      let start = characters.count > 160 ? max(0, min(location.column - 1, characters.count) - 60) : 0
      let shown = characters.dropFirst(start).prefix(160)
      let indent = max(0, location.column - 1 - start)
      let width = max(1, min(span, shown.count - indent))
      let caret = String(repeating: " ", count: indent) + paint("^" + String(repeating: "~", count: width - 1), "1;32")
      text += "\n  \(String(shown))\n  \(caret)"
    }
    if let suggestion { text += "\n  \(paint("help:", "1;36")) \(suggestion)" }
    return text
  }
}
