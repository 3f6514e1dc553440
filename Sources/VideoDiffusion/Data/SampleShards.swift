import Foundation
import TarArchives
import WorldCore

/// The shards of one or more data sets, and the order in which training passes through them.
///
/// Which sample comes at which place is a function of the seed and the place alone: training that was cut off goes on at the
/// next place, and needs nothing but its number. One shard is passed through at a time, its samples shuffled, so that data
/// larger than memory stream by; `mondo dataset` deals the scenes over every shard.
public struct SampleShards: Sendable, Equatable {
  public struct Place: Sendable, Hashable {
    public var shard: Int
    /// Among all samples of the shard.
    public var sample: Int
  }

  /// Sorted by file name.
  public private(set) var paths: [String]
  /// Samples of each shard that are learnt from, and those held out for evaluation.
  private var learned: [[Int]] = []
  private var heldOut: [[Int]] = []

  /// One sample in so many is held out, by its key: it stays so whatever else is in the data.
  static let heldOutShare: UInt64 = 16

  /// Reads the names in all shards.
  ///
  /// - Parameter paths: of folders or shards.
  /// - Throws: `TrainingDataError`, `TarError`.
  public init(_ paths: [String]) throws {
    var shards: [String] = []
    for path in paths {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw TrainingDataError.missing(path: path)
      }
      guard isFolder.boolValue else {
        shards.append(path)
        continue
      }
      let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
      let found = names.filter { $0.hasSuffix(".tar") && !$0.hasPrefix(".") }.sorted()
      guard !found.isEmpty else { throw TrainingDataError.noShards(path: path) }
      shards += found.map { "\(path)/\($0)" }
    }
    self.paths = shards
    for shard in shards {
      let keys = try ShardSample.keys(ofShard: shard)
      learned.append(keys.indices.filter { !Self.isHeldOut(keys[$0]) })
      heldOut.append(keys.indices.filter { Self.isHeldOut(keys[$0]) })
    }
    guard learnedCount > 0 else { throw TrainingDataError.tooFew(samples: 0, remedy: "make some with 'mondo dataset'") }
  }

  public var learnedCount: Int { learned.reduce(0) { $0 + $1.count } }

  /// Places of the samples that training never sees.
  public var heldOutPlaces: [Place] {
    heldOut.enumerated().flatMap { shard, samples in samples.map { Place(shard: shard, sample: $0) } }
  }

  /// Throws where there are none.
  func heldOutOrThrow() throws(TrainingDataError) -> [Place] {
    guard heldOutPlaces.isEmpty else { return heldOutPlaces }
    throw .tooFew(
      samples: learnedCount, remedy: "one in \(Self.heldOutShare) is held out to be measured, and here none is: make more")
  }

  static func isHeldOut(_ key: String) -> Bool {
    var stream = RandomStream(seed: 0, "held out." + key)
    return stream.next() % heldOutShare == 0
  }

  /// The place that training comes to as number `count`, from 0.
  public func place(_ count: Int, seed: UInt64) -> Place {
    let (epoch, rest) = count.quotientAndRemainder(dividingBy: learnedCount)
    let stream = RandomStream(seed: seed, "training.order").substream(epoch)
    var order = stream.substream(-1)
    var left = rest
    for shard in Self.shuffled(Array(paths.indices), &order) {
      guard left >= learned[shard].count else {
        var within = stream.substream(shard)
        return Place(shard: shard, sample: Self.shuffled(learned[shard], &within)[left])
      }
      left -= learned[shard].count
    }
    preconditionFailure("an epoch has as many places as there are samples")
  }

  /// Fisher and Yates' shuffle, written out: the standard library doesn't promise to keep its own.
  private static func shuffled(_ numbers: [Int], _ stream: inout RandomStream) -> [Int] {
    var numbers = numbers
    for k in numbers.indices.dropFirst().reversed() { numbers.swapAt(k, stream.index(below: k + 1)) }
    return numbers
  }
}
