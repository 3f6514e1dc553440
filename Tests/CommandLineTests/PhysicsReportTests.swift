import Foundation
import Testing

/// The committed page of physics against what the command writes now.
@Suite("Evaluation/Reports/physics.md") struct PhysicsReportTests {
  @Test("the page is the one that mondo-bench physics writes")
  func isFresh() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let page = FileManager.default.temporaryDirectory.appendingPathComponent("physics-\(UUID().uuidString).md")
    defer { try? FileManager.default.removeItem(at: page) }
    let process = Process()
    process.executableURL = CommandRun.products.appendingPathComponent("mondo-bench")
    process.arguments = ["physics", "--json", "--markdown", page.path]
    process.currentDirectoryURL = root
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "every bound holds")
    let fresh = try String(contentsOf: page, encoding: .utf8)
    let committed = try String(contentsOf: root.appendingPathComponent("Evaluation/Reports/physics.md"), encoding: .utf8)
    #expect(fresh == committed, "write it anew with `mondo-bench physics --markdown Evaluation/Reports/physics.md`")
  }
}
