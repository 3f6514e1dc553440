import Foundation
import WorldCore

/// A pull parser for JSON (RFC 8259) over bytes in memory, for documents that are mostly numbers.
///
/// It never builds a tree: the caller asks for what it expects next, and unexpected text throws an error that says where it
/// stands (line, column) and in which value (`bodies[2].positions[17]`).
struct JSONReader {
  /// Nesting below the document's root that is still followed.
  static let depthLimit = 64

  private let file: String
  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0
  private var path: [String] = []

  init(_ bytes: UnsafeBufferPointer<UInt8>, file: String) {
    self.bytes = bytes
    self.file = file
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { index = 3 }
  }

  // MARK: Values

  /// Calls `member` for each key with the reader standing at its value, which `member` must take.
  mutating func object(_ member: (inout JSONReader, String) throws -> Void) throws {
    try open(UInt8(ascii: "{"), "an object")
    var keys: Set<String> = []
    if try closes(UInt8(ascii: "}")) { return }
    repeat {
      skipSpace()
      let start = index
      let key = try string()
      path.append(path.isEmpty ? key : "." + key)
      guard keys.insert(key).inserted else { throw error("the key appears twice", at: start) }
      try expect(UInt8(ascii: ":"), "':' after the key")
      try member(&self, key)
      path.removeLast()
    } while try continues(UInt8(ascii: "}"))
  }

  /// Calls `element` with the reader standing at each element in turn, which `element` must take.
  mutating func array(_ element: (inout JSONReader, Int) throws -> Void) throws {
    try open(UInt8(ascii: "["), "an array")
    if try closes(UInt8(ascii: "]")) { return }
    var count = 0
    repeat {
      path.append("[\(count)]")
      try element(&self, count)
      path.removeLast()
      count += 1
    } while try continues(UInt8(ascii: "]"))
  }

  mutating func string() throws -> String {
    skipSpace()
    let start = index
    guard peek == UInt8(ascii: "\"") else { throw unexpected("a string") }
    index += 1
    while let byte = peek, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw error("a control character stands unescaped in a string", at: index) }
      index += byte == UInt8(ascii: "\\") ? 2 : 1
    }
    guard index < bytes.count else { throw error("the string that starts here never ends", at: start) }
    index += 1
    let body = UnsafeBufferPointer(rebasing: bytes[start + 1..<index - 1])
    if !body.contains(UInt8(ascii: "\\")), let text = String(validating: body, as: UTF8.self) { return text }
    // Escapes are rare; Foundation decodes them, and refuses what is malformed.
    guard let text = try? JSONDecoder().decode(String.self, from: Data(bytes[start..<index])) else {
      throw error("the string has a malformed escape or is not UTF-8", at: start)
    }
    return text
  }

  mutating func number() throws -> Double {
    skipSpace()
    let start = index
    var mantissa: UInt64 = 0
    var digits = 0
    var exponent = 0

    // Grammar: an optional minus, digits without a leading zero, an optional fraction, an optional exponent.
    let negative = take(UInt8(ascii: "-"))
    let leading = index
    while let digit = digit {
      if digits < 19 { mantissa = mantissa * 10 + digit } else { exponent += 1 }
      digits += mantissa == 0 ? 0 : 1
      index += 1
    }
    guard index > leading else {
      index = start
      throw unexpected("a number")
    }
    if bytes[leading] == UInt8(ascii: "0") && index - leading > 1 { throw error("a number has a leading zero", at: start) }
    if take(UInt8(ascii: ".")) {
      let fraction = index
      while let digit = digit {
        if digits < 19 {
          mantissa = mantissa * 10 + digit
          exponent -= 1
        }
        digits += mantissa == 0 ? 0 : 1
        index += 1
      }
      guard index > fraction else { throw error("a number has no digits after its point", at: start) }
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      let minus = take(UInt8(ascii: "-"))
      if !minus { _ = take(UInt8(ascii: "+")) }
      let first = index
      var power = 0
      while let digit = digit {
        power = min(power * 10 + Int(digit), 100_000)
        index += 1
      }
      guard index > first else { throw error("a number has no digits in its exponent", at: start) }
      exponent += minus ? -power : power
    }

    // Clinger 1990: whole numbers and powers of ten that a Double holds exactly make one correctly rounded operation.
    if digits <= 19, mantissa <= 1 << 53, abs(exponent) <= 22 {
      let scaled = exponent < 0 ? Double(mantissa) / Self.tens[-exponent] : Double(mantissa) * Self.tens[exponent]
      return negative ? -scaled : scaled
    }
    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<index]), as: UTF8.self)
    guard let value = Double(text), value.isFinite else { throw error("\(text) is beyond the range of a number", at: start) }
    return value
  }

  /// A whole number of 64 bits without sign, such as a seed, which a Double would round.
  mutating func unsigned() throws -> UInt64 {
    skipSpace()
    let start = index
    while digit != nil { index += 1 }
    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<index]), as: UTF8.self)
    guard let value = UInt64(text) else {
      index = start
      throw unexpected("a whole number from 0 to \(UInt64.max)")
    }
    return value
  }

  /// `[x, y, …]` of exactly `count` numbers.
  mutating func numbers(exactly count: Int) throws -> SIMD4<Double> {
    skipSpace()
    let start = index
    try open(UInt8(ascii: "["), "an array of \(count) numbers")
    var result = SIMD4<Double>.zero
    for i in 0..<count {
      result[i] = try number()
      guard try continues(UInt8(ascii: "]")) == (i < count - 1) else {
        throw error("expected an array of \(count) numbers", at: start)
      }
    }
    return result
  }

  mutating func vector() throws -> Vector3 {
    let v = try numbers(exactly: 3)
    return Vector3(v.x, v.y, v.z)
  }

  /// Passes over a value of any kind, checking only that it is JSON.
  mutating func skipValue(depth: Int = 0) throws {
    skipSpace()
    guard depth < Self.depthLimit else { throw error("values nest more than \(Self.depthLimit) deep", at: index) }
    switch peek {
    case UInt8(ascii: "{"): try object { reader, _ in try reader.skipValue(depth: depth + 1) }
    case UInt8(ascii: "["): try array { reader, _ in try reader.skipValue(depth: depth + 1) }
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"): try word("true")
    case UInt8(ascii: "f"): try word("false")
    case UInt8(ascii: "n"): try word("null")
    default: _ = try number()
    }
  }

  /// Checks that nothing but space follows the document.
  mutating func end() throws {
    skipSpace()
    if index < bytes.count { throw error("text follows the end of the document", at: index) }
  }

  // MARK: Errors

  /// An error about the value that the reader stands at or has just taken.
  func error(_ message: String) -> TrajectoryFileError { error(message, at: index) }

  /// The position of the next value, for a later error about it.
  mutating func mark() -> Int {
    skipSpace()
    return index
  }

  func error(_ message: String, at place: Int) -> TrajectoryFileError {
    let before = bytes[..<min(place, bytes.count)]
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    // Columns count characters; continuation bytes of UTF-8 start none.
    let column = before[lineStart...].count { $0 & 0xc0 != 0x80 } + 1
    return TrajectoryFileError(
      file: file, location: SourceLocation(file: file, line: line, column: column), path: path.joined(), message: message)
  }

  private func unexpected(_ wanted: String) -> TrajectoryFileError {
    guard let byte = peek else { return error("the document ends where \(wanted) should stand; it looks truncated", at: index) }
    let shown = byte < 0x80 && byte >= 0x20 ? "'\(Character(UnicodeScalar(byte)))'" : "byte 0x" + String(byte, radix: 16)
    return error("expected \(wanted), found \(shown)", at: index)
  }

  // MARK: Bytes

  private static let tens: [Double] = (0...22).map { Double("1e\($0)")! }

  private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

  private var digit: UInt64? {
    guard let byte = peek, byte >= 0x30, byte <= 0x39 else { return nil }
    return UInt64(byte - 0x30)
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    index += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { index += 1 }
  }

  private mutating func open(_ bracket: UInt8, _ what: String) throws {
    skipSpace()
    guard take(bracket) else { throw unexpected(what) }
  }

  private mutating func closes(_ bracket: UInt8) throws -> Bool {
    skipSpace()
    return take(bracket)
  }

  /// After an element: true at a comma, false at the closing bracket.
  private mutating func continues(_ bracket: UInt8) throws -> Bool {
    skipSpace()
    if take(UInt8(ascii: ",")) { return true }
    if take(bracket) { return false }
    throw unexpected("',' or '\(Character(UnicodeScalar(bracket)))'")
  }

  private mutating func expect(_ byte: UInt8, _ what: String) throws {
    skipSpace()
    guard take(byte) else { throw unexpected(what) }
  }

  private mutating func word(_ text: StaticString) throws {
    let start = index
    for byte in UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount) where !take(byte) {
      index = start
      throw unexpected("a value")
    }
  }
}
