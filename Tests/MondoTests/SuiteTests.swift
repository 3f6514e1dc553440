import Foundation
import Mondo
import Testing

/// Suites are read strictly, and work that was cut off goes on.
@Suite("Suites of evaluations") struct SuiteTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "mondo-suite-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func written(_ yaml: String) throws -> String {
    let path = folder.appending(path: "suite.yaml").path
    try yaml.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test("every suite that comes with Mondo can be read")
  func shipped() throws {
    let folder = Self.root.appending(path: "Evaluation/Suites").path
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }
    #expect(!names.isEmpty)
    for name in names { #expect(try Suite(contentsOf: folder + "/" + name).name + ".yaml" == name) }
  }

  @Test("mistakes are told with their place and a suggestion, all at once")
  func mistakes() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let scene = Self.root.appending(path: "Evaluation/Suites/scenes/throw.yaml").path
    let path = try written(
      """
      name: bad
      kind: violations
      worlds: [{scene: "\(scene)", family: throws, cuont: 3}, {scene: nowhere.yaml}]
      looks: [{name: small, height: big}]
      families: [teleprt]
      """)
    do {
      _ = try Suite(contentsOf: path)
      Issue.record("a bad suite was read")
    } catch {
      let told = error.description
      for part in [
        "suite.yaml:3:", "did you mean 'count'?", "there is no scene 'nowhere.yaml'", "no whole number",
        "did you mean 'teleport'?",
      ] {
        #expect(told.contains(part), "\(told)")
      }
      #expect(error.cause == .invalid)
    }
    #expect { try Suite(contentsOf: folder.path + "/none.yaml") } throws: { ($0 as? SceneError)?.cause == .missing }
  }

  @Test("a suite of violations gives the same summary in one run and in two, and refuses another one's folder")
  func resumed() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let scenes = Self.root.appending(path: "Evaluation/Suites/scenes").path
    let text = """
      name: tiny
      kind: violations
      worlds: [{scene: "\(scenes)/throw.yaml", family: throws, count: 3}, {scene: "\(scenes)/drop.yaml", family: drops, count: 2}]
      looks: [{name: plain, height: 144, fps: 24}]
      families: [gravity-off, teleport, vanish]
      severities: [clear, gross]
      hold_out: {families: [drops]}
      variants: [{name: 60 fps, fps: 60}]
      """
    guard case .violations(let suite) = try Suite(contentsOf: try written(text)) else {
      Issue.record("not a suite of violations")
      return
    }
    let whole = try ViolationEvaluation(suite).run(in: folder.path + "/whole", fingerprint: text)
    #expect(whole.alone.pairs == 30 && whole.alone.heldOutPairs == 12 && whole.alone.validClips == 5)
    #expect(try #require(whole.informed.pairAccuracy["gross"]) > 0.8)
    #expect(whole.robustness.map(\.variant) == ["60 fps"] && whole.unseenFamilies.isEmpty)

    // Cut off after the second world, as by a kill; the third run finds all there.
    struct Cut: Error {}
    var evaluation = ViolationEvaluation(suite)
    evaluation.width = 1
    #expect(throws: Cut.self) {
      try evaluation.run(in: folder.path + "/cut", fingerprint: text) { if $0.done == 2 { throw Cut() } }
    }
    let goesOn = try evaluation.run(in: folder.path + "/cut", fingerprint: text) { #expect($0.done >= 2) }
    #expect(goesOn == whole)
    #expect(throws: EvaluationError.foreignFolder(path: folder.path + "/cut")) {
      try evaluation.run(in: folder.path + "/cut", fingerprint: text + " ")
    }
  }
}
