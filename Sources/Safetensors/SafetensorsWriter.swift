import WorldCore

/// A tensor to be written: a name, a form and its bytes.
public struct NamedTensor: Sendable, Equatable {
  public var name: String
  public var element: ElementType
  public var shape: [Int]
  /// Row by row, little-endian.
  public var bytes: [UInt8]

  public init(_ name: String, element: ElementType, shape: [Int], bytes: [UInt8]) {
    self.name = name
    self.element = element
    self.shape = shape
    self.bytes = bytes
  }

  public init<Element: SafetensorsElement>(_ name: String, shape: [Int], _ elements: [Element]) {
    self.init(name, element: Element.elementType, shape: shape, bytes: elements.withUnsafeBytes { Array($0) })
  }
}

extension SafetensorsFile {
  /// Writes the tensors to a file, whole or not at all.
  ///
  /// The same tensors and metadata give the same bytes, in whatever order they come: larger elements first and then by name, as
  /// the format's own writers do, so that every tensor is aligned to its elements; the data starts at a multiple of 8.
  /// Throws `unwritable` for a name twice or a shape that doesn't fit its bytes, `inaccessible` where the system refuses.
  public static func write(
    _ tensors: [NamedTensor], metadata: [String: String] = [:], to path: String
  ) throws(SafetensorsError) {
    let sorted = try arranged(tensors, path: path)
    do throws(FileError) {
      let file = try AtomicFile(path: path)
      try file.write(header(of: described(sorted), metadata: metadata))
      for tensor in sorted { try file.write(tensor.bytes) }
      try file.commit()
    } catch { throw .inaccessible(path: path, reason: "cannot \(error.operation.rawValue) the file: \(error.reason)") }
  }

  /// The bytes that `write` would put into a file.
  public static func encode(_ tensors: [NamedTensor], metadata: [String: String] = [:]) throws(SafetensorsError) -> [UInt8] {
    let sorted = try arranged(tensors, path: "safetensors data")
    return sorted.reduce(into: header(of: described(sorted), metadata: metadata)) { $0 += $1.bytes }
  }

  private static func arranged(_ tensors: [NamedTensor], path: String) throws(SafetensorsError) -> [NamedTensor] {
    var names: Set<String> = []
    for tensor in tensors {
      guard tensor.name != "__metadata__", names.insert(tensor.name).inserted else {
        throw .unwritable(path: path, problem: "the name '\(tensor.name)' is taken")
      }
      guard tensor.shape.allSatisfy({ $0 >= 0 }), byteCount(of: tensor.shape, tensor.element) == tensor.bytes.count else {
        throw .unwritable(
          path: path,
          problem: "'\(tensor.name)' has \(tensor.bytes.count) bytes, which its shape \(tensor.shape) of "
            + "\(tensor.element.rawValue) does not need")
      }
    }
    let rank = Dictionary(uniqueKeysWithValues: ElementType.allCases.enumerated().map { ($1, $0) })
    return tensors.sorted { a, b in
      let (rankA, rankB) = (rank[a.element] ?? 0, rank[b.element] ?? 0)
      // By bytes, not by characters, whose order depends on Unicode's version.
      return rankA != rankB ? rankA > rankB : a.name.utf8.lexicographicallyPrecedes(b.name.utf8)
    }
  }

  /// The tensors one behind the other.
  private static func described(_ tensors: [NamedTensor]) -> [TensorDescription] {
    var offset = 0
    return tensors.map { tensor in
      defer { offset += tensor.bytes.count }
      return TensorDescription(
        name: tensor.name, element: tensor.element, shape: tensor.shape, byteRange: offset..<offset + tensor.bytes.count)
    }
  }

  /// The file's bytes before its data.
  static func header(of tensors: [TensorDescription], metadata: [String: String]) -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let keys = metadata.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      let pairs = keys.map { "\(quoted($0)):\(quoted(metadata[$0] ?? ""))" }
      members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    for tensor in tensors {
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      let (start, end) = (tensor.byteRange.lowerBound, tensor.byteRange.upperBound)
      members.append(
        "\(quoted(tensor.name)):{\"dtype\":\"\(tensor.element.rawValue)\",\"shape\":[\(shape)],\"data_offsets\":[\(start),\(end)]}"
      )
    }
    var json = Array("{\(members.joined(separator: ","))}".utf8)
    json += [UInt8](repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8)
    return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Array($0) } + json
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case "\u{8}": quoted += "\\b"
      case "\u{c}": quoted += "\\f"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
