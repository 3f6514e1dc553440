import Foundation
import NeuralNetworks
import Safetensors
import Tensors
import WorldCore

/// Writes a data set's clips as latents, one after the other.
///
/// A clip is there whole or not at all, and one that is there and was made of the same sample isn't made again: cut off at any
/// moment, the same request goes on.
public struct LatentProduction {
  public struct Outcome: Encodable, Sendable, Equatable {
    public var folder: String
    public var clips = 0
    /// Of these, those that training leaves out, and those that weren't there before.
    public var heldOut = 0
    public var made = 0
    /// Of all files.
    public var bytes = 0
  }

  private let clips: ConditionedClips
  private let networks: [String: String]

  /// - Parameter networks: digests of what the clips are encoded and drawn by, so that no folder mixes latents of two.
  public init(of clips: ConditionedClips, networks: [String: String]) { (self.clips, self.networks) = (clips, networks) }

  /// - Parameter progress: told before each clip how many are there, how many of them were before, and how many there will be;
  ///   may throw to stop.
  /// - Throws: `TrainingDataError`, `FileError`, and what reading samples throws.
  public func write(to folder: String, progress: (_ done: Int, _ found: Int, _ total: Int) throws -> Void) throws -> Outcome {
    let isBegun = try LatentSet.isBegun(in: folder, networks: networks)
    var set = LatentSet(networks: networks, configuration: clips.fitting(JointTransformer.Configuration()))
    // Whatever happens from here on, the folder says whose it is.
    try Self.makeFolder(folder)
    if !isBegun { try set.write(in: folder) }

    var outcome = Outcome(folder: folder)
    var files: [SampleShards.Place: LatentClipFile] = [:]
    let total = clips.shards.learnedCount + clips.shards.heldOutPlaces.count
    for (shard, path) in clips.shards.paths.enumerated() {
      let place = String(format: "shard-%05d", shard)
      try Self.makeFolder("\(folder)/\(place)")
      for (number, sample) in try ShardSample.samples(ofShard: path).enumerated() {
        try progress(outcome.clips, outcome.clips - outcome.made, total)
        let name = "\(place)/\(sample.key).safetensors"
        let file = LatentClipFile(path: "\(folder)/\(name)")
        if file.source != sample.digest {
          try file.write(clips.clip(of: sample), key: sample.key, source: sample.digest)
          outcome.made += 1
        }
        files[SampleShards.Place(shard: shard, sample: number)] = file
        let isHeldOut = SampleShards.isHeldOut(sample.key)
        set.clips.append(try file.entry(named: name, isHeldOut: isHeldOut))
        outcome.clips += 1
        outcome.heldOut += isHeldOut ? 1 : 0
        outcome.bytes += ((try? FileManager.default.attributesOfItem(atPath: file.path)[.size]) as? Int) ?? 0
      }
    }
    try writeMeasured(on: clips.shards, files, to: folder)
    set.isComplete = true
    try set.write(in: folder)
    return outcome
  }

  /// The deviations that training begins with on the same clips, and what numbers count.
  private func writeMeasured(
    on shards: SampleShards, _ files: [SampleShards.Place: LatentClipFile], to folder: String
  ) throws {
    var checkpoint = Checkpoint()
    checkpoint.metadata["format"] = LatentClipFile.format
    let configuration = clips.fitting(JointTransformer.Configuration())
    var deviations = ResidualDeviations(width: configuration.videoLatentWidth, soundWidth: configuration.soundLatentWidth)
    clips.measure(&deviations, on: try clips.measured(seed: 0).compactMap { try files[$0]?.read() })
    checkpoint.add(deviations)
    for (name, tensor) in [("significance", clips.significance), ("sound_significance", clips.soundSignificance)] {
      checkpoint.add(tensor.reshaped([tensor.count]), named: name)
    }
    try checkpoint.write(to: LatentSet.measuredPath(in: folder))
  }

  private static func makeFolder(_ path: String) throws(FileError) {
    do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
      let reason = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
      throw FileError(
        .create, path: path, reason: reason.map { String(cString: strerror(Int32($0.code))) } ?? "the folder can't be made",
        remedy: "choose a path that you may write to")
    }
  }
}

extension LatentClipFile {
  /// What the set says of the file.
  fileprivate func entry(named name: String, isHeldOut: Bool) throws -> LatentSet.Clip {
    let header = try SafetensorsFile(path: path).metadata
    func number(_ name: String) -> Int { header[name].flatMap { Int($0) } ?? 0 }
    return LatentSet.Clip(
      file: name, times: number("times"), rows: number("rows"), columns: number("columns"), isHeldOut: isHeldOut)
  }
}

extension ShardSample {
  /// FNV-1a over what the sample's files hold: another sample of the same name has another.
  fileprivate var digest: String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for (name, bytes) in members.sorted(by: { $0.key < $1.key }) {
      for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
      for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    }
    return String(hash, radix: 16)
  }
}
