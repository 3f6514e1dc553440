package import TarArchives

/// A sample of a data set as it lies in its shard: files of one name with different endings.
public struct ShardSample: Sendable, Equatable {
  /// The files' name up to the first dot.
  public var key: String
  /// By ending: `mp4`, `json`, `preview.mp4`, `safetensors`.
  public var members: [String: [UInt8]]

  /// All samples of a shard, whose members stand together (WebDataset's convention).
  ///
  /// - Throws: `TarError`.
  package static func samples(ofShard path: String) throws(TarError) -> [ShardSample] {
    let reader = try TarReader(path: path)
    var samples: [ShardSample] = []
    while let member = try reader.next() {
      guard let (key, ending) = parts(of: member.name) else { continue }
      if samples.last?.key != key { samples.append(ShardSample(key: key, members: [:])) }
      samples[samples.count - 1].members[ending] = member.bytes
    }
    return samples
  }

  /// The same samples' keys, for which no more is read than the archive's headers.
  ///
  /// - Throws: `TarError`.
  static func keys(ofShard path: String) throws(TarError) -> [String] {
    let reader = try TarReader(path: path)
    var keys: [String] = []
    while let name = try reader.nextName() {
      if let (key, _) = parts(of: name), keys.last != key { keys.append(key) }
    }
    return keys
  }

  private static func parts(of name: String) -> (key: String, ending: String)? {
    let file = name.split(separator: "/").last ?? ""
    guard let dot = file.firstIndex(of: "."), dot != file.startIndex else { return nil }
    return (String(file[..<dot]), String(file[file.index(after: dot)...]))
  }
}
