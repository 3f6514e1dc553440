import Foundation
import Synchronization

/// Asks a generator for a suite's clips, judges them beside their scenes, and sets baselines beside.
public struct ClipEvaluation: Sendable {
  public var suite: ClipSuite
  /// One at least, of different names.
  public var sources: [any ClipSource]
  /// Pieces made at once; nil is what the source allows.
  public var width: Int?

  public init(_ suite: ClipSuite, by sources: [any ClipSource]) {
    precondition(!sources.isEmpty, "an evaluation takes a generator")
    self.suite = suite
    self.sources = sources
  }

  private enum Piece {
    case generated(ClipSuite.Case, seed: UInt64, source: Int)
    case baselines(ClipSuite.Case)
  }

  /// Makes what is missing in `folder` and sums it all up. Clips that don't come, or can't be read, are told beside the others.
  ///
  /// - Parameters:
  ///   - fingerprint: the suite file's text: a folder begun with another one, or with other scenes, is refused.
  ///   - progress: called with the pieces done, in all, and found from earlier runs; what it throws ends the work, finished
  ///     pieces stay.
  /// - Throws: `SceneError`, `EvaluationError`, whatever the source throws that concerns more than a clip, or all of them.
  public func run(
    in folder: String, fingerprint: String,
    progress: @escaping @Sendable (ViolationEvaluation.Progress) throws -> Void = { _ in }
  ) throws -> ClipEvaluationDocument {
    let place = try WorkFolder(
      path: folder, suite: suite.name, generator: sources.map(\.name).joined(separator: "; "),
      fingerprint: ([fingerprint, WorkFolder.contents(of: suite.cases.map(\.scene))] + sources.map(\.identity))
        .joined(separator: "\n"))
    let pieces =
      sources.indices.flatMap { source in
        suite.cases.flatMap { one in one.seeds.map { Piece.generated(one, seed: $0, source: source) } }
      }
      + (suite.baselines.isEmpty ? [] : suite.cases.map { Piece.baselines($0) })
    let names = pieces.map { piece in
      switch piece {
      case .generated(let one, let seed, let source): "\(one.name)-\(seed)\(suffix(source))"
      case .baselines(let one): "\(one.name)-baselines"
      }
    }
    let missing = names.indices.filter { place.piece(names[$0], as: [ClipResult].self) == nil }
    var state = ViolationEvaluation.Progress()
    (state.total, state.found) = (pieces.count, pieces.count - missing.count)
    state.done = state.found
    try progress(state)
    let before = state
    let lanes = min(width ?? .max, sources.map(\.width).min()!, ProcessInfo.processInfo.activeProcessorCount)
    let failed = Mutex<[Int: any Error]>([:])
    try WorkCrew.run(missing.count, width: lanes) { done in
      var now = before
      now.done += done
      try progress(now)
    } work: { index, check in
      let piece = missing[index]
      switch pieces[piece] {
      case .generated(let one, let seed, let source):
        do {
          try place.keep([try generated(one, seed: seed, by: source, clips: place.clips, check: check)], as: names[piece])
        } catch  where ClipFailure.concernsOneClip(error) {
          failed.withLock { $0[piece] = error }
        }
      case .baselines(let one): try place.keep(try baselines(one, clips: place.clips, check: check), as: names[piece])
      }
    }
    let errors = failed.withLock { $0 }
    let failures = pieces.indices.compactMap { index -> ClipFailure? in
      guard let error = errors[index], case .generated(let one, let seed, let source) = pieces[index] else { return nil }
      return ClipFailure(name: one.name, seed: seed, generator: sources[source].name, reason: "\(error)")
    }
    // Where nothing came at all, that is the answer.
    let asked = pieces.count { if case .generated = $0 { true } else { false } }
    if failures.count == asked, let first = errors.min(by: { $0.key < $1.key }) { throw first.value }
    let results = try names.indices.filter { errors[$0] == nil }.flatMap { index in
      guard let results = place.piece(names[index], as: [ClipResult].self) else {
        throw EvaluationError.lostPiece(place.path, names[index])
      }
      return results
    }
    return ClipEvaluationDocument(
      suite: suite, generators: sources.map(\.name), results: results, failures: failures)
  }

  // MARK: One clip

  /// The world that a case and a seed mean.
  ///
  /// - Parameter changed: on top of the case's own changes.
  private func request(
    _ one: ClipSuite.Case, seed: UInt64, changed: [Scene.Override] = [], check: () throws -> Void
  ) throws -> ClipRequest {
    var changes = one.overrides + changed
    if let size = suite.size { changes.append(.init(path: "picture.size", value: "\(size.width)x\(size.height)")) }
    if let seconds = one.seconds { changes.append(.init(path: "duration", value: "\(seconds)")) }
    let scene =
      one.isDrawn
      ? try Scene.sample(contentsOf: one.scene, overrides: changes, seed: seed)
      : try Scene(contentsOf: one.scene, overrides: changes)
    var simulation = Simulation(of: scene)
    simulation.threads = 1
    let trajectory = try simulation.run { _ in try check() }
    return ClipRequest(
      name: one.name, seed: seed, prompt: one.prompt.isEmpty ? scene.about : one.prompt, scene: scene, trajectory: trajectory,
      seconds: scene.duration, firstFrame: nil,
      samples: suite.samples)
  }

  /// What the files of a further source's clips end in.
  private func suffix(_ source: Int) -> String { sources.count > 1 ? "-\(source + 1)" : "" }

  private func generated(_ one: ClipSuite.Case, seed: UInt64, by number: Int, clips: String, check: () throws -> Void) throws
    -> ClipResult
  {
    let source = sources[number]
    var request = try request(one, seed: seed, check: check)
    if one.showsFirstFrame && source.takesFirstFrame {
      let renderer = try Renderer(
        stage: request.stage, options: RenderOptions(samplesPerPixel: suite.samples, threads: 1))
      request.firstFrame = try renderer.frame(at: 0, of: request.trajectory).display
    }
    let path = try source.clip(of: request, at: "\(clips)/\(request.file)\(suffix(number)).mp4", check: check)
    var result: ClipResult
    do {
      result = try judged(path, request, by: source.name, baseline: nil, clips: clips, check: check)
    } catch  where ClipFailure.concernsOneClip(error) {
      source.discard(path)
      throw error
    }
    if !suite.modes.isEmpty, let likeness = try PictureLikeness(of: path, to: request, check: check) {
      result.document.reference?["psnr"] = likeness.psnr
      result.document.reference?["ssim"] = likeness.ssim
      result.document.reference?["sharpness"] = likeness.sharpness
    }
    if !one.secondTake.isEmpty { result.physicsIQ = try physicsIQ(of: path, request, one, check: check) }
    return result
  }

  private func judged(
    _ path: String, _ request: ClipRequest, by generator: String, baseline: BaselineClip?, clips: String,
    check: () throws -> Void
  ) throws -> ClipResult {
    let reference = ReferenceMotion(request.trajectory, on: request.stage)
    var judgement = try Judge().score(clip: path, against: reference) { _, _ in try check() }
    if suite.reading == .discs {
      let read = try reference.discMetrics(of: path) { try check() }
      judgement.document.reference?.merge(read) { $1 }
    }
    // Its own clips go where the report goes.
    let told = path.hasPrefix(clips + "/") ? WorkFolder.clipsName + path.dropFirst(clips.count) : path
    judgement.document.clip.file = path.split(separator: "/").last.map { "\($0)" } ?? path
    return ClipResult(
      name: request.name, seed: request.seed, generator: generator, baseline: baseline, prompt: request.prompt, clip: told,
      document: judgement.document)
  }

  // MARK: Baselines

  private func baselines(_ one: ClipSuite.Case, clips: String, check: () throws -> Void) throws -> [ClipResult] {
    let request = try request(one, seed: one.seeds[0], check: check)
    let world = ValidWorld(trajectory: request.trajectory, stage: request.stage)
    let footage = try WorldFilm(samplesPerPixel: suite.samples).shoot(BrokenWorld(valid: world), check: check)
    return try suite.baselines.map { baseline in
      var noise = RandomStream(seed: request.seed, "baseline.\(one.name)")
      let path = "\(clips)/\(request.file).\(baseline.rawValue).mp4"
      try footage.spoiled(as: baseline, stream: &noise).write(to: path)
      return try judged(path, request, by: baseline.rawValue, baseline: baseline, clips: clips, check: check)
    }
  }

  // MARK: Physics-IQ's measures

  /// Against the scene's own take and one with other contact coefficients.
  private func physicsIQ(
    of path: String, _ request: ClipRequest, _ one: ClipSuite.Case, check: () throws -> Void
  ) throws -> PhysicsIQScore? {
    let second = try self.request(one, seed: request.seed, changed: one.secondTake, check: check)
    func masks(of request: ClipRequest) throws -> MotionMasks {
      let world = ValidWorld(trajectory: request.trajectory, stage: request.stage)
      let footage = try WorldFilm(samplesPerPixel: suite.samples).shoot(BrokenWorld(valid: world), check: check)
      var recorder = MotionMaskRecorder(width: footage.frames[0].width, height: footage.frames[0].height)
      for frame in footage.frames { try recorder.add(frame) }
      return recorder.masks
    }
    let (first, other) = (try masks(of: request), try masks(of: second))
    let reader = try VideoReader(path: path)
    // Of another size or rate a clip can't be laid over the takes.
    let rate = reader.info.video?.framesPerSecond ?? 0
    guard reader.width / 4 == first.width, reader.height / 4 == first.height,
      abs(rate / request.scene.picture.framesPerSecond - 1) < 0.001
    else { return nil }
    var recorder = MotionMaskRecorder(width: reader.width, height: reader.height)
    while let frame = try reader.nextFrame() { try recorder.add(frame.image) }
    guard !recorder.masks.frames.isEmpty else { return nil }
    return PhysicsIQScore(of: MotionMaskOverlap(first, recorder.masks), takes: MotionMaskOverlap(first, other))
  }
}
