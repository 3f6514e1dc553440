import Foundation
import Mondo
import Testing

@Suite("mondo plan") struct PlanTests {
  let workspace = try! Workspace()

  @Test("writes a scene that the other verbs take, and tells what it ignored")
  func plans() throws {
    let run = try workspace.run("plan", "a red ball falls on a wooden floor beside an elephant", "-o", "planned.yaml")
    #expect(run.status == 0 && run.output.isEmpty, "\(run.error)")
    #expect(run.error.contains("understood: red ball: falls") && run.error.contains("ignored: elephant"), "\(run.error)")
    let events = try workspace.run("query", "planned.yaml", "events", "--kind", "impact", "--json")
    #expect(events.status == 0 && (events.object?["count"] as? Int ?? 0) > 0)

    let json = try workspace.run("plan", "two balls collide", "--json")
    #expect(json.status == 0 && json.error == "" && json.object?["format"] as? String == "mondo-plan/1")
    let printed = try workspace.run("plan", "two balls collide", "--quiet")
    #expect(String(decoding: printed.output, as: UTF8.self) == json.object?["scene"] as? String && printed.error == "")
  }

  @Test("a prompt that can't be planned is bad input, and leaves nothing")
  func refuses() throws {
    let run = try workspace.run("plan", "a dream of flight", "-o", "dream.yaml")
    #expect(
      run.status == 65 && run.error.contains("names no thing that can be simulated (not known: dream, flight)"), "\(run.error)")
    #expect(!FileManager.default.fileExists(atPath: workspace.folder.appendingPathComponent("dream.yaml").path))
  }
}
