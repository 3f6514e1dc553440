import Foundation
import Testing

@Suite("Work that is cut off") struct UnfinishedWorkTests {
  let workspace = try! Workspace()

  /// Starts a long simulation with an output file and waits until it is under way.
  func start(_ arguments: String...) throws -> RunningCommand {
    let running = try RunningCommand(arguments, in: workspace.folder)
    Thread.sleep(forTimeInterval: 0.3)
    return running
  }

  static let longSimulation = ["simulate", "bounce.yaml", "-o", "long.json", "--set", "duration=600 s", "--rate", "10000"]

  @Test("kill −9 leaves nothing under the final name", arguments: 0..<4)
  func kill(attempt: Int) throws {
    let running = try RunningCommand(Self.longSimulation, in: workspace.folder)
    Thread.sleep(forTimeInterval: 0.1 + 0.15 * Double(attempt))
    #expect(running.process.isRunning)
    Foundation.kill(running.process.processIdentifier, SIGKILL)
    #expect(try running.wait().signal == SIGKILL)
    #expect(!workspace.names.contains("long.json"))
  }

  @Test("an interruption leaves nothing at all, and says so", arguments: [SIGINT, SIGTERM])
  func interrupted(signal: Int32) throws {
    let running = try RunningCommand(Self.longSimulation, in: workspace.folder)
    Thread.sleep(forTimeInterval: 0.4)
    Foundation.kill(running.process.processIdentifier, signal)
    let run = try running.wait()
    #expect(run.signal == signal)
    #expect(run.error == "mondo: interrupted; nothing was left behind\n")
    #expect(workspace.names == ["bounce.yaml"])
  }

  @Test("a score that is in the middle of anything ends at once", .timeLimit(.minutes(1)))
  func judging() throws {
    let pipe = workspace.folder.appending(path: "clip.mp4").path
    #expect(mkfifo(pipe, 0o600) == 0)
    // Open for writing, and nothing comes.
    let held = open(pipe, O_RDWR)
    defer { close(held) }
    let running = try start("score", "clip.mp4")
    Foundation.kill(running.process.processIdentifier, SIGTERM)
    for _ in 0..<50 where running.process.isRunning { Thread.sleep(forTimeInterval: 0.1) }
    let endedByItself = !running.process.isRunning
    if !endedByItself { Foundation.kill(running.process.processIdentifier, SIGKILL) }
    let run = try running.wait()
    #expect(endedByItself && run.signal == SIGTERM)
    #expect(run.error == "mondo: interrupted; nothing was left behind\n")
  }

  @Test("a failed write keeps what was there")
  func keepsOld() throws {
    try workspace.write("precious", to: "a.json")
    let run = try workspace.run("simulate", "bounce.yaml", "-o", "a.json", "--set", "bodies.ball.mass=-1")
    #expect(run.status == 65)
    #expect(try workspace.data("a.json") == Data("precious".utf8))
  }
}
