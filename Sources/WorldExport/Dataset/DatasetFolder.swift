import Foundation
import TarArchives
import WorldCore

/// The folder that one share of a data set grows in.
///
/// Finished samples wait in a hidden folder, each whole or not there, until all of a shard are; then the shard takes its name
/// in one step and they go. Whenever a process is killed, no sample that was finished is lost and none is told twice.
final class DatasetFolder {
  let path: String
  /// Where samples wait, and where files in the making are.
  let staging: String
  private let lock: Int32
  /// Whether the folder wasn't there before.
  private let isOwn: Bool

  /// Makes the folder where it is missing, and keeps other processes off the share until this object goes away.
  init(path: String, share: Int, of count: Int) throws {
    self.path = path
    let name = "\(share + 1)-of-\(count)"
    staging = "\(path)/.unfinished-\(name)"
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
      throw FileError(.create, path: path, reason: "it is a file", remedy: "give the path of a folder")
    }
    isOwn = !FileManager.default.fileExists(atPath: path)
    do {
      try FileManager.default.createDirectory(atPath: staging, withIntermediateDirectories: true)
    } catch {
      let reason = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
      throw FileError(
        .create, path: path, reason: reason.map { String(cString: strerror(Int32($0.code))) } ?? "the folder can't be made",
        remedy: "choose a path that you may write to")
    }
    // The lock goes with the process, however that ends.
    lock = open("\(staging)/lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o666)
    guard lock >= 0 else {
      throw FileError(
        .create, path: path, reason: String(cString: strerror(errno)), remedy: "choose a path that you may write to")
    }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      close(lock)
      throw DatasetError.busy(path: path, share: name)
    }
  }

  deinit { close(lock) }

  func exists(_ shard: DatasetPlan.Shard) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(shard.file)") }

  /// Takes a shard away that isn't whole, as a full disk or a broken copy leaves it: it is made anew.
  func discardDamaged(_ shard: DatasetPlan.Shard, of plan: DatasetPlan) {
    guard exists(shard), !Self.isWhole("\(path)/\(shard.file)", keys: shard.samples.map { plan.sample($0).key }) else { return }
    try? FileManager.default.removeItem(atPath: "\(path)/\(shard.file)")
  }

  /// Whether an archive can be read to its end and has all members of these samples, and no others.
  private static func isWhole(_ path: String, keys: [String]) -> Bool {
    var names: [String] = []
    do {
      let reader = try TarReader(path: path)
      while let member = try reader.next() { names.append(member.name) }
    } catch { return false }
    return names == keys.flatMap { key in SampleFiles.endings.map { "\(key).\($0)" } }
  }

  /// Takes away what a killed process left half done.
  func clear() {
    for name in names(in: staging) where name.hasSuffix(".partial") || name.hasSuffix(".mp4") || name.hasPrefix("shard") {
      try? FileManager.default.removeItem(atPath: "\(staging)/\(name)")
    }
  }

  // MARK: Samples

  private func place(_ sample: DatasetPlan.Sample) -> String { "\(staging)/\(sample.key).tar" }

  func has(_ sample: DatasetPlan.Sample) -> Bool { FileManager.default.fileExists(atPath: place(sample)) }

  func discardDamaged(_ sample: DatasetPlan.Sample) {
    if has(sample), !Self.isWhole(place(sample), keys: [sample.key]) { discard(sample) }
  }

  /// Keeps a finished sample until its shard is whole.
  func keep(_ files: SampleFiles, as sample: DatasetPlan.Sample) throws {
    let archive = try TarWriter(path: place(sample))
    for (ending, bytes) in files.members { try archive.append(bytes, as: "\(sample.key).\(ending)") }
    try archive.finish()
  }

  func discard(_ sample: DatasetPlan.Sample) { try? FileManager.default.removeItem(atPath: place(sample)) }

  // MARK: Shards

  /// Makes a shard of its samples, all of which wait, and lets these go.
  func assemble(_ shard: DatasetPlan.Shard, of plan: DatasetPlan) throws {
    let made = "\(staging)/\(shard.file)"
    let archive = try TarWriter(path: made)
    for number in shard.samples {
      let reader = try TarReader(path: place(plan.sample(number)))
      while let member = try reader.next() { try archive.append(member.bytes, as: member.name) }
    }
    try archive.finish()
    guard rename(made, "\(path)/\(shard.file)") == 0 else {
      throw FileError(
        .replace, path: "\(path)/\(shard.file)", reason: String(cString: strerror(errno)), remedy: "check the disk")
    }
    flush()
    // Killed before here, the next run finds shard and samples both, and takes the samples away.
    for number in shard.samples { discard(plan.sample(number)) }
  }

  /// Takes the hidden folder away when nothing waits in it.
  func finish() {
    guard names(in: staging).allSatisfy({ $0 == "lock" }) else { return }
    try? FileManager.default.removeItem(atPath: staging)
  }

  /// Leaves nothing behind where nothing was made: takes the manifest away if it stands alone, and the folder if it is empty
  /// then. What was there before stays.
  ///
  /// - Parameter manifest: whether this run has written it.
  func withdraw(manifest: Bool) {
    if manifest, names(in: path) == [DatasetManifest.fileName] {
      try? FileManager.default.removeItem(atPath: "\(path)/\(DatasetManifest.fileName)")
    }
    // Refused by the system where anything is in it.
    if isOwn { rmdir(path) }
  }

  private func flush() {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }

  private func names(in folder: String) -> [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] }
}
