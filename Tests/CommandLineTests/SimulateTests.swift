import Foundation
import Mondo
import Testing

@Suite("mondo simulate") struct SimulateTests {
  let workspace = try! Workspace()

  @Test("prints a summary with bodies, impacts and energy")
  func summary() throws {
    let run = try workspace.run("simulate", "bounce.yaml")
    #expect(run.status == 0)
    for part in ["bounce", "ball", "500 g", "impact", "floor – ball", "N·s", "energy", "× real time"] {
      #expect(run.text.contains(part), "\(part) is missing from:\n\(run.text)")
    }
    #expect(run.error == "")
    #expect(!run.text.contains("\u{1B}"))
  }

  @Test("the summary of a liquid tells what is there at the end")
  func drained() throws {
    try workspace.write(
      """
      mondo: 1
      duration: 0.1 s
      bodies: {floor: {shape: {plane: {}}, motion: fixed}}
      fluids:
        water:
          {liquid: water, spacing: 5 cm, fill: {box: {center: [0, 0, 0.1], size: [0.2, 0.2, 0.2]}},
           drains: {all: {box: {center: [0, 0, 0], size: [4, 4, 4]}, from: 0.05 s}}}
      """, to: "drained.yaml")
    let run = try workspace.run("simulate", "drained.yaml")
    let row = run.text.split(separator: "\n").first { $0.contains("water") }
    #expect(run.status == 0 && row?.contains("0 of 64") == true && row?.contains("none") == true, "\(run.text)")
  }

  @Test("--quiet prints nothing")
  func quiet() throws {
    let run = try workspace.run("simulate", "bounce.yaml", "-o", "a.json", "--quiet")
    #expect(run.status == 0 && run.output.isEmpty && run.error.isEmpty)
    #expect(workspace.names == ["a.json", "bounce.yaml"])
  }

  @Test("--json gives the trajectory document and nothing else on standard output")
  func json() throws {
    let run = try workspace.run("simulate", "bounce.yaml", "--json")
    #expect(run.status == 0)
    let trajectory = try Trajectory(json: run.output)
    #expect(trajectory.times.count == 241 && trajectory.times[1] == 1.0 / 240)
    #expect(trajectory.scene.digest.hasPrefix("sha256:") && trajectory.scene.digest.count == 71)
    let impact = try #require(trajectory.contacts.first { $0.kind == .impact })
    #expect(abs(impact.time - (2 / 9.81).squareRoot()) < 1e-6)
    #expect(abs(impact.restitution - 0.8) < 1e-12)
  }

  @Test("--json with -o gives a short account, and the file")
  func jsonAndFile() throws {
    let run = try workspace.run("simulate", "bounce.yaml", "--json", "-o", "a.json")
    #expect(run.object?["samples"] as? Int == 241 && run.object?["file"] as? String == "a.json")
    #expect(try Trajectory(json: workspace.data("a.json")).bodies.count == 2)
  }

  @Test("the same scene and seed give the same bytes")
  func deterministic() throws {
    let first = try workspace.run("simulate", "bounce.yaml", "--json")
    let second = try workspace.run("simulate", "bounce.yaml", "--json")
    #expect(!first.output.isEmpty && first.output == second.output)
  }

  @Test("both forms of the document say the same")
  func forms() throws {
    _ = try workspace.run("simulate", "bounce.yaml", "-o", "a.json", "--quiet")
    _ = try workspace.run("simulate", "bounce.yaml", "-o", "a.safetensors", "--quiet")
    let path = { workspace.folder.appendingPathComponent($0).path }
    #expect(try Trajectory(contentsOf: path("a.json")) == Trajectory(contentsOf: path("a.safetensors")))
  }

  @Test("--rate, --seed and --set take hold")
  func options() throws {
    let run = try workspace.run(
      "simulate", "bounce.yaml", "--json", "--rate", "100", "--seed", "42", "--set", "bodies.ball.mass=2 kg", "--set",
      "bodies.ball.velocity[0]=0.25")
    let trajectory = try Trajectory(json: run.output)
    #expect(trajectory.times.count == 101 && trajectory.times[33] == 0.33 && trajectory.scene.seed == 42)
    #expect(trajectory.body("ball")?.mass == 2)
    #expect(trajectory.body("ball")?.states[0].velocity == Vector3(0.25, 0, 0))
  }

  @Test("a change of the scene changes its digest; a comment doesn't")
  func digest() throws {
    func digest(_ arguments: String...) throws -> String {
      try Trajectory(json: CommandRun.mondo(["simulate", "--json"] + arguments, in: workspace.folder).output).scene.digest
    }
    try workspace.write("# a remark\n\n" + Workspace.scene, to: "remarked.yaml")
    let plain = try digest("bounce.yaml")
    #expect(try digest("remarked.yaml") == plain)
    #expect(try digest("bounce.yaml", "--set", "bodies.ball.mass=0.6") != plain)
  }

  @Test("what no engine can do yet is refused with its place")
  func unsupported() throws {
    let figure = """
      figures:
        athlete: {position: [5, 0, 0]}

      """
    try workspace.write(Workspace.scene + figure, to: "peopled.yaml")
    let run = try workspace.run("simulate", "peopled.yaml", "-o", "a.json")
    #expect(run.status == 65)
    #expect(run.error.contains("peopled.yaml:14:3"), "\(run.error)")
    #expect(run.error.contains("figure 'athlete' is not simulated yet"))
    #expect(!workspace.names.contains("a.json"))
  }

  @Test("what is read is never written over")
  func ownInput() throws {
    let scene = try workspace.data("bounce.yaml")
    try scene.write(to: workspace.folder.appendingPathComponent("bounce.json"))
    for arguments in [
      ["simulate", "bounce.json", "-o", "./bounce.json"], ["generate", "bounce.json", "-o", "bounce.mp4"],
      ["render", "bounce.json", "-o", "bounce.json"],
    ] {
      let run = try CommandRun.mondo(arguments, in: workspace.folder)
      #expect(run.status == 64 && run.error.contains("would be overwritten"), "\(arguments): \(run.error)")
      #expect(try workspace.data("bounce.json") == scene)
    }
    #expect(workspace.names == ["bounce.json", "bounce.yaml"])
  }

  @Test("a scene that can be read but once is read once")
  func pipe() throws {
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    let mondo = CommandRun.products.appendingPathComponent("mondo").path
    shell.arguments = ["-c", "cat bounce.yaml | timeout 20 '\(mondo)' validate /dev/stdin > said 2> complained"]
    shell.currentDirectoryURL = workspace.folder
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 0)
    #expect(String(decoding: try workspace.data("said"), as: UTF8.self).contains("valid"))
    #expect(try workspace.data("complained").isEmpty)
  }
}
