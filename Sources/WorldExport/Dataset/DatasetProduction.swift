import Foundation
import Synchronization

/// Makes one share of a data set, as many samples at once as there are cores.
///
/// What comes out depends on the plan alone: not on the number of threads, not on how often the work was cut off and taken up
/// again.
public struct DatasetProduction: Sendable {
  public var plan: DatasetPlan
  /// 0 ..< the plan's `shareCount`.
  public var share: Int
  /// Samples made at once.
  public var width: Int

  /// - Parameter width: nil is one a core.
  public init(_ plan: DatasetPlan, share: Int = 0, width: Int? = nil) {
    precondition((0..<plan.shareCount).contains(share), "share \(share) is none of \(plan.shareCount)")
    self.plan = plan
    self.share = share
    self.width = max(1, width ?? ProcessInfo.processInfo.activeProcessorCount)
  }

  /// How far the work has come.
  public struct Progress: Sendable, Equatable {
    /// Samples that are there, those of earlier runs among them, and in all.
    public var done = 0
    public var total = 0
    /// Of `done`, made by earlier runs.
    public var found = 0
    /// Frames made by this run.
    public var frames = 0

    public init() {}
  }

  public struct Outcome: Codable, Equatable, Sendable {
    public var folder: String
    public var share: Int
    public var shares: Int
    public var samples: Int
    /// Made by this run; the others were there.
    public var made: Int
    public var frames: Int
    public var shards: [String]
    public var bytes: Int
  }

  /// Makes what is missing.
  ///
  /// - Parameters:
  ///   - folder: is made where it is missing. It may hold other shares of the same data set.
  ///   - progress: called after each sample; never twice at once.
  ///   - check: called often, from any thread; what it throws ends the work. Samples that are finished are kept.
  /// - Throws: `DatasetError`, `SceneError`, `FileError`, `RenderingError`, `MediaError`, `TarError`.
  public func write(
    to folder: String, progress: @escaping @Sendable (Progress) throws -> Void = { _ in },
    check: @escaping @Sendable () throws -> Void = {}
  ) throws -> Outcome {
    let place = try DatasetFolder(path: folder, share: share, of: plan.shareCount)
    var isFirst = false
    do {
      isFirst = try DatasetManifest(plan).settle(in: folder)
      let outcome = try make(in: place, folder: folder, progress: progress, check: check)
      place.finish()
      return outcome
    } catch {
      place.finish()
      place.withdraw(manifest: isFirst)
      throw error
    }
  }

  private func make(
    in place: DatasetFolder, folder: String, progress: @escaping @Sendable (Progress) throws -> Void,
    check: @escaping @Sendable () throws -> Void
  ) throws -> Outcome {
    place.clear()
    let shards = plan.shards(ofShare: share)
    var state = Progress()
    state.total = shards.reduce(0) { $0 + $1.samples.count }
    var missing: [DatasetPlan.Sample] = []
    for shard in shards {
      let samples = shard.samples.map(plan.sample)
      try check()
      place.discardDamaged(shard, of: plan)
      if place.exists(shard) {
        for sample in samples { place.discard(sample) }
        state.found += samples.count
      } else {
        for sample in samples { place.discardDamaged(sample) }
        let absent = samples.filter { !place.has($0) }
        state.found += samples.count - absent.count
        missing += absent
      }
    }
    state.done = state.found
    try progress(state)

    // A shard is put together when its last sample comes in.
    let keeper = Keeper(plan: plan, place: place, shards: shards, state: state, progress: progress)
    try keeper.assembleWhole()
    let crew = Crew(samples: missing)
    let (plan, scratch) = (self.plan, place.staging)
    DispatchQueue.concurrentPerform(iterations: min(width, max(missing.count, 1))) { _ in
      while let sample = crew.next() {
        crew.attempt {
          // Whatever ends one worker ends the others soon.
          let look = { @Sendable () throws in
            try check()
            if crew.hasFailed { throw CancellationError() }
          }
          try look()
          let world = try SampleWorld(sample, of: plan, progress: look)
          let files = try SampleFiles(world, samplesPerPixel: plan.samplesPerPixel, scratch: scratch, progress: look)
          try keeper.take(files, as: sample)
        }
      }
    }
    if let error = crew.error { throw error }
    let made = keeper.progress
    return Outcome(
      folder: folder, share: share + 1, shares: plan.shareCount, samples: made.total, made: made.done - made.found,
      frames: made.frames, shards: shards.map(\.file),
      bytes: shards.reduce(0) { $0 + Self.size(of: "\(folder)/\($1.file)") })
  }

  private static func size(of path: String) -> Int {
    (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
  }
}

/// Hands out the samples, and remembers the first error.
private final class Crew: Sendable {
  private let samples: [DatasetPlan.Sample]
  private let state = Mutex<(next: Int, error: (any Error)?)>((0, nil))

  init(samples: [DatasetPlan.Sample]) { self.samples = samples }

  /// The next sample that nobody makes yet; nil when there is none or the work has failed.
  func next() -> DatasetPlan.Sample? {
    state.withLock { state in
      guard state.error == nil, state.next < samples.count else { return nil }
      state.next += 1
      return samples[state.next - 1]
    }
  }

  func attempt(_ work: () throws -> Void) {
    do { try work() } catch {
      state.withLock { if $0.error == nil { $0.error = error } }
    }
  }

  var hasFailed: Bool { state.withLock { $0.error != nil } }
  var error: (any Error)? { state.withLock { $0.error } }
}

/// Takes finished samples in and puts shards together, one at a time.
///
/// `@unchecked Sendable`: the folder and the state are touched under the lock only.
private final class Keeper: @unchecked Sendable {
  private let plan: DatasetPlan
  private let place: DatasetFolder
  private let shards: [DatasetPlan.Shard]
  private let tell: @Sendable (DatasetProduction.Progress) throws -> Void
  private let lock = NSLock()
  private var state: DatasetProduction.Progress

  init(
    plan: DatasetPlan, place: DatasetFolder, shards: [DatasetPlan.Shard], state: DatasetProduction.Progress,
    progress: @escaping @Sendable (DatasetProduction.Progress) throws -> Void
  ) {
    self.plan = plan
    self.place = place
    self.shards = shards
    self.state = state
    tell = progress
  }

  var progress: DatasetProduction.Progress { lock.withLock { state } }

  /// Shards all of whose samples an earlier run had finished.
  func assembleWhole() throws {
    for shard in shards where !place.exists(shard) && shard.samples.allSatisfy({ place.has(plan.sample($0)) }) {
      try place.assemble(shard, of: plan)
    }
  }

  func take(_ files: SampleFiles, as sample: DatasetPlan.Sample) throws {
    try lock.withLock {
      try place.keep(files, as: sample)
      state.done += 1
      state.frames += files.frameCount
      if let shard = shards.first(where: { $0.samples.contains(sample.number) }),
        shard.samples.allSatisfy({ place.has(plan.sample($0)) })
      {
        try place.assemble(shard, of: plan)
      }
      try tell(state)
    }
  }
}
