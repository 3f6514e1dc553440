/// A word, number or sign of an expression, and where it starts.
struct ExpressionToken: Equatable {
  enum Kind: Equatable {
    case number(Double)
    case name(String)
    case sign(String)
    case end
  }
  var kind: Kind
  /// Counts characters from 1.
  var column: Int

  var shown: String {
    switch kind {
    case .number(let value): "\(value)"
    case .name(let name): "'\(name)'"
    case .sign(let sign): "'\(sign)'"
    case .end: "the end"
    }
  }
}

/// Divides an expression into tokens.
struct ExpressionLexer {
  private let text: String
  private let characters: [Character]
  private var index = 0

  static let lengthLimit = 4096

  init(_ text: String) throws(ExpressionError) {
    self.text = text
    characters = Array(text)
    if characters.count > Self.lengthLimit {
      throw ExpressionError(
        expression: String(text.prefix(60)) + "…", column: 1,
        message: "the expression is \(characters.count) characters long; at most \(Self.lengthLimit) are read")
    }
  }

  /// The next token.
  ///
  /// - Parameter asBodyName: whether a body's name may stand here; such names may have hyphens in them (`ball-1`).
  mutating func next(asBodyName: Bool = false) throws(ExpressionError) -> ExpressionToken {
    while index < characters.count, characters[index].isWhitespace { index += 1 }
    let column = index + 1
    guard index < characters.count else { return ExpressionToken(kind: .end, column: column) }
    let character = characters[index]
    if character.isLetter || character == "_" || (asBodyName && character.isNumber) {
      return ExpressionToken(kind: .name(word(hyphens: asBodyName)), column: column)
    }
    if character == "\"" { return ExpressionToken(kind: .name(try quoted()), column: column) }
    if character.isASCIIDigit || (character == "." && index + 1 < characters.count && characters[index + 1].isASCIIDigit) {
      return ExpressionToken(kind: .number(try number()), column: column)
    }
    // The minus sign of print, which answers have.
    if character == "\u{2212}" {
      index += 1
      return ExpressionToken(kind: .sign("-"), column: column)
    }
    for sign in ["<=", ">=", "==", "!=", "<", ">", "+", "-", "*", "/", "(", ")", ",", "."]
    where String(characters[index..<min(index + sign.count, characters.count)]) == sign {
      index += sign.count
      return ExpressionToken(kind: .sign(sign), column: column)
    }
    throw ExpressionError(
      expression: text, column: column, message: "'\(character)' means nothing here",
      suggestion: character == "="
        ? "compare with =="
        : character == "&"
          ? "say 'and'"
          : character == "|"
            ? "say 'or'" : character == "[" ? "a vector's components are .x, .y and .z" : nil)
  }

  private mutating func word(hyphens: Bool) -> String {
    let start = index
    while index < characters.count,
      characters[index].isLetter || characters[index].isNumber || characters[index] == "_"
        || (hyphens && characters[index] == "-")
    { index += 1 }
    return String(characters[start..<index])
  }

  private mutating func quoted() throws(ExpressionError) -> String {
    let start = index
    guard let end = characters[(start + 1)...].firstIndex(of: "\"") else {
      throw ExpressionError(expression: text, column: start + 1, message: "the quoted name that starts here never ends")
    }
    index = end + 1
    return String(characters[start + 1..<end])
  }

  private mutating func number() throws(ExpressionError) -> Double {
    let start = index
    func digits(_ index: inout Int) { while index < characters.count, characters[index].isASCIIDigit { index += 1 } }
    digits(&index)
    if index < characters.count, characters[index] == "." {
      index += 1
      digits(&index)
    }
    if index < characters.count, characters[index] == "e" || characters[index] == "E" {
      var after = index + 1
      if after < characters.count, characters[after] == "+" || characters[after] == "-" { after += 1 }
      if after < characters.count, characters[after].isASCIIDigit {
        digits(&after)
        index = after
      }
    }
    let shown = String(characters[start..<index])
    guard let value = Double(shown), value.isFinite else {
      throw ExpressionError(expression: text, column: start + 1, message: "\(shown) is not a number in range")
    }
    return value
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
