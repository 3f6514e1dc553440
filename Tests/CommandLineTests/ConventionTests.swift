import Foundation
import Testing

@Suite("Conventions of the command line") struct ConventionTests {
  let workspace = try! Workspace()

  @Test("mondo alone shows help with examples; --version its version")
  func help() throws {
    let help = try workspace.run()
    #expect(help.status == 0)
    for part in [
      "USAGE: mondo <subcommand>", "EXAMPLES", "mondo render scene.yaml -o clip.mp4", "EXIT CODES", "validate", "score",
    ] {
      #expect(help.text.contains(part), "\(part) is missing")
    }
    #expect(try workspace.run("--version").text == "mondo 0.1.0\n")
  }

  @Test("every verb explains itself", arguments: ["validate", "simulate", "render", "query", "score", "schema"])
  func verbHelp(verb: String) throws {
    let run = try workspace.run(verb, "--help")
    #expect(run.status == 0 && run.text.contains("USAGE: mondo \(verb)") && run.error == "")
  }

  struct Misuse: CustomTestStringConvertible {
    var arguments: [String]
    var status: Int32
    var message: String
    var testDescription: String { arguments.joined(separator: " ") }
  }

  static let misuses = [
    Misuse(arguments: ["fly"], status: 64, message: "Unexpected argument 'fly'"),
    Misuse(arguments: ["simulate"], status: 64, message: "Missing expected argument '<scene>'"),
    Misuse(arguments: ["simulate", "bounce.yaml", "--frobnicate"], status: 64, message: "Unknown option '--frobnicate'"),
    Misuse(
      arguments: ["simulate", "bounce.yaml", "--rate", "0"], status: 64, message: "--rate is from 1 to 1 000 000 Hz, not 0.0"),
    Misuse(arguments: ["simulate", "bounce.yaml", "--rate", "nan"], status: 64, message: "--rate is from 1 to 1 000 000 Hz"),
    Misuse(
      arguments: ["simulate", "bounce.yaml", "-o", "a.csv"], status: 64,
      message: "'a.csv' ends in neither .json nor .safetensors"),
    Misuse(
      arguments: ["simulate", "bounce.yaml", "--set", "duration"], status: 64, message: "--set takes PATH=VALUE, not 'duration'"
    ),
    Misuse(arguments: ["simulate", "bounce.yaml", "--set", "=3"], status: 64, message: "--set takes PATH=VALUE, not '=3'"),
    Misuse(arguments: ["simulate", "bounce.yaml", "--set", "bodies.bal.mass=3"], status: 65, message: "bal"),
    Misuse(arguments: ["simulate", "bounce.yaml", "--set", "bodies.ball.mass=heavy"], status: 65, message: "heavy"),
    Misuse(arguments: ["simulate", "bounce.yaml", "--set", "bodies.ball.mass=-1"], status: 65, message: "mass"),
    Misuse(arguments: ["simulate", "none.yaml"], status: 66, message: "none.yaml"),
    Misuse(arguments: ["validate", "none.yaml"], status: 66, message: "none.yaml"),
    Misuse(arguments: ["query", "none.json", "events"], status: 66, message: "none.json"),
    Misuse(
      arguments: ["simulate", "bounce.yaml", "-o", "no/such/folder/a.json"], status: 74, message: "no/such/folder/a.json"),
    Misuse(arguments: ["simulate", "bounce.yaml", "-o", "/proc/a.json"], status: 74, message: "/proc/a.json"),
    Misuse(arguments: ["query", "bounce.yaml", "dance"], status: 64, message: "dance"),
    Misuse(arguments: ["query", "bounce.yaml", "state"], status: 64, message: "state takes --at"),
    Misuse(arguments: ["query", "bounce.yaml", "state", "--at", "9"], status: 64, message: "9.0 s is outside the recording"),
    Misuse(
      arguments: ["query", "bounce.yaml", "state", "--at", "0", "--body", "bal"], status: 64, message: "did you mean 'ball'?"),
    Misuse(
      arguments: ["query", "bounce.yaml", "state", "--at", "0", "--max"], status: 64,
      message: "state takes no --max; it belongs to extremum"),
    Misuse(
      arguments: ["query", "bounce.yaml", "distance", "ball", "--at", "0"], status: 64, message: "distance takes two bodies"),
    Misuse(
      arguments: ["query", "bounce.yaml", "extremum", "--of", "time"], status: 64,
      message: "extremum takes either --max or --min"),
    Misuse(
      arguments: ["query", "bounce.yaml", "first", "--when", "time = 1"], status: 64,
      message: "expression:6: error: '=' means nothing here"),
    Misuse(arguments: ["query", "bounce.yaml", "state", "--at", "-1"], status: 64, message: "-1.0 s is outside the recording"),
    Misuse(
      arguments: ["query", "bounce.yaml", "extremum", "--of", "time / 0", "--max"], status: 64,
      message: "it is no number at 0.0 s"),
    Misuse(arguments: ["validate", "bounce.yaml", "--set", "=3"], status: 64, message: "--set takes PATH=VALUE, not '=3'"),
    Misuse(arguments: ["query", "bounce.yaml", "compare"], status: 64, message: "compare takes at least one --set"),
  ]

  @Test("misuse ends with its code, one message on standard error, and nothing on standard output", arguments: misuses)
  func misuse(_ misuse: Misuse) throws {
    let run = try CommandRun.mondo(misuse.arguments, in: workspace.folder)
    #expect(run.status == misuse.status, "\(run.error)")
    #expect(run.error.contains(misuse.message), "\(run.error)")
    #expect(run.output.isEmpty)
    #expect(workspace.names == ["bounce.yaml"])
  }

  @Test("under --json a failure leaves standard output empty")
  func jsonFailure() throws {
    let run = try workspace.run("simulate", "none.yaml", "--json")
    #expect(run.status == 66 && run.output.isEmpty && !run.error.isEmpty)
  }

  @Test("a reader that leaves early is no crash")
  func closedPipe() throws {
    let pipe = Pipe()
    try pipe.fileHandleForReading.close()
    let running = try workspace.start("simulate", "bounce.yaml", "--json", output: pipe.fileHandleForWriting)
    try pipe.fileHandleForWriting.close()
    let run = try running.wait()
    #expect(run.signal == nil && run.status == 74 && run.error == "")
  }

  @Test("no colours where there is no terminal, with or without NO_COLOR")
  func colors() throws {
    for environment in [[:], ["NO_COLOR": "1"]] {
      let run = try workspace.run("validate", "bounce.yaml", environment: environment)
      #expect(!run.text.contains("\u{1B}"))
    }
  }
}
