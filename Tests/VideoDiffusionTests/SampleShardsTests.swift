import Foundation
import Testing
import VideoDiffusion

@Suite struct SampleShardsTests {
  let shards = TestData.shards

  @Test("an epoch passes every sample once, a shard at a time, and each epoch in another order")
  func epochs() {
    let count = shards.learnedCount
    let places = (0..<3 * count).map { shards.place($0, seed: 5) }
    let epochs = (0..<3).map { Array(places[$0 * count..<($0 + 1) * count]) }
    for epoch in epochs {
      #expect(Set(epoch).count == count)
      let changes = zip(epoch, epoch.dropFirst()).count { $0.shard != $1.shard }
      #expect(changes == shards.paths.count - 1)
    }
    #expect(Set(epochs).count > 1)
    #expect(places == (0..<3 * count).map { shards.place($0, seed: 5) })
    #expect(places != (0..<3 * count).map { shards.place($0, seed: 6) })
  }

  @Test("what is held out is never learnt from")
  func heldOut() {
    let learned = Set((0..<shards.learnedCount).map { shards.place($0, seed: 1) })
    #expect(learned.isDisjoint(with: shards.heldOutPlaces))
    #expect(learned.count + shards.heldOutPlaces.count == 6)
  }

  @Test("what is missing or empty is told")
  func missing() throws {
    #expect(throws: TrainingDataError.missing(path: "/no/such")) { try SampleShards(["/no/such"]) }
    let folder = temporaryPath("data")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let empty = #expect(throws: TrainingDataError.self) { try SampleShards([folder]) }
    #expect(empty?.description == "\(folder): there are no shards (.tar) in this folder; make some with 'mondo dataset'")
  }
}
