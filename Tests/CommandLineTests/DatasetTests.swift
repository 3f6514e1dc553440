import Foundation
import Mondo
import Testing

@Suite("mondo dataset") struct DatasetTests {
  let workspace = try! Workspace()

  /// A quarter of a second of the falling ball in a small picture.
  static let quick = ["--samples", "1", "--set", "duration=0.25 s", "--size", "64x48"]

  func dataset(_ arguments: [String]) throws -> CommandRun {
    try CommandRun.mondo(["dataset"] + arguments + Self.quick, in: workspace.folder)
  }

  func files(_ folder: String) throws -> [String: Data] {
    let place = workspace.folder.appending(path: folder)
    // A process killed while it writes may leave a hidden partial file; nothing reads those.
    let names = try FileManager.default.contentsOfDirectory(atPath: place.path).filter { !$0.hasPrefix(".") }
    return try Dictionary(uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: place.appending(path: $0))) })
  }

  @Test("makes shards and says what it made")
  func makes() throws {
    let run = try dataset(["bounce.yaml", "-n", "3", "-o", "data", "--per-shard", "2", "--json"])
    #expect(run.status == 0 && run.error == "")
    #expect(run.object?["samples"] as? Int == 3 && run.object?["made"] as? Int == 3)
    #expect(run.object?["shards"] as? [String] == ["shard-00000.tar", "shard-00001.tar"])
    #expect(try files("data").keys.sorted() == ["dataset.json", "shard-00000.tar", "shard-00001.tar"])
    let again = try dataset(["bounce.yaml", "-n", "3", "-o", "data", "--per-shard", "2"])
    #expect(again.status == 0 && again.text.contains("nothing was missing"))
  }

  @Test("goes on after kill −9 with no sample lost or doubled, to the same bytes")
  func killed() throws {
    let arguments = ["bounce.yaml", "-n", "24", "-o", "data", "--per-shard", "5", "--threads", "2"]
    var kills = 0
    for attempt in 0..<40 {
      let running = try RunningCommand(["dataset"] + arguments + Self.quick, in: workspace.folder)
      Thread.sleep(forTimeInterval: 0.15 + 0.11 * Double(attempt % 7))
      guard running.process.isRunning else {
        #expect(try running.wait().status == 0)
        break
      }
      Foundation.kill(running.process.processIdentifier, SIGKILL)
      _ = try running.wait()
      kills += 1
    }
    #expect(kills > 0)
    let last = try dataset(arguments)
    #expect(last.status == 0, "\(last.error)")
    var whole = arguments
    whole[4] = "whole"
    #expect(try dataset(whole).status == 0)
    #expect(try files("data") == files("whole"))
    let keys = try (0..<5).flatMap {
      try TarReader.members(of: workspace.folder.path + "/data/shard-0000\($0).tar").map(\.name)
    }
    #expect(keys.count == 24 * 4 && Set(keys).count == keys.count)
  }

  @Test("keeps what is finished when it is interrupted, and says so")
  func interrupted() throws {
    let running = try RunningCommand(
      ["dataset", "bounce.yaml", "-n", "5000", "-o", "data"] + Self.quick, in: workspace.folder)
    Thread.sleep(forTimeInterval: 1.5)
    Foundation.kill(running.process.processIdentifier, SIGINT)
    let run = try running.wait()
    #expect(run.signal == SIGINT)
    #expect(run.error.hasSuffix("of 5000 samples are kept; the same command goes on from there\n"), "\(run.error)")
  }

  @Test("counts shares from 1 or from 0")
  func shares() throws {
    for share in ["1/2", "0/2"] {
      #expect(try dataset(["bounce.yaml", "-n", "3", "-o", "data", "--shard", share]).status == 0)
    }
    #expect(try files("data").keys.sorted() == ["dataset.json", "shard-1-of-2-00000.tar", "shard-2-of-2-00000.tar"])
  }

  @Test(
    "refuses what it can't do in one sentence",
    arguments: [
      (["bounce.yaml", "-n", "0", "-o", "x"], 64, "mondo: error: 0 is no count of samples; ask for 1 to 10000000\n"),
      (
        ["bounce.yaml", "-n", "2", "-o", "x", "--per-shard", "0"], 64,
        "mondo: error: 0 samples don't make a shard; put 1 to 10000 into each\n"
      ),
      (
        ["bounce.yaml", "bounce.yaml", "-n", "2", "-o", "x"], 64,
        "mondo: error: 'bounce.yaml' and 'bounce.yaml' are the same scene; give each scene once\n"
      ),
      (
        ["bounce.yaml", "-n", "2", "-o", "bounce.yaml"], 74,
        "mondo: error: bounce.yaml: cannot create the file: it is a file; give the path of a folder\n"
      ),
      (["bounce.yaml", "-n", "2", "-o", "x", "--threads", "0"], 64, "mondo: error: --threads is from 1 to 1024, not 0\n"),
    ])
  func refuses(arguments: [String], status: Int, message: String) throws {
    let run = try dataset(arguments)
    #expect(run.status == Int32(status))
    #expect(run.error == message)
    #expect(workspace.names == ["bounce.yaml"])
  }

  @Test(
    "refuses by exit code",
    arguments: [
      (["none.yaml", "-n", "2", "-o", "x"], 66), (["bounce.yaml", "-n", "2", "-o", "x", "--shard", "3/2"], 64),
      (["bounce.yaml", "-n", "2", "-o", "x", "--shard", "half"], 64),
      (["bounce.yaml", "-n", "2", "-o", "x", "--set", "gravty=1"], 65),
      (["bounce.yaml", "-n", "2", "-o", "/proc/nowhere"], 74), (["-n", "2", "-o", "x"], 64),
    ])
  func exitCodes(arguments: [String], status: Int) throws {
    let run = try dataset(arguments)
    #expect(run.status == Int32(status), "\(run.error)")
    #expect(!run.error.isEmpty && run.output.isEmpty)
    #expect(workspace.names == ["bounce.yaml"])
  }

  @Test("refuses a folder of another data set")
  func foreign() throws {
    #expect(try dataset(["bounce.yaml", "-n", "1", "-o", "data"]).status == 0)
    let before = try files("data")
    let run = try dataset(["bounce.yaml", "-n", "1", "-o", "data", "--seed", "9"])
    #expect(run.status == 65)
    #expect(
      run.error
        == "mondo: error: data: it holds another data set (seed 0 there, 9 here); choose another folder, or the settings it was begun with\n"
    )
    #expect(try files("data") == before)
  }

  @Test("a refused run leaves what was there, and the folder that it didn't make")
  func guests() throws {
    let folder = workspace.folder.appendingPathComponent("guest")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let manifest = folder.appendingPathComponent("dataset.json")
    try Data("{\"mine\": 1}".utf8).write(to: manifest)
    #expect(try dataset(["bounce.yaml", "-n", "1", "-o", "guest"]).status == 65)
    #expect(try Data(contentsOf: manifest) == Data("{\"mine\": 1}".utf8))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["dataset.json"])
  }
}
