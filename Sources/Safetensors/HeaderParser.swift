/// Reads the JSON header, strictly: only what the format allows, each name once, no surprises in size or depth.
struct HeaderParser {
  struct Header: Equatable {
    var metadata: [String: String] = [:]
    var tensors: [TensorDescription] = []
  }

  struct Failure: Error {
    var problem: String
  }

  private let bytes: [UInt8]
  private var position = 0

  static func parse(_ bytes: [UInt8]) throws(Failure) -> Header {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw Failure(problem: "the header is not UTF-8") }
    guard bytes.first == UInt8(ascii: "{") else { throw Failure(problem: "the header does not start with '{'") }
    var parser = HeaderParser(bytes: bytes)
    let header = try parser.header()
    parser.skipSpace()
    guard parser.position == bytes.count else { throw parser.failure("something follows the header's last '}'") }
    return header
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func header() throws(Failure) -> Header {
    var header = Header()
    var names: Set<String> = []
    try object { (parser, name) throws(Failure) in
      guard names.insert(name).inserted else { throw Failure(problem: "the name '\(name)' appears twice") }
      if name == "__metadata__" {
        header.metadata = try parser.metadata()
      } else {
        header.tensors.append(try parser.tensor(name))
      }
    }
    return header
  }

  private mutating func metadata() throws(Failure) -> [String: String] {
    var metadata: [String: String] = [:]
    try object { (parser, key) throws(Failure) in
      guard metadata.updateValue(try parser.string(), forKey: key) == nil else {
        throw Failure(problem: "the metadata key '\(key)' appears twice")
      }
    }
    return metadata
  }

  private mutating func tensor(_ name: String) throws(Failure) -> TensorDescription {
    var element: ElementType?
    var shape: [Int]?
    var offsets: [Int]?
    try object { (parser, key) throws(Failure) in
      switch key {
      case "dtype" where element == nil:
        let word = try parser.string()
        element = ElementType(rawValue: word)
        if element == nil { throw Failure(problem: "'\(name)' is of the type '\(word)', which is not supported") }
      case "shape" where shape == nil: shape = try parser.integers()
      case "data_offsets" where offsets == nil: offsets = try parser.integers()
      default: throw Failure(problem: "'\(name)' has an unknown or repeated key '\(key)'")
      }
    }
    guard let element, let shape, let offsets, offsets.count == 2 else {
      throw Failure(problem: "'\(name)' lacks its dtype, its shape or its two data_offsets")
    }
    guard offsets[0] <= offsets[1] else { throw Failure(problem: "'\(name)' ends before it starts") }
    return TensorDescription(name: name, element: element, shape: shape, byteRange: offsets[0]..<offsets[1])
  }

  // MARK: JSON

  private mutating func object(
    _ member: (inout HeaderParser, String) throws(Failure) -> Void
  ) throws(Failure) {
    try expect("{")
    if take("}") { return }
    repeat {
      let key = try string()
      try expect(":")
      try member(&self, key)
    } while take(",")
    try expect("}")
  }

  private mutating func integers() throws(Failure) -> [Int] {
    try expect("[")
    if take("]") { return [] }
    var values: [Int] = []
    repeat { values.append(try integer()) } while take(",")
    try expect("]")
    return values
  }

  private mutating func integer() throws(Failure) -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
      let (tens, overflowTens) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflowSum) = tens.addingReportingOverflow(Int(bytes[position] - UInt8(ascii: "0")))
      guard !overflowTens, !overflowSum else { throw failure("a number is too large") }
      value = sum
      position += 1
    }
    let isPadded = position - start > 1 && bytes[start] == UInt8(ascii: "0")
    guard position > start, !isPadded else { throw failure("a whole number without sign is missing") }
    return value
  }

  private mutating func string() throws(Failure) -> String {
    try expect("\"")
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      // The whole header is valid UTF-8, and escapes add only whole characters.
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text += try escape()
      case 0..<0x20: throw failure("a control character stands bare in a string")
      default: text.append(byte)
      }
    }
    throw failure("a string does not end")
  }

  private mutating func escape() throws(Failure) -> [UInt8] {
    guard position < bytes.count else { throw failure("a string does not end") }
    let kind = bytes[position]
    position += 1
    switch kind {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [kind]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "u"):
      var code = try fourHexDigits()
      if (0xd800..<0xdc00).contains(code), position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
        bytes[position + 1] == UInt8(ascii: "u")
      {
        position += 2
        let low = try fourHexDigits()
        guard (0xdc00..<0xe000).contains(low) else { throw failure("half a character is escaped") }
        code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw failure("half a character is escaped") }
      return Array(String(scalar).utf8)
    default: throw failure("an unknown escape in a string")
    }
  }

  private mutating func fourHexDigits() throws(Failure) -> UInt32 {
    guard position + 4 <= bytes.count else { throw failure("a string does not end") }
    var value: UInt32 = 0
    for byte in bytes[position..<position + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw failure("an unknown escape in a string") }
      value = value << 4 | UInt32(digit)
    }
    position += 4
    return value
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(Failure) {
    guard take(character) else { throw failure("'\(character)' is missing") }
  }

  private func failure(_ problem: String) -> Failure { Failure(problem: "\(problem), at byte \(position) of the header") }
}
