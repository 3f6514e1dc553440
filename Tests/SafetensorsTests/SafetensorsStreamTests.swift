import Foundation
import Safetensors
import Testing

@Suite("Streamed safetensors") struct SafetensorsStreamTests {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("stream-\(UUID().uuidString).safetensors").path

  @Test("tensors that grow side by side read back whole; the file appears at the end")
  func sideBySide() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let stream = try SafetensorsStream(
      [.init("flow", .float32, shape: [3, 2, 2]), .init("ids", .uint16, shape: [3, 2])], metadata: ["unit": "px"], to: path)
    for k in 0..<3 {
      #expect(!FileManager.default.fileExists(atPath: path))
      try stream.append([SIMD2(Float(k), 0.5), SIMD2(-Float(k), 0.25)], to: "flow")
      try stream.append([UInt16(k), 65535], to: "ids")
    }
    try stream.finish()
    let file = try SafetensorsFile(path: path)
    #expect(file.metadata == ["unit": "px"] && file["flow"]?.shape == [3, 2, 2])
    #expect(try file.elements(of: "flow", as: Float.self) == [0, 0.5, 0, 0.25, 1, 0.5, -1, 0.25, 2, 0.5, -2, 0.25])
    #expect(try file.elements(of: "ids", as: UInt16.self) == [0, 65535, 1, 65535, 2, 65535])
  }

  @Test("a stream that goes away unfinished leaves nothing")
  func abandoned() throws {
    do {
      let stream = try SafetensorsStream([.init("a", .float64, shape: [2])], to: path)
      try stream.append([1.0], to: "a")
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
