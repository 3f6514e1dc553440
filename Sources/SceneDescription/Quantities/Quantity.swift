import Foundation

/// A number with what it measures, in SI.
struct Quantity: Equatable {
  var value: Double
  /// nil where the text gave no unit: a bare number is in SI of whatever is expected.
  var dimension: Dimension?

  enum ParseError: Error, Equatable {
    /// There is no number at the start; with a hint where the reason is known.
    case notANumber(hint: String?)
    case unknownUnit(String)
    /// The part of the unit that makes no sense.
    case malformedUnit(String)
  }

  /// Reads `12 cm`, `-3`, `.5`, `2 g/cm^3`, `1.5 kg·m²/s`; the minus sign of print (U+2212), which answers have, counts as one.
  ///
  /// ```
  /// quantity = number [unit]
  /// unit     = factor { ("*" | "·" | " " | "/") factor }
  /// factor   = (symbol | "1" | "(" unit ")") ["^" integer | "²" | "³"]
  /// ```
  /// `/` binds one factor: `N/m*s` is (N/m)·s, as read from the left.
  static func parse(_ text: String) throws(ParseError) -> Quantity {
    let trimmed = text.trimmingCharacters(in: .whitespaces).replacing("\u{2212}", with: "-")
    let (number, rest) = splitNumber(trimmed)
    guard let value = Double(number.hasSuffix(".") ? number + "0" : number), !number.isEmpty else {
      throw .notANumber(hint: hint(for: trimmed))
    }
    let unitText = rest.trimmingCharacters(in: .whitespaces)
    if unitText.isEmpty { return Quantity(value: value, dimension: nil) }
    // What goes on like `1:30`, `1,5`, `1_000` or `0x1F` is a number of another notation rather than one with a unit.
    if ",:_×*/xXob".contains(rest.first!), let hint = hint(for: trimmed) { throw .notANumber(hint: hint) }
    var parser = UnitParser(unitText)
    let unit = try parser.parseWhole()
    return Quantity(value: value * unit.factor, dimension: unit.dimension)
  }

  /// The longest number that `text` starts with: sign, digits with a point, exponent. And what follows it.
  private static func splitNumber(_ text: String) -> (number: String, rest: String) {
    let scalars = Array(text.unicodeScalars)
    func isDigit(_ i: Int) -> Bool { i < scalars.count && ("0"..."9").contains(scalars[i]) }
    var end = 0
    if end < scalars.count, scalars[end] == "+" || scalars[end] == "-" { end += 1 }
    let mantissa = end
    while isDigit(end) { end += 1 }
    var digits = end - mantissa
    if end < scalars.count, scalars[end] == ".", digits > 0 || isDigit(end + 1) {
      end += 1
      let fraction = end
      while isDigit(end) { end += 1 }
      digits += end - fraction
    }
    guard digits > 0 else { return ("", text) }
    // An `e` is an exponent only with digits behind it.
    if end < scalars.count, scalars[end] == "e" || scalars[end] == "E" {
      let sign = end + 1 < scalars.count && (scalars[end + 1] == "+" || scalars[end + 1] == "-") ? 1 : 0
      if isDigit(end + 1 + sign) {
        end += 1 + sign
        while isDigit(end) { end += 1 }
      }
    }
    func string(_ part: ArraySlice<Unicode.Scalar>) -> String { String(String.UnicodeScalarView(part)) }
    return (string(scalars[..<end]), string(scalars[end...]))
  }

  /// Why something that looks like a number is none.
  private static func hint(for text: String) -> String? {
    if text.contains(/^[-+]?\.(inf|Inf|INF)$/) || text.contains(/^\.(nan|NaN|NAN)$/)
      || ["nan", "inf", "-inf", "+inf", "infinity"].contains(text.lowercased())
    {
      return "numbers are finite here"
    }
    if text.contains(/^[-+]?[0-9]+(:[0-9]+)+$/) {
      return "YAML 1.2 has no base 60: write seconds, minutes or degrees with a unit"
    }
    if text.contains(/^[-+]?[0-9]+,[0-9]+/) { return "write the decimal point as '.': '\(text.replacing(",", with: "."))'" }
    if text.contains(/^[-+]?[0-9]+_[0-9_]+/) { return "write it without '_'" }
    if text.contains(/^[-+]?0[xob][0-9A-Fa-f]+$/) { return "write it in decimal digits" }
    if text.contains(/^[-+]?[0-9.]+\s*[×xX*]\s*10/) { return "write powers of ten as in 1.5e3" }
    if text.contains(/^[0-9.]+\s*\/\s*[0-9.]+/) { return "write the quotient as a decimal number" }
    return nil
  }
}

/// Reads a unit from the left.
private struct UnitParser {
  private var rest: Substring
  private let text: String

  init(_ text: String) {
    // Other signs for the same, so that the grammar sees one of each.
    self.text = text.replacing("·", with: "*").replacing("⋅", with: "*").replacing("²", with: "^2").replacing("³", with: "^3")
    rest = self.text[...]
  }

  mutating func parseWhole() throws(Quantity.ParseError) -> MeasurementUnit {
    guard text.count <= 64 else { throw .malformedUnit(String(text.prefix(20)) + "…") }
    let unit = try parseProduct(depth: 0)
    guard rest.isEmpty else { throw .malformedUnit(String(rest)) }
    return unit
  }

  private mutating func parseProduct(depth: Int) throws(Quantity.ParseError) -> MeasurementUnit {
    var product = try parseFactor(depth: depth)
    while true {
      skipSpaces()
      guard let next = rest.first, next != ")" else { return product }
      let divides = next == "/"
      if next == "/" || next == "*" { rest = rest.dropFirst() }
      let factor = try parseFactor(depth: depth)
      product.factor = divides ? product.factor / factor.factor : product.factor * factor.factor
      product.dimension = product.dimension * factor.dimension.power(divides ? -1 : 1)
    }
  }

  private mutating func parseFactor(depth: Int) throws(Quantity.ParseError) -> MeasurementUnit {
    skipSpaces()
    var unit: MeasurementUnit
    if rest.first == "(" && depth < 4 {
      rest = rest.dropFirst()
      unit = try parseProduct(depth: depth + 1)
      guard rest.first == ")" else { throw .malformedUnit(text) }
      rest = rest.dropFirst()
    } else if rest.first == "1" {
      rest = rest.dropFirst()
      unit = MeasurementUnit(factor: 1, dimension: .none)
    } else {
      var symbol = rest.prefix { $0.isLetter || $0 == "°" || $0 == "%" }
      if symbol == "g", rest.dropFirst().first == "0" { symbol = rest.prefix(2) }
      guard !symbol.isEmpty else { throw .malformedUnit(rest.isEmpty ? text : String(rest)) }
      rest = rest[symbol.endIndex...]
      guard let named = MeasurementUnit.named(String(symbol)) else { throw .unknownUnit(String(symbol)) }
      unit = named
    }
    guard rest.first == "^" else { return unit }
    rest = rest.dropFirst()
    let digits = rest.prefix { $0.isNumber || $0 == "-" || $0 == "+" }
    guard let power = Int(digits), (-6...6).contains(power), power != 0 else { throw .malformedUnit("^" + rest) }
    rest = rest[digits.endIndex...]
    return MeasurementUnit(factor: pow(unit.factor, Double(power)), dimension: unit.dimension.power(power))
  }

  private mutating func skipSpaces() { rest = rest.drop { $0 == " " } }
}
