import Foundation
import Testing

/// The committed page of physics: whole, passed, and what the command still measures.
@Suite("Evaluation/Reports/physics.md") struct PhysicsReportTests {
  /// Cases of a second or less that between them turn freely, swing, rub and hit.
  static let quick = ["tumbling", "pendulum", "dry-pendulum", "chain", "bullet"]

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let committed = root.appendingPathComponent("Evaluation/Reports/physics.md")

  /// One line of a table.
  struct Row: Equatable {
    var quantity: String
    var expected: String
    /// nil where the page only says that it is far within the bound.
    var error: Double?
    var bound: String
    var holds: Bool
  }

  /// Rows of each `## case` of a page.
  private func tables(_ page: String) -> [String: [Row]] {
    let parts = page.components(separatedBy: "\n## ").dropFirst()
    return Dictionary(
      uniqueKeysWithValues: parts.map { part in
        let lines = part.split(separator: "\n").map(String.init)
        let cells = lines.dropFirst().filter { $0.hasPrefix("| ") }.dropFirst().map { line in
          line.components(separatedBy: " | ").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "| ")) }
        }
        return (
          lines[0],
          cells.map { Row(quantity: $0[0], expected: $0[1], error: Double($0[3]), bound: $0[4], holds: $0[5] == "yes") }
        )
      })
  }

  @Test("every scene of Scenes/validation is on the page, and every bound on it holds")
  func isWhole() throws {
    let page = try String(contentsOf: Self.committed, encoding: .utf8)
    let tables = tables(page)
    let scenes = try FileManager.default.contentsOfDirectory(atPath: Self.root.appendingPathComponent("Scenes/validation").path)
    #expect(Set(tables.keys) == Set(scenes.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }))
    let rows = tables.values.joined()
    let failed = rows.filter { !$0.holds }
    #expect(failed.isEmpty)
    #expect(page.hasSuffix("\nEvery one of \(rows.count) bounds holds.\n"))
  }

  /// Quantities, expectations and bounds are compared as text. An error may be another on another machine, whose functions
  /// round otherwise: by no more than a tenth of the bound.
  @Test("quick cases run again give the page's rows")
  func isFresh() throws {
    let page = FileManager.default.temporaryDirectory.appendingPathComponent("physics-\(UUID().uuidString).md")
    defer { try? FileManager.default.removeItem(at: page) }
    let process = Process()
    process.executableURL = CommandRun.products.appendingPathComponent("mondo-bench")
    process.arguments = ["physics"] + Self.quick + ["--json", "--markdown", page.path]
    process.currentDirectoryURL = Self.root
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "every bound holds")
    let fresh = tables(try String(contentsOf: page, encoding: .utf8))
    let old = tables(try String(contentsOf: Self.committed, encoding: .utf8))
    for name in Self.quick {
      let (now, then) = (try #require(fresh[name]), try #require(old[name]))
      let (quantities, known) = (now.map(\.quantity), then.map(\.quantity))
      #expect(quantities == known, "write it anew: mondo-bench physics --markdown Evaluation/Reports/physics.md")
      for (a, b) in zip(now, then) {
        let isSame = a.expected == b.expected && a.bound == b.bound && a.holds == b.holds
        #expect(isSame, "\(name), \(a.quantity)")
        let bound = try #require(Double(a.bound))
        #expect(abs((a.error ?? 0) - (b.error ?? 0)) <= bound / 10, "\(name), \(a.quantity)")
      }
    }
  }
}
