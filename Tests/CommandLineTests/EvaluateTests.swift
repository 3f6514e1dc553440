import Foundation
import Testing

@Suite("evaluate") struct EvaluateTests {
  let workspace = try! Workspace()
  static let suites = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Evaluation/Suites").path

  private func suite(_ text: String) throws {
    try workspace.write(text, to: "suite.yaml")
  }

  @Test("misuse is told with its code, and nothing is left behind")
  func misuse() throws {
    let violations = Self.suites + "/violations.yaml"
    let bounce = Self.suites + "/bounce.yaml"
    for (arguments, status, message) in [
      (["evaluate", "none.yaml", "-o", "out"], 66, "none.yaml"),
      (["evaluate", violations, "-o", "out", "--generator", "mondo"], 64, "takes no --generator"),
      (["evaluate", bounce, "-o", "out", "--generator", "dir:nowhere"], 66, "nowhere"),
      (["evaluate", bounce, "-o", "out", "--generator", "sora"], 64, "generator"),
      (["evaluate", bounce, "-o", "out", "--generator", "openai:ftp://x"], 64, "no address of a server"),
      (["evaluate", "compare", "a", "b"], 66, "report.json"),
    ] {
      let run = try CommandRun.mondo(arguments, in: workspace.folder)
      #expect(run.status == status && run.error.contains(message), "\(arguments): \(run.status) \(run.error)")
      #expect(!workspace.names.contains("out"))
    }
  }

  @Test("a folder of clips is judged beside its scene, reported, and compared with another run")
  func clips() throws {
    try suite(
      """
      name: tiny
      kind: clips
      samples: 1
      size: 64x36
      baselines: [still]
      cases: [{name: throw, scene: "\(Self.suites)/scenes/throw.yaml", seconds: 0.5, draw: false, seeds: [1]}]
      """)
    let first = try workspace.run("evaluate", "suite.yaml", "-o", "a", "--json", "--threads", "1")
    #expect(first.status == 0, "\(first.error)")
    let document = try #require(try JSONSerialization.jsonObject(with: Data(first.text.utf8)) as? [String: Any])
    #expect(document["format"] as? String == "mondo-evaluation/1" && document["generator"] as? String == "simulator")
    let rows = try #require(document["rows"] as? [[String: Any]])
    #expect(rows.map { $0["name"] as? String } == ["simulator", "still"])
    let page = try String(contentsOf: workspace.folder.appendingPathComponent("a/report.html"), encoding: .utf8)
    #expect(page.contains("Leaderboard") && page.contains("data:video/mp4;base64"))

    // The simulator's clip, taken for somebody else's.
    let second = try workspace.run("evaluate", "suite.yaml", "-o", "b", "--generator", "dir:a/clips", "--quiet")
    #expect(second.status == 0, "\(second.error)")
    let comparison = try workspace.run("evaluate", "compare", "a", "b")
    #expect(comparison.status == 0 && comparison.text.contains("dir:clips"), "\(comparison.text)")
    #expect(comparison.text.contains("position error, px"), "\(comparison.text)")

    // What is there is not made again, but what is damaged is; another suite, and clips of another folder, are refused.
    #expect(try workspace.run("evaluate", "suite.yaml", "-o", "a", "--json").text == first.text)
    try Data().write(to: workspace.folder.appendingPathComponent("a/work/throw-1.json"))
    #expect(try workspace.run("evaluate", "suite.yaml", "-o", "a", "--json").text == first.text)
    let elsewhere = workspace.folder.appendingPathComponent("other/clips")
    try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: true)
    let mixed = try workspace.run("evaluate", "suite.yaml", "-o", "b", "--generator", "dir:other/clips", "--quiet")
    #expect(mixed.status == 65 && mixed.error.contains("another evaluation"), "\(mixed.error)")
    try suite("name: tiny\nkind: clips\ncases: [{scene: \"\(Self.suites)/scenes/drop.yaml\", seeds: [1, 1]}]\n")
    let twice = try workspace.run("evaluate", "suite.yaml", "-o", "c")
    #expect(twice.status == 65 && twice.error.contains("a seed is given twice"), "\(twice.error)")
    try suite("name: tiny\nkind: clips\ncases: [{scene: \"\(Self.suites)/scenes/drop.yaml\"}]\n")
    let refused = try workspace.run("evaluate", "suite.yaml", "-o", "a")
    #expect(refused.status == 65 && refused.error.contains("another evaluation"), "\(refused.error)")
  }

  @Test("clips that don't come, or are none, are told beside the others")
  func failures() throws {
    try suite(
      """
      name: tiny
      kind: clips
      samples: 1
      size: 64x36
      cases: [{name: throw, scene: "\(Self.suites)/scenes/throw.yaml", seconds: 0.3, draw: false, seeds: [1, 2, 3]}]
      """)
    let clips = workspace.folder.appendingPathComponent("clips")
    try FileManager.default.createDirectory(at: clips, withIntermediateDirectories: true)
    func evaluate() throws -> CommandRun {
      try workspace.run("evaluate", "suite.yaml", "-o", "out", "--json", "--generator", "dir:clips")
    }
    // Nothing came: that is the answer.
    let none = try evaluate()
    #expect(none.status == 66 && none.error.contains("throw-1.mp4"), "\(none.error)")

    let made = try workspace.run(
      "render", "\(Self.suites)/scenes/throw.yaml", "-o", "clips/throw-1.mp4", "--samples", "1", "--size", "64x36", "--set",
      "duration=0.3 s")
    #expect(made.status == 0, "\(made.error)")
    try workspace.write("no clip", to: "clips/throw-2.mp4")
    let some = try evaluate()
    #expect(some.status == 0, "\(some.error)")
    let document = try #require(some.object)
    let failures = try #require(document["failures"] as? [[String: Any]])
    #expect(failures.map { $0["seed"] as? Int } == [2, 3])
    #expect((failures[0]["reason"] as? String)?.contains("not a video") == true)
    #expect((failures[1]["reason"] as? String)?.contains("is missing") == true)
    let rows = try #require(document["rows"] as? [[String: Any]])
    #expect(rows[0]["clips"] as? Int == 1 && rows[0]["failed"] as? Int == 2)
    let page = try String(contentsOf: workspace.folder.appendingPathComponent("out/report.html"), encoding: .utf8)
    #expect(page.contains("didn't come") || page.contains("didn&#39;t come"))

    // The next run asks for them again.
    for seed in [2, 3] {
      try workspace.data("clips/throw-1.mp4").write(to: clips.appendingPathComponent("throw-\(seed).mp4"))
    }
    let all = try #require(try evaluate().object)
    #expect(all["failures"] == nil && (all["rows"] as? [[String: Any]])?[0]["clips"] as? Int == 3)
  }
}
