/// Writes JSON text piece by piece into a sink and holds no more than one block of it.
///
/// Numbers are the shortest decimals that read back to the same bits, so the same values give the same bytes.
struct JSONWriter {
  /// Takes each block of bytes in order.
  typealias Sink = ([UInt8]) throws -> Void

  private static let blockSize = 1 << 20

  private let sink: Sink
  private var block: [UInt8] = []

  init(to sink: @escaping Sink) {
    self.sink = sink
    block.reserveCapacity(Self.blockSize + 4096)
  }

  /// Hands the last, partly filled block to the sink.
  mutating func finish() throws {
    if !block.isEmpty { try sink(block) }
    block.removeAll()
  }

  // MARK: Values

  /// Text that is JSON already: brackets, separators, keys.
  mutating func raw(_ text: StaticString) {
    text.withUTF8Buffer { block.append(contentsOf: $0) }
  }

  mutating func string(_ text: String) {
    block.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        block.append(UInt8(ascii: "\\"))
        block.append(byte)
      case 0..<0x20:
        let digits = Array("0123456789abcdef".utf8)
        block.append(contentsOf: Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]])
      default:
        block.append(byte)
      }
    }
    block.append(UInt8(ascii: "\""))
  }

  mutating func integer(_ value: UInt64) { block.append(contentsOf: String(value).utf8) }

  /// A finite number. Swift's `description` is the shortest decimal that reads back exactly, and valid JSON.
  mutating func number(_ value: Double) {
    var text = value.description
    text.withUTF8 { block.append(contentsOf: $0) }
  }

  mutating func vector(_ v: SIMD3<Double>) {
    raw("[")
    number(v.x)
    raw(",")
    number(v.y)
    raw(",")
    number(v.z)
    raw("]")
  }

  // MARK: Sequences

  /// `[a,b,c]`, each element written by `write`; full blocks go to the sink between elements.
  mutating func array<Elements: Collection>(
    _ elements: Elements, separator: StaticString = ",", _ write: (inout JSONWriter, Elements.Element) throws -> Void
  ) throws {
    raw("[")
    var first = true
    for element in elements {
      if !first { raw(separator) }
      first = false
      try write(&self, element)
      if block.count >= Self.blockSize { try flush() }
    }
    raw("]")
  }

  private mutating func flush() throws {
    try sink(block)
    block.removeAll(keepingCapacity: true)
  }
}
