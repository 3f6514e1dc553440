public import Foundation

/// Why bytes are not a safetensors file.
public struct SafetensorsError: Error, Equatable, CustomStringConvertible {
  /// What is wrong, in a sentence without its full stop.
  public var description: String

  public init(_ description: String) { self.description = description }
}

extension SafetensorsLayout {
  /// The format's own limit for a header, bytes.
  private static let headerLimit = 100_000_000

  /// Reads a file's header and checks it against the file's length.
  ///
  /// - Parameter file: the whole file, which may be mapped: only the header is touched.
  /// - Returns: the layout, and where in the file its first tensor lies.
  public static func reading(_ file: Data) throws(SafetensorsError) -> (layout: SafetensorsLayout, start: Int) {
    guard file.count >= 8 else { throw SafetensorsError("the file is too short for a safetensors header; it looks truncated") }
    let length = file.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(headerLimit) else { throw SafetensorsError("the header claims \(length) bytes; this is no safetensors file") }
    let start = 8 + Int(length)
    guard start <= file.count else {
      throw SafetensorsError("the header claims \(length) bytes and the file has \(file.count); it looks truncated")
    }
    let header: Header
    do {
      header = try JSONDecoder().decode(Header.self, from: file[file.startIndex + 8..<file.startIndex + start])
    } catch {
      throw SafetensorsError("the header is not what safetensors prescribe")
    }

    // Tensors in the order of their bytes, which must fill the file without gaps.
    let entries = header.tensors.sorted { ($0.value.data_offsets.first ?? 0, $0.key) < ($1.value.data_offsets.first ?? 0, $1.key) }
    var tensors: [Tensor] = []
    var end = 0
    for (name, entry) in entries {
      guard let type = ElementType(rawValue: entry.dtype) else {
        throw SafetensorsError("tensor '\(name)' has elements of an unknown type, \(entry.dtype)")
      }
      var size = type.size
      for extent in entry.shape {
        let (product, overflow) = size.multipliedReportingOverflow(by: extent)
        guard extent >= 0, !overflow else { throw SafetensorsError("tensor '\(name)' has an impossible shape, \(entry.shape)") }
        size = product
      }
      guard entry.data_offsets == [end, end + size] else {
        throw SafetensorsError("tensor '\(name)' of shape \(entry.shape) should lie at bytes \(end) to \(end + size), not \(entry.data_offsets)")
      }
      tensors.append(Tensor(name, type, shape: entry.shape))
      end += size
    }
    guard start + end == file.count else {
      let remedy = start + end > file.count ? "; it looks truncated" : ""
      throw SafetensorsError("the tensors take \(end) bytes and the file has \(file.count - start)\(remedy)")
    }
    return (SafetensorsLayout(tensors, metadata: header.metadata), start)
  }

  private struct Header: Decodable {
    var tensors: [String: Entry] = [:]
    var metadata: [String: String] = [:]

    struct Entry: Decodable {
      var dtype: String
      var shape: [Int]
      var data_offsets: [Int]
    }

    struct Key: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      for key in container.allKeys {
        if key.stringValue == "__metadata__" {
          metadata = try container.decode([String: String].self, forKey: key)
        } else {
          tensors[key.stringValue] = try container.decode(Entry.self, forKey: key)
        }
      }
    }
  }
}
