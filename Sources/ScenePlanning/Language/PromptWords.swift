import Foundation

/// A prompt word by word.
struct PromptWords {
  enum Token: Equatable {
    /// In lower case.
    case word(String)
    case number(Double)
    case end
  }

  let tokens: [Token]

  init(_ prompt: String) { tokens = Self.words(prompt).map(Self.token) }

  /// Words in lower case, figures parted from their units, elisions from what follows (`un'`, `asta`), and stops.
  static func words(_ text: String) -> [String] {
    let plain = text.lowercased().replacing("’", with: "'").replacing("×", with: "x")
    let pattern = /[0-9]+(?:[.,][0-9]+)?|m\/s|km\/h|°|[\p{L}\p{M}]+(?:-[\p{L}\p{M}]+)*'?|[.;:!?]|,/
    return plain.matches(of: pattern).map { String($0.output) }
  }

  private static func token(_ word: String) -> Token {
    if [".", ";", ":", "!", "?"].contains(word) { return .end }
    if let number = Double(word.replacing(",", with: ".")) { return .number(number) }
    return .word(word)
  }
}
