import Foundation
internal import Safetensors

/// A safetensors file of known layout that is filled a slice at a time, and appears under its name when it is full.
final class TensorFile {
  let path: String
  private let layout: SafetensorsLayout
  private let file: AtomicFile
  private let descriptor: Int32
  private let start: Int
  /// Bytes written so far, by tensor.
  private var filled: [String: Int] = [:]

  init(path: String, layout: SafetensorsLayout) throws {
    self.path = path
    self.layout = layout
    file = try AtomicFile(path: path)
    let header = layout.header
    start = header.count
    // Tensors grow side by side, so each write says its place.
    descriptor = open(file.temporaryPath, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.error(path) }
    try header.withUnsafeBytes { bytes in try write(bytes, at: 0) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Appends the next slice of a tensor. Elements are plain numbers, or vectors without padding.
  func append<Element>(_ slice: [Element]?, to name: String) throws {
    guard let slice, let tensor = layout.tensors.first(where: { $0.name == name }) else {
      preconditionFailure("'\(name)' is missing from the frame or from the file's layout")
    }
    let done = filled[name, default: 0]
    let size = MemoryLayout<Element>.stride * slice.count
    precondition(done + size <= tensor.byteCount, "the slices of '\(name)' are larger than its shape")
    try slice.withUnsafeBytes { bytes in try write(bytes, at: start + tensor.offset + done) }
    filled[name] = done + size
  }

  func finish() throws {
    for tensor in layout.tensors {
      precondition(filled[tensor.name, default: 0] == tensor.byteCount, "'\(tensor.name)' is not full")
    }
    try file.commit()
  }

  private func write(_ bytes: UnsafeRawBufferPointer, at place: Int) throws {
    var done = 0
    while done < bytes.count {
      let written = pwrite(descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(place + done))
      if written >= 0 { done += written } else if errno != EINTR { throw Self.error(path) }
    }
  }

  private static func error(_ path: String) -> FileError {
    FileError(.write, path: path, reason: String(cString: strerror(errno)), remedy: "check the path and the space on its disk")
  }
}
