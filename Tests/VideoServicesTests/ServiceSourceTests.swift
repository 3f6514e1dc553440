import Foundation
import Mondo
import Testing

/// A suite's clip from a server: asked for once, however often the work is cut off.
@Suite("Clips from a server") struct ServiceSourceTests {
  @Test("a clip that was under way is fetched by the next run, and its report names no secret")
  func resumed() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mondo-service-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let scene = try Scene(
      yaml:
        "{mondo: 1, name: a, duration: 1 s, bodies: {ball: {shape: {sphere: {radius: 1}}, mass: 1}}, picture: {size: 64x64}}")
    let request = ClipRequest(
      name: "drop", seed: 3, prompt: "a ball falls", scene: scene, trajectory: try Simulation(of: scene).run(), seconds: 1,
      firstFrame: nil,
      samples: 1)
    let path = folder.appending(path: "drop-3.mp4").path

    let server = try LoopbackServer()
    let address = try await server.start()
    let source = try ServiceSource(address: address + "#m", key: "secret")
    #expect(source.name.hasSuffix("#m") && !source.name.contains("secret"))
    struct Cut: Error {}
    await #expect(throws: Cut.self) { try await Self.aside { try source.clip(of: request, at: path) { throw Cut() } } }
    #expect(!FileManager.default.fileExists(atPath: path))
    #expect(try await Self.aside { try source.clip(of: request, at: path) {} } == path)
    #expect(FileManager.default.contents(atPath: path) == Data("a clip".utf8))
    #expect(await server.created == 1)
    await server.stop()
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      let text = String(decoding: FileManager.default.contents(atPath: folder.path + "/" + name) ?? Data(), as: UTF8.self)
      #expect(!text.contains("secret"))
    }
  }

  /// On a thread of its own: a source waits, and the threads of tasks are for the server.
  private static func aside<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
    }
  }
}
