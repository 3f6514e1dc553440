import Foundation
import Mondo
import Testing

@Suite("mondo query") struct QueryCommandTests {
  let workspace = try! Workspace()
  /// When the ball, whose lowest point starts 1 m above the floor, touches it.
  static let impactTime = (2 / 9.81).squareRoot()

  func ask<Answer: Decodable>(_ type: Answer.Type, _ arguments: String..., of world: String = "bounce.yaml") throws -> Answer {
    let run = try CommandRun.mondo(["query", world] + arguments + ["--json"], in: workspace.folder)
    #expect(run.status == 0 && run.error == "", "\(run.error)")
    return try JSONDecoder().decode(type, from: run.output)
  }

  @Test("state") func state() throws {
    let answer = try ask(StateAnswer.self, "state", "--at", "0.25", "--body", "ball")
    #expect(abs(answer.bodies[0].position.value[2] - (1.1 - 9.81 * 0.03125)) < 1e-6)
    #expect(answer.bodies[0].position.unit == "m")
  }

  @Test("events") func events() throws {
    let answer = try ask(EventsAnswer.self, "events", "--kind", "impact", "--body", "ball")
    #expect(answer.count >= 1 && abs(answer.events[0].time.value - Self.impactTime) < 1e-6)
  }

  @Test("first") func first() throws {
    let answer = try ask(FirstAnswer.self, "first", "--when", "bodies.ball.position.z < 0.6")
    #expect(abs(try #require(answer.time?.value) - (2 * 0.5 / 9.81).squareRoot()) < 1e-6)
    let touch = try ask(FirstAnswer.self, "first", "--when", "contact(ball, floor)")
    #expect(abs(try #require(touch.time?.value) - Self.impactTime) < 1e-6)
    // Ran, and the answer is no.
    let never = try workspace.run("query", "bounce.yaml", "first", "--when", "bodies.ball.position.z > 50", "--json")
    #expect(never.status == 1 && never.error == "")
    #expect(try !JSONDecoder().decode(FirstAnswer.self, from: never.output).found)
  }

  @Test("extremum") func extremum() throws {
    let answer = try ask(ExtremumAnswer.self, "extremum", "--of", "bodies.ball.position.z", "--min")
    #expect(abs(answer.extremum.value - 0.1) < 1e-3 && answer.extremum.unit == "m")
  }

  @Test("distance") func distance() throws {
    let answer = try ask(DistanceAnswer.self, "distance", "ball", "floor", "--at", "0")
    #expect(abs(answer.distance.value - 1.1) < 1e-12)
  }

  @Test("compare") func compare() throws {
    let answer = try ask(ComparisonAnswer.self, "compare", "--set", "bodies.ball.velocity[0]=1")
    #expect(answer.differs && answer.firstDifference?.time.value == 0 && answer.firstDifference?.bodies == ["ball"])
    #expect(answer.changes == ["bodies.ball.velocity[0]=1"])
    #expect(try !ask(ComparisonAnswer.self, "compare", "--set", "bodies.ball.velocity[0]=0.5").differs)
  }

  @Test("a recording answers as its scene does", arguments: ["run.json", "run.safetensors"])
  func recording(name: String) throws {
    _ = try workspace.run("simulate", "bounce.yaml", "-o", name, "--quiet")
    #expect(
      try ask(StateAnswer.self, "state", "--at", "0.3", of: name) == ask(StateAnswer.self, "state", "--at", "0.3"))
    let run = try workspace.run("query", name, "compare", "--set", "bodies.ball.mass=2")
    #expect(run.status == 64 && run.error.contains("a recorded trajectory can't be changed"))
  }

  @Test(
    "answers for people have units",
    arguments: [
      (["state", "--at", "0.1"], "kinetic"), (["events"], "floor – ball"), (["first", "--when", "time > 0.5"], "0.500000"),
      (["first", "--when", "time > 5"], "never: time > 5"), (["extremum", "--of", "speed(ball)", "--max"], "m/s"),
      (["distance", "ball", "floor", "--at", "0"], "1.1 m"),
      (["compare", "--set", "bodies.ball.velocity[0]=1"], "the worlds part at 0 s: ball"),
    ])
  func text(arguments: [String], part: String) throws {
    let run = try CommandRun.mondo(["query", "bounce.yaml"] + arguments, in: workspace.folder)
    #expect(run.status == (part.hasPrefix("never") ? 1 : 0) && run.text.contains(part), "\(run.text)\(run.error)")
  }

  @Test(
    "a foreign or damaged recording is refused with its place",
    arguments: [
      ("{}", "run.json:1:3: error: the document has no \"format\""), ("", "the file is empty"),
      ("PK\u{3}", "neither a JSON nor a safetensors trajectory"),
      ("{\"format\": \"mondo-trajectory/1\", \"times\": [0, 1", "it looks truncated"),
    ])
  func damaged(content: String, message: String) throws {
    try workspace.write(content, to: "run.json")
    let run = try workspace.run("query", "run.json", "events")
    #expect(run.status == 65 && run.error.contains(message), "\(run.error)")
  }
}
