import Foundation

/// A form as browsers send it (RFC 7578): texts and files in parts.
struct MultipartForm {
  private let boundary = "mondo-\(UUID().uuidString)"
  private var parts = Data()

  var contentType: String { "multipart/form-data; boundary=\(boundary)" }

  var body: Data { parts + Data("--\(boundary)--\r\n".utf8) }

  mutating func add(_ name: String, _ text: String) {
    parts += Data("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(text)\r\n".utf8)
  }

  mutating func add(_ name: String, file: String, type: String, _ bytes: [UInt8]) {
    let head =
      "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"; filename=\"\(file)\"\r\nContent-Type: \(type)\r\n\r\n"
    parts += Data(head.utf8) + Data(bytes) + Data("\r\n".utf8)
  }
}
