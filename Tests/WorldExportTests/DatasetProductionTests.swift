import Foundation
import SceneDescription
import TarArchives
import Testing
import WorldExport

@Suite("Making a data set") struct DatasetProductionTests {
  let folder = try! SceneFolder()

  func plan(_ count: Int = 5, shares: Int = 1, seed: UInt64 = 3) throws -> DatasetPlan {
    try DatasetPlan(
      scenes: [folder.bouncePath, folder.slidePath], sampleCount: count, seed: seed, samplesPerPixel: 1, shareCount: shares,
      samplesPerShard: 2)
  }

  func members(_ output: String) throws -> [String: [UInt8]] {
    let files = try FileManager.default.contentsOfDirectory(atPath: output).filter { $0.hasSuffix(".tar") }
    let all = try files.flatMap { try TarReader.members(of: "\(output)/\($0)") }
    #expect(Set(all.map(\.name)).count == all.count, "no member twice")
    return Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0.bytes) })
  }

  func shards(_ output: String) throws -> [String: Data] {
    let files = try FileManager.default.contentsOfDirectory(atPath: output)
    return Dictionary(uniqueKeysWithValues: files.map { ($0, FileManager.default.contents(atPath: "\(output)/\($0)")!) })
  }

  struct Stop: Error {}

  @Test("gives the same bytes on one thread and on three, at once or in pieces")
  func determinism() throws {
    let (one, three, pieces) = (folder.path + "/one", folder.path + "/three", folder.path + "/pieces")
    let plan = try plan()
    let outcome = try DatasetProduction(plan, width: 1).write(to: one)
    #expect(outcome.made == 5 && outcome.samples == 5 && outcome.shards.count == 3 && outcome.bytes > 10_000)
    _ = try DatasetProduction(plan, width: 3).write(to: three)
    let whole = try shards(one)
    #expect(Set(whole.keys) == ["dataset.json", "shard-00000.tar", "shard-00001.tar", "shard-00002.tar"])
    #expect(try shards(three) == whole)

    // Ended after every sample, the work goes on where it stopped: no sample is made again.
    for stop in 1...5 {
      let count = Counter()
      #expect(throws: Stop.self) {
        try DatasetProduction(plan, width: 1).write(
          to: pieces,
          progress: { state in
            if state.done > state.found { throw Stop() }
            count.found = state.found
          })
      }
      #expect(count.found == stop - 1)
    }
    let last = try DatasetProduction(plan, width: 1).write(to: pieces)
    #expect(last.made == 0 && last.samples == 5)
    #expect(try shards(pieces) == whole)
  }

  /// `@unchecked Sendable`: set from one thread at a time.
  final class Counter: @unchecked Sendable { var found = 0 }

  @Test("makes the same samples in shares, in any order of these")
  func shares() throws {
    let (all, parts) = (folder.path + "/all", folder.path + "/parts")
    _ = try DatasetProduction(plan()).write(to: all)
    let divided = try plan(shares: 3)
    for share in [2, 0, 1] { _ = try DatasetProduction(divided, share: share).write(to: parts) }
    let (whole, pieces) = (try members(all), try members(parts))
    #expect(whole.count == 5 * 4)
    #expect(whole == pieces)
    #expect(
      try members(all).keys.sorted()[0...3] == [
        "000000-bounce.json", "000000-bounce.mp4", "000000-bounce.preview.mp4", "000000-bounce.safetensors",
      ])
  }

  @Test("takes up what a killed process left: a shard made but its samples not yet gone, files half written")
  func leftovers() throws {
    let output = folder.path + "/left"
    let plan = try plan(2)
    _ = try DatasetProduction(plan).write(to: output)
    let whole = try shards(output)
    // As between the shard's renaming and the samples' going.
    let staging = output + "/.unfinished-1-of-1"
    try FileManager.default.createDirectory(atPath: staging, withIntermediateDirectories: true)
    let members = try TarReader.members(of: output + "/shard-00000.tar")
    let sample = try TarWriter(path: staging + "/000000-bounce.tar")
    for member in members where member.name.hasPrefix("000000") { try sample.append(member.bytes, as: member.name) }
    try sample.finish()
    for name in [".mondo-1-0.partial", "000001-slide.clip.mp4", "shard-00000.tar"] {
      try Data("half".utf8).write(to: URL(filePath: "\(staging)/\(name)"))
    }
    #expect(try DatasetProduction(plan).write(to: output).made == 0)
    #expect(try shards(output) == whole)
  }

  @Test("makes a damaged shard anew: empty, cut short, without a member")
  func damaged() throws {
    let output = folder.path + "/damaged"
    let plan = try plan(4)
    _ = try DatasetProduction(plan).write(to: output)
    let whole = try shards(output)
    let path = URL(filePath: output + "/shard-00001.tar")
    let bytes = whole["shard-00001.tar"]!
    let members = try TarReader.members(of: path.path)
    let part = try TarWriter(path: folder.path + "/part.tar")
    for member in members.dropLast() { try part.append(member.bytes, as: member.name) }
    try part.finish()
    for damage in [Data(), bytes.prefix(bytes.count / 2), try Data(contentsOf: URL(filePath: folder.path + "/part.tar"))] {
      try damage.write(to: path)
      #expect(try DatasetProduction(plan).write(to: output).made == 2)
      #expect(try shards(output) == whole)
    }
    // A sample that waits for its shard may be damaged as well.
    let staging = output + "/.unfinished-1-of-1"
    try FileManager.default.createDirectory(atPath: staging, withIntermediateDirectories: true)
    try FileManager.default.removeItem(at: path)
    try bytes.prefix(700).write(to: URL(filePath: staging + "/000002-bounce.tar"))
    #expect(try DatasetProduction(plan).write(to: output).made == 2)
    #expect(try shards(output) == whole)
  }

  @Test("refuses a folder of another data set, a file, and a share that is being made")
  func foreignFolders() throws {
    let output = folder.path + "/set"
    _ = try DatasetProduction(plan(1)).write(to: output)
    func message(_ path: String, _ plan: DatasetPlan) -> String? {
      do { _ = try DatasetProduction(plan).write(to: path) } catch { return String(describing: error) }
      return nil
    }
    let remedy = "; choose another folder, or the settings it was begun with"
    #expect(message(output, try plan(2)) == "\(output): it holds another data set (samples 1 there, 2 here)" + remedy)
    #expect(message(output, try plan(1, seed: 4)) == "\(output): it holds another data set (seed 3 there, 4 here)" + remedy)
    let before = try shards(output)
    try Data("[]".utf8).write(to: URL(filePath: output + "/dataset.json"))
    #expect(message(output, try plan(1)) == "\(output): its dataset.json is no manifest of a data set of Mondo's" + remedy)
    #expect(try shards(output).count == before.count)
    #expect(
      message(folder.bouncePath, try plan(1))
        == "\(folder.bouncePath): cannot create the file: it is a file; give the path of a folder")
  }

  @Test("leaves nothing where nothing could be made, and says why")
  func impossible() throws {
    let path = folder.path + "/stuck.yaml"
    let wall = "  wall: {shape: {box: {size: [1, 1, 1]}}, motion: fixed, position: [5, 0, 0.5]}\ncamera:"
    try
      (SceneFolder.slide.replacingOccurrences(of: "camera:", with: wall)
      + "\nvary: {\"bodies.wall.position[0]\": {uniform: [0, 0.1]}}\n")
      .write(toFile: path, atomically: true, encoding: .utf8)
    let plan = try DatasetPlan(scenes: [path], sampleCount: 2)
    let error = #expect(throws: DatasetError.self) { try DatasetProduction(plan).write(to: folder.path + "/out") }
    #expect(
      error?.description.contains("none of 32 draws from 'vary' gave a possible world (the last: 'block' and 'wall' overlap")
        == true)
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/out"))
  }
}
