import Foundation
import SceneDescription
import Testing
import WorldExport

@Suite("A data set's plan") struct DatasetPlanTests {
  let folder = try! SceneFolder()

  func plan(_ scenes: [String]? = nil, _ count: Int = 23, seed: UInt64 = 5, shares: Int = 1, perShard: Int = 4) throws
    -> DatasetPlan
  {
    try DatasetPlan(
      scenes: scenes ?? [folder.bouncePath, folder.slidePath], sampleCount: count, seed: seed, shareCount: shares,
      samplesPerShard: perShard)
  }

  @Test("gives each sample to one shard of one share", arguments: [1, 2, 3, 7, 23, 30])
  func partition(shares: Int) throws {
    let plan = try plan(shares: shares)
    let shards = (0..<shares).flatMap { plan.shards(ofShare: $0) }
    #expect(shards.flatMap(\.samples).sorted() == Array(0..<23))
    #expect(Set(shards.map(\.file)).count == shards.count)
    #expect(shards.allSatisfy { (1...4).contains($0.samples.count) })
    let sizes = (0..<shares).map { plan.shards(ofShare: $0).reduce(0) { $0 + $1.samples.count } }
    #expect(sizes.max()! - sizes.min()! <= 1, "shares are even")
  }

  @Test("depends neither on the order of the scenes nor, in what a sample is, on the other scenes")
  func order() throws {
    let (a, b) = (try plan(), try plan([folder.slidePath, folder.bouncePath]))
    #expect(a == b)
    let alone = try plan([folder.slidePath])
    let third = try #require((0..<23).map(a.sample).first { a.sources[$0.source].name == "slide" && $0.turn == 3 })
    var (x, y) = (a.stream(of: third), alone.stream(of: alone.sample(3)))
    let (first, same): (UInt64, UInt64) = (x.next(), y.next())
    #expect(first == same)
    var z = try plan(seed: 6).stream(of: third)
    let other: UInt64 = z.next()
    #expect(other != first)
  }

  @Test("names samples so that only their ending has a dot")
  func keys() throws {
    try "mondo: 1\nname: a.b c\nbodies: {b: {shape: {sphere: {radius: 1}}}}".write(
      toFile: folder.path + "/odd.yaml", atomically: true, encoding: .utf8)
    let plan = try plan([folder.path + "/odd.yaml"])
    #expect(plan.sample(12).key == "000012-a-b-c")
    #expect(plan.shards(ofShare: 0).map(\.file).first == "shard-00000.tar")
    #expect(try self.plan(shares: 2).shards(ofShare: 1)[0].file == "shard-2-of-2-00000.tar")
  }

  @Test("says what is wrong with a request")
  func mistakes() throws {
    func message(_ make: () throws -> DatasetPlan) -> String? {
      do { _ = try make() } catch { return String(describing: error) }
      return nil
    }
    #expect(message { try plan([]) } == "no scene is given; name at least one")
    #expect(message { try plan(nil, 0) } == "0 is no count of samples; ask for 1 to 10000000")
    #expect(message { try plan(perShard: 0) } == "0 samples don't make a shard; put 1 to 10000 into each")
    #expect(message { try plan(shares: 0) } == "a data set can't be divided by 0; use 1 to 100000 shares")
    let path = folder.bouncePath
    #expect(message { try plan([path, path]) } == "'\(path)' and '\(path)' are the same scene; give each scene once")
    #expect(throws: SceneError.self) { try plan([folder.path + "/none.yaml"]) }
  }
}
