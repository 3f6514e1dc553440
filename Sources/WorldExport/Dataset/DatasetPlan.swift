public import SceneDescription
public import WorldCore
import WorldSimulation

/// What a data set holds, down to the seed of each sample: the same request gives the same plan on every machine.
///
/// Samples are dealt to the scenes in turn. What a sample holds depends on the data set's seed, on its scene and on its count
/// within that scene, not on the other scenes; so shares made elsewhere, in any order, fit together.
public struct DatasetPlan: Sendable, Equatable {
  public static let largestCount = 10_000_000

  /// A scene file that samples are drawn from.
  public struct Source: Sendable, Equatable, Codable {
    public var path: String
    public var name: String
    /// Of the scene as it is written, before anything is drawn.
    public var digest: String
  }

  /// One sample to be made.
  public struct Sample: Sendable, Equatable {
    /// 0 …, over the whole data set.
    public var number: Int
    /// The file name of its members, without dots, as WebDataset wants it: `000012-missed-shot`.
    public var key: String
    public var source: Int
    /// How many of the same scene come before it.
    public var turn: Int
  }

  /// A tar archive of consecutive samples of one share.
  public struct Shard: Sendable, Equatable {
    public var file: String
    public var samples: [Int]
  }

  /// In the order of names and digests, whatever order they were given in.
  public private(set) var sources: [Source]
  public private(set) var sampleCount: Int
  public private(set) var seed: UInt64
  public private(set) var overrides: [Scene.Override]
  /// `WIDTHxHEIGHT`, drawn per sample; empty is each scene's own.
  public private(set) var sizes: [String]
  /// Light paths a pixel; nil is the style's own.
  public private(set) var samplesPerPixel: Int?
  public private(set) var shareCount: Int
  public private(set) var samplesPerShard: Int

  /// Reads and checks every scene.
  ///
  /// - Parameters:
  ///   - paths: of scene files, each once.
  ///   - sizes: of pictures, in pixels, both even.
  ///   - shareCount: how many processes or machines divide the work.
  /// - Throws: `SceneError` for a scene with mistakes, `DatasetError` for a request that can't be met.
  public init(
    scenes paths: [String], sampleCount: Int, seed: UInt64 = 0, overrides: [Scene.Override] = [], sizes: [String] = [],
    samplesPerPixel: Int? = nil, shareCount: Int = 1, samplesPerShard: Int = 64
  ) throws {
    guard !paths.isEmpty else { throw DatasetError.badRequest("no scene is given", remedy: "name at least one") }
    guard (1...Self.largestCount).contains(sampleCount) else {
      throw DatasetError.badRequest(
        "\(sampleCount) is no count of samples", remedy: "ask for 1 to \(Self.largestCount)")
    }
    guard (1...10_000).contains(samplesPerShard) else {
      throw DatasetError.badRequest("\(samplesPerShard) samples don't make a shard", remedy: "put 1 to 10000 into each")
    }
    guard (1...100_000).contains(shareCount) else {
      throw DatasetError.badRequest("a data set can't be divided by \(shareCount)", remedy: "use 1 to 100000 shares")
    }
    var sources: [Source] = []
    for path in paths {
      let scene = try Scene(contentsOf: path, overrides: overrides)
      sources.append(Source(path: path, name: scene.name, digest: scene.digest))
    }
    sources.sort { ($0.name, $0.digest) < ($1.name, $1.digest) }
    for (a, b) in zip(sources, sources.dropFirst()) where a.digest == b.digest {
      throw DatasetError.badRequest("'\(a.path)' and '\(b.path)' are the same scene", remedy: "give each scene once")
    }
    self.sources = sources
    self.sampleCount = sampleCount
    self.seed = seed
    self.overrides = overrides
    self.sizes = sizes
    self.samplesPerPixel = samplesPerPixel
    self.shareCount = shareCount
    self.samplesPerShard = samplesPerShard
  }

  public func sample(_ number: Int) -> Sample {
    let source = number % sources.count
    let digits = String(number)
    let padded = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    return Sample(
      number: number, key: "\(padded)-\(Self.keyPart(sources[source].name))", source: source, turn: number / sources.count)
  }

  /// What all draws of a sample come from.
  public func stream(of sample: Sample) -> RandomStream {
    RandomStream(seed: seed, "dataset." + sources[sample.source].digest).substream(sample.turn)
  }

  /// The archives of share `share`, 0 ..< shareCount: every `shareCount`-th sample is its own.
  public func shards(ofShare share: Int) -> [Shard] {
    precondition((0..<shareCount).contains(share), "share \(share) is none of \(shareCount)")
    let numbers = Array(stride(from: share, to: sampleCount, by: shareCount))
    let prefix = shareCount == 1 ? "shard" : "shard-\(share + 1)-of-\(shareCount)"
    return stride(from: 0, to: numbers.count, by: samplesPerShard).map { start in
      let digits = String(start / samplesPerShard)
      let padded = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
      return Shard(
        file: "\(prefix)-\(padded).tar", samples: Array(numbers[start..<min(start + samplesPerShard, numbers.count)]))
    }
  }

  /// Letters, digits, `-` and `_`: a dot would end the key.
  private static func keyPart(_ name: String) -> String {
    let kept = name.utf8.map { byte -> Character in
      let isPlain = (byte | 32) >= 97 && (byte | 32) <= 122 || byte >= 48 && byte <= 57 || byte == 45 || byte == 95
      return isPlain ? Character(UnicodeScalar(byte)) : "-"
    }
    return String(kept.prefix(60))
  }
}
