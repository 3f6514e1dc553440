import TarArchives

/// Fetches what training needs of the samples, and keeps as much of it in memory as it may.
///
/// What a sample becomes is `make`'s to say: pixels, sound, latents. For one task at a time.
final class SampleReader<Item> {
  let shards: SampleShards
  private let make: (ShardSample) throws -> Item
  private let size: (Item) -> Int
  private let capacity: Int

  private var kept: [SampleShards.Place: Item] = [:]
  private var keptBytes = 0
  /// The shard that is being passed through.
  private var open: (shard: Int, samples: [ShardSample])?

  /// - Parameters:
  ///   - capacity: bytes that may be kept; what doesn't fit is made anew each time.
  ///   - size: bytes of an item.
  init(
    _ shards: SampleShards, capacity: Int = 2 << 30, size: @escaping (Item) -> Int, make: @escaping (ShardSample) throws -> Item
  ) {
    self.shards = shards
    self.capacity = capacity
    self.size = size
    self.make = make
  }

  /// Throws what `make` throws, and `TarError` where the shard can't be read.
  func item(at place: SampleShards.Place) throws -> Item {
    if let item = kept[place] { return item }
    if open?.shard != place.shard { open = (place.shard, try ShardSample.samples(ofShard: shards.paths[place.shard])) }
    guard let samples = open?.samples, samples.indices.contains(place.sample) else {
      throw TarError.malformed(path: shards.paths[place.shard], problem: "it has changed while it was being used")
    }
    let item = try make(samples[place.sample])
    if keptBytes + size(item) <= capacity {
      kept[place] = item
      keptBytes += size(item)
    }
    return item
  }
}
