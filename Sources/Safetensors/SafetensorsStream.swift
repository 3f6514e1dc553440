import Foundation
public import WorldCore

/// Writes a safetensors file of known shapes whose tensors grow slice by slice, side by side: arrays over the frames of a clip.
///
/// No more than a slice is held. The file appears under its name when `finish()` returns, and not before.
public final class SafetensorsStream {
  public let path: String
  private let tensors: [TensorDescription]
  private let file: AtomicFile
  private let descriptor: Int32
  private let dataStart: Int
  /// Bytes written so far, by tensor.
  private var filled: [String: Int] = [:]

  /// A tensor to come.
  public struct Plan: Sendable, Equatable {
    public var name: String
    public var element: ElementType
    /// Slices run along the first dimension.
    public var shape: [Int]

    public init(_ name: String, _ element: ElementType, shape: [Int]) {
      self.name = name
      self.element = element
      self.shape = shape
    }
  }

  /// - Parameter plans: in the order of the file; names differ, and larger elements come first, so that each tensor is aligned.
  public init(_ plans: [Plan], metadata: [String: String] = [:], to path: String) throws(FileError) {
    precondition(Set(plans.map(\.name)).count == plans.count, "tensors of one file have different names")
    self.path = path
    var offset = 0
    tensors = plans.map { plan in
      let size = plan.shape.reduce(plan.element.byteCount, *)
      defer { offset += size }
      return TensorDescription(name: plan.name, element: plan.element, shape: plan.shape, byteRange: offset..<offset + size)
    }
    file = try AtomicFile(path: path)
    let header = SafetensorsFile.header(of: tensors, metadata: metadata)
    dataStart = header.count
    // Tensors grow side by side, so each write says its place.
    descriptor = open(file.temporaryPath, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.failure(path) }
    try write(header, at: 0)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Appends the next slice of a tensor: plain numbers, or vectors of them without padding.
  public func append<Element: BitwiseCopyable>(_ slice: [Element], to name: String) throws(FileError) {
    guard let tensor = tensors.first(where: { $0.name == name }) else {
      preconditionFailure("'\(name)' is not among the tensors that were planned")
    }
    let done = filled[name, default: 0]
    let size = MemoryLayout<Element>.stride * slice.count
    precondition(done + size <= tensor.byteRange.count, "the slices of '\(name)' are larger than its shape")
    try write(slice, at: dataStart + tensor.byteRange.lowerBound + done)
    filled[name] = done + size
  }

  /// Puts the file under its name; every tensor must be full.
  public func finish() throws(FileError) {
    for tensor in tensors {
      precondition(filled[tensor.name, default: 0] == tensor.byteRange.count, "'\(tensor.name)' is not full")
    }
    try file.commit()
  }

  private func write<Element: BitwiseCopyable>(_ elements: [Element], at place: Int) throws(FileError) {
    let failed = elements.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let written = pwrite(descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(place + done))
        if written >= 0 { done += written } else if errno != EINTR { return true }
      }
      return false
    }
    if failed { throw Self.failure(path) }
  }

  private static func failure(_ path: String) -> FileError {
    FileError(.write, path: path, reason: String(cString: strerror(errno)), remedy: "check the path and the space on its disk")
  }
}
