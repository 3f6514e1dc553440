import Foundation
import Testing

/// The committed page of physics against what the command writes now.
@Suite("Evaluation/Reports/physics.md") struct PhysicsReportTests {
  /// The rigid and jointed cases; those of cloth take longer than a test should.
  static let cases = [
    "bounce", "cradle", "tumbling", "sliding", "ramp", "rolling", "pendulum", "double-pendulum", "dry-pendulum", "chain",
    "collision", "stack", "air", "missed-shot", "bullet",
  ]

  /// Text of each `## case` of a page.
  private func sections(_ page: String) -> [String: String] {
    let parts = page.components(separatedBy: "\n## ").dropFirst()
    return Dictionary(
      uniqueKeysWithValues: parts.map { part in
        let lines = part.split(separator: "\n", omittingEmptySubsequences: true)
        let rows = lines.dropFirst().filter { $0.hasPrefix("|") || $0.hasPrefix("Others") }
        return (String(lines[0]), rows.joined(separator: "\n"))
      })
  }

  @Test("the page says what mondo-bench physics measures now, and every bound holds")
  func isFresh() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let page = FileManager.default.temporaryDirectory.appendingPathComponent("physics-\(UUID().uuidString).md")
    defer { try? FileManager.default.removeItem(at: page) }
    let process = Process()
    process.executableURL = CommandRun.products.appendingPathComponent("mondo-bench")
    process.arguments = ["physics"] + Self.cases + ["--json", "--markdown", page.path]
    process.currentDirectoryURL = root
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "every bound holds")
    let fresh = try String(contentsOf: page, encoding: .utf8)
    let committed = try String(contentsOf: root.appendingPathComponent("Evaluation/Reports/physics.md"), encoding: .utf8)
    let (new, old) = (sections(fresh), sections(committed))
    for name in Self.cases {
      #expect(new[name] == old[name], "write it anew with `mondo-bench physics --markdown Evaluation/Reports/physics.md`")
    }
  }
}
