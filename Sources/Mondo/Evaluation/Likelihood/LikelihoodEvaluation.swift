import Foundation

/// Asks Mondo's network which of two twins it expects, the valid one or the broken one.
public struct LikelihoodEvaluation: Sendable {
  public var suite: LikelihoodSuite
  public var weights = GeneratorWeights()

  public init(_ suite: LikelihoodSuite) { self.suite = suite }

  private struct Piece {
    var world: ViolationSuite.World
    var draw: Int

    var name: String { "\(TrackedWorld.base(world.scene))-\(draw)" }
  }

  /// Makes what is missing in `folder` and sums it all up.
  ///
  /// - Parameters:
  ///   - fingerprint: the suite file's text: a folder begun with another one, or with other weights, is refused.
  ///   - progress: called after each world; what it throws ends the work, finished worlds stay.
  /// - Throws: `SceneError`, `SimulationError`, `RenderingError`, `MediaError`, `WeightsError`, `EvaluationError`.
  public func run(
    in folder: String, fingerprint: String,
    progress: @escaping @Sendable (ViolationEvaluation.Progress) throws -> Void = { _ in }
  ) throws -> LikelihoodDocument {
    let digests = weights.digests()
    let place = try WorkFolder(
      path: folder, suite: suite.name, generator: "likelihood",
      fingerprint: fingerprint + WorkFolder.contents(of: suite.worlds.map(\.scene))
        + digests.sorted { $0.key < $1.key }.map { $0.key + $0.value }.joined())
    let pieces = suite.worlds.flatMap { world in (0..<world.count).map { Piece(world: world, draw: $0) } }
    let missing = pieces.indices.filter { place.piece(pieces[$0].name, as: [LikelihoodPair].self) == nil }
    var state = ViolationEvaluation.Progress()
    (state.total, state.found) = (pieces.count, pieces.count - missing.count)
    state.done = state.found
    try progress(state)
    let before = state
    let generator = try weights.generator()
    // The network takes both cores by itself.
    try WorkCrew.run(missing.count, width: 1) { done in
      var now = before
      now.done += done
      try progress(now)
    } work: { index, check in
      let piece = pieces[missing[index]]
      try place.keep(twins(of: piece, by: generator, scratch: place.clips, check: check), as: piece.name)
    }
    let pairs = try pieces.flatMap { piece in
      guard let pairs = place.piece(piece.name, as: [LikelihoodPair].self) else {
        throw EvaluationError.lostPiece(place.path, piece.name)
      }
      return pairs
    }
    guard !pairs.isEmpty else {
      throw EvaluationError.nothingMeasured("none of the suite's worlds could be broken by any of its violations")
    }
    return LikelihoodDocument(suite: suite, weights: digests, pairs: pairs)
  }

  /// A drawn world whole and broken in every way that it can be, filmed the same way.
  private func twins(
    of piece: Piece, by generator: ClipGenerator, scratch: String, check: () throws -> Void
  ) throws -> [LikelihoodPair] {
    var stream = RandomStream(seed: suite.seed, "likelihood.\(piece.name)")
    var scene = try Scene.sample(contentsOf: piece.world.scene, overrides: piece.world.overrides, seed: stream.next() >> 1)
    (scene.picture.width, scene.picture.height) = suite.size
    var simulation = Simulation(of: scene)
    simulation.threads = 1
    let world = ValidWorld(trajectory: try simulation.run(), stage: scene.stage)
    let film = WorldFilm(samplesPerPixel: suite.samples)
    let footage = try film.shoot(BrokenWorld(valid: world), check: check)

    var loss = DenoisingLoss()
    (loss.times, loss.draws, loss.seed) = (suite.times, suite.draws, stream.next())
    (loss.caption, loss.style) = (
      scene.about.isEmpty ? nil : scene.about, GeneratorStyle(rawValue: scene.stage.shots[0].style.rawValue)
    )
    func seen(_ footage: Footage, _ label: String) throws -> (loss: DenoisingLoss.Value, score: Double) {
      let path = "\(scratch)/\(piece.name)-\(label).mp4"
      defer { try? FileManager.default.removeItem(atPath: path) }
      try footage.write(to: path)
      let score = try Judge().score(clip: path) { _, _ in try check() }.document.score
      let value = try loss.value(
        of: footage.frames, sound: footage.sound, framesPerSecond: footage.framesPerSecond, by: generator, check: check)
      return (value, score)
    }
    let valid = try seen(footage, "valid")
    let look = FilmingCondition(name: "rendered", height: suite.size.height, framesPerSecond: footage.framesPerSecond)
    let effect = VisibleEffect(beside: world, under: look)
    var pairs: [LikelihoodPair] = []
    for family in suite.families {
      for severity in suite.severities {
        // Each has a stream of its own, so that leaving one family out changes no other.
        var draws = RandomStream(seed: suite.seed, "likelihood.\(piece.name).\(family.name).\(severity.rawValue)")
        guard let broken = family.broken(world, severity: severity, seenBy: effect, stream: &draws) else { continue }
        let shot =
          broken.isSameFilm
          ? footage.reordered(broken, fps: footage.framesPerSecond) : try film.shoot(broken, check: check)
        let twin = try seen(shot, "\(family.name)-\(severity.rawValue)")
        pairs.append(
          LikelihoodPair(
            violation: family.name, severity: severity, family: piece.world.family, world: piece.name, valid: valid.loss,
            broken: twin.loss, validScore: valid.score, brokenScore: twin.score))
      }
    }
    return pairs
  }
}
