import Foundation

/// Where each tensor of a safetensors file lies, known before the first of its numbers is.
///
/// The format: the header's length in 8 bytes (little-endian), the header in JSON, then the tensors' bytes one after the other
/// (github.com/huggingface/safetensors, README "Format").
public struct SafetensorsLayout: Sendable, Equatable {
  /// The format's names for element types.
  public enum ElementType: String, Sendable, CaseIterable {
    case float64 = "F64", float32 = "F32", float16 = "F16", bfloat16 = "BF16"
    case int64 = "I64", int32 = "I32", int16 = "I16", int8 = "I8"
    case uint64 = "U64", uint32 = "U32", uint16 = "U16", uint8 = "U8", bool = "BOOL"

    /// Bytes of one element.
    public var size: Int {
      switch self {
      case .float64, .int64, .uint64: 8
      case .float32, .int32, .uint32: 4
      case .float16, .bfloat16, .int16, .uint16: 2
      case .int8, .uint8, .bool: 1
      }
    }
  }

  /// One array and its place.
  public struct Tensor: Sendable, Equatable {
    public var name: String
    public var type: ElementType
    /// Slowest dimension first.
    public var shape: [Int]
    /// Of its first byte behind the header.
    public fileprivate(set) var offset = 0

    public init(_ name: String, _ type: ElementType, shape: [Int]) {
      self.name = name
      self.type = type
      self.shape = shape
    }

    public var byteCount: Int { shape.reduce(type.size, *) }
  }

  public private(set) var tensors: [Tensor]
  /// Text by key, kept in the header.
  public let metadata: [String: String]

  /// - Parameter tensors: in the order in which they lie in the file; their names are unique.
  public init(_ tensors: [Tensor], metadata: [String: String] = [:]) {
    precondition(Set(tensors.map(\.name)).count == tensors.count, "tensors of one file have different names")
    self.tensors = tensors
    self.metadata = metadata
    var offset = 0
    for i in tensors.indices {
      self.tensors[i].offset = offset
      offset += tensors[i].byteCount
    }
  }

  /// The file's first bytes, up to the first tensor's; padded with spaces so that tensors lie on multiples of 8.
  public var header: [UInt8] {
    var entries: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(Self.quoted($0.key)):\(Self.quoted($0.value))" }
      entries.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    for tensor in tensors {
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      let end = tensor.offset + tensor.byteCount
      entries.append(
        "\(Self.quoted(tensor.name)):{\"dtype\":\"\(tensor.type.rawValue)\",\"shape\":[\(shape)],\"data_offsets\":[\(tensor.offset),\(end)]}")
    }
    var text = Array("{\(entries.joined(separator: ","))}".utf8)
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
  }

  private static func quoted(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    // A string always encodes.
    return String(decoding: (try? encoder.encode(text)) ?? Data("\"\"".utf8), as: UTF8.self)
  }
}
