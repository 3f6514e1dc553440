public import Foundation

/// A tensor of a file: its name, its form, and where its bytes lie.
public struct TensorDescription: Sendable, Equatable {
  public var name: String
  public var element: ElementType
  /// Rows first; empty for a single number.
  public var shape: [Int]
  /// In the file's data, which starts behind the header.
  public var byteRange: Range<Int>
}

/// Named tensors in one file: 8 bytes of header length, a JSON header, then the data (huggingface/safetensors, format 0.x).
///
/// The file is mapped, not read: a tensor costs memory when its bytes are touched. Everything the header claims is checked
/// before, so that no header can lead outside the file. Don't cut a file short while it is mapped.
public final class SafetensorsFile: Sendable {
  public let path: String
  /// The header's `__metadata__`.
  public let metadata: [String: String]
  /// In the order of their data.
  public let tensors: [TensorDescription]

  private let indexByName: [String: Int]
  /// Owns the mapping; never written.
  private let contents: Data
  private let dataStart: Int

  /// As in the format's own readers.
  public static let largestHeader = 100_000_000

  public convenience init(path: String) throws(SafetensorsError) {
    let contents: Data
    do { contents = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped) } catch {
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      let reason = !exists ? "no such file" : isFolder.boolValue ? "it is a folder" : "the file cannot be read"
      throw .inaccessible(path: path, reason: reason)
    }
    try self.init(contents: contents, path: path)
  }

  /// Reads a file that is in memory already; `path` serves for messages.
  public init(contents: Data, path: String = "safetensors data") throws(SafetensorsError) {
    func malformed(_ problem: String) -> SafetensorsError { .malformed(path: path, problem: problem) }
    guard contents.count >= 8 else { throw malformed("it has \(contents.count) bytes and cannot hold a header") }
    let length = contents.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    guard length <= UInt64(Self.largestHeader) else {
      throw malformed("it claims a header of \(length) bytes; \(Self.largestHeader) is the most")
    }
    guard length <= UInt64(contents.count - 8) else {
      throw malformed("it claims a header of \(length) bytes and has \(contents.count) in all")
    }
    let start = 8 + Int(length)
    let headerBytes = contents.withUnsafeBytes { Array($0[8..<start]) }
    let header: HeaderParser.Header
    do throws(HeaderParser.Failure) { header = try HeaderParser.parse(headerBytes) } catch { throw malformed(error.problem) }

    // The tensors tile the data: no byte twice, none left over, each tensor as long as its shape says.
    let sorted = header.tensors.sorted { a, b in
      (a.byteRange.lowerBound, a.byteRange.upperBound) < (b.byteRange.lowerBound, b.byteRange.upperBound)
    }
    var end = 0
    for tensor in sorted {
      guard let bytes = Self.byteCount(of: tensor.shape, tensor.element) else {
        throw malformed("the shape of '\(tensor.name)' is too large")
      }
      guard tensor.byteRange.count == bytes else {
        throw malformed("'\(tensor.name)' has \(tensor.byteRange.count) bytes, its shape needs \(bytes)")
      }
      guard tensor.byteRange.lowerBound == end else {
        let what = tensor.byteRange.lowerBound < end ? "overlaps the tensor before it" : "leaves a gap before it"
        throw malformed("'\(tensor.name)' \(what)")
      }
      end = tensor.byteRange.upperBound
    }
    guard end == contents.count - start else {
      throw malformed("its tensors need \(end) bytes of data, it has \(contents.count - start)")
    }

    self.path = path
    metadata = header.metadata
    tensors = sorted
    indexByName = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1.name, $0) })
    self.contents = contents
    dataStart = start
  }

  /// nil where no tensor has that name.
  public subscript(name: String) -> TensorDescription? { indexByName[name].map { tensors[$0] } }

  /// Lends the tensor's bytes, row by row, little-endian, without copying. They needn't be aligned.
  public func withBytes<Result>(
    of name: String, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    guard let tensor = self[name] else { throw SafetensorsError.noTensor(path: path, name: name) }
    return try contents.withUnsafeBytes { raw in
      let range = dataStart + tensor.byteRange.lowerBound..<dataStart + tensor.byteRange.upperBound
      return try body(UnsafeRawBufferPointer(rebasing: raw[range]))
    }
  }

  /// The elements in row-major order. Throws `otherType` where they aren't of that type.
  public func elements<Element: SafetensorsElement>(
    of name: String, as type: Element.Type = Element.self
  ) throws(SafetensorsError) -> [Element] {
    guard let tensor = self[name] else { throw .noTensor(path: path, name: name) }
    guard tensor.element == Element.elementType else { throw .otherType(path: path, name: name, isOf: tensor.element) }
    let count = tensor.byteRange.count / tensor.element.byteCount
    let start = dataStart + tensor.byteRange.lowerBound
    return contents.withUnsafeBytes { raw in
      [Element](unsafeUninitializedCapacity: count) { elements, initialized in
        let own = UnsafeRawBufferPointer(rebasing: raw[start..<start + tensor.byteRange.count])
        UnsafeMutableRawBufferPointer(elements).copyMemory(from: own)
        initialized = count
      }
    }
  }

  /// nil on overflow.
  static func byteCount(of shape: [Int], _ element: ElementType) -> Int? {
    var count = element.byteCount
    for side in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: side)
      guard !overflow, product >= 0 else { return nil }
      count = product
    }
    return count
  }
}
