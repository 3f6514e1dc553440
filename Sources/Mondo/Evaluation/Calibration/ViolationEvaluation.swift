import Foundation

/// Makes the pairs of a suite of violations, judges them, and says how good the judge is.
public struct ViolationEvaluation: Sendable {
  public var suite: ViolationSuite
  /// Pieces made at once; nil is one a core.
  public var width: Int?

  public init(_ suite: ViolationSuite) { self.suite = suite }

  /// Where in the work.
  public struct Progress: Sendable, Equatable {
    /// Worlds that are judged, those of earlier runs among them, and in all.
    public var done = 0
    public var total = 0
    /// Of `done`, made by earlier runs.
    public var found = 0
  }

  private enum Piece {
    case tracked(ViolationSuite.World, draw: Int)
    /// Without a turn it is shown whole only.
    case rendered(ViolationSuite.World, draw: Int, turn: Int?, number: Int)
  }

  /// Makes what is missing in `folder` and sums it all up.
  ///
  /// The summary depends on the suite alone, not on threads or on how often the work was cut off.
  /// - Parameters:
  ///   - fingerprint: the suite file's text: a folder begun with another one, or with other scenes, is refused.
  ///   - progress: called after each world, never twice at once; what it throws ends the work, finished worlds stay.
  public func run(
    in folder: String, fingerprint: String, progress: @escaping @Sendable (Progress) throws -> Void = { _ in }
  ) throws -> CalibrationSummary {
    let place = try WorkFolder(
      path: folder, suite: suite.name, generator: "violations",
      fingerprint: fingerprint + WorkFolder.contents(of: suite.worlds.map(\.scene)))
    let pieces = self.pieces
    let names = pieces.indices.map { "world-\($0)" }
    // The rendered ones take the longest: begun first, none is waited for at the end.
    let missing = names.indices.reversed().filter { place.piece(names[$0], as: JudgedWorld.self) == nil }
    var state = Progress()
    (state.total, state.found) = (pieces.count, pieces.count - missing.count)
    state.done = state.found
    try progress(state)
    let before = state
    try WorkCrew.run(missing.count, width: width ?? ProcessInfo.processInfo.activeProcessorCount) { done in
      var now = before
      now.done += done
      try progress(now)
    } work: { index, check in
      let piece = missing[index]
      switch pieces[piece] {
      case .tracked(let world, let draw):
        try place.keep(TrackedWorld(suite: suite, world: world, draw: draw).judged(check: check), as: names[piece])
      case .rendered(let world, let draw, let turn, let number):
        let rendered = RenderedWorld(
          suite: suite, settings: suite.rendered!, world: world, draw: draw, turn: turn, number: number, scratch: place.clips,
          gallery: nil)
        try place.keep(rendered.judged(check: check), as: names[piece])
      }
    }
    let worlds = try zip(pieces, names).map { piece, name in
      guard let world = place.piece(name, as: JudgedWorld.self) else { throw EvaluationError.lostPiece(place.path, name) }
      return (piece: piece, world: world)
    }
    let tracked = worlds.compactMap { if case .tracked = $0.piece { $0.world } else { nil } }
    let rendered = worlds.compactMap { if case .rendered = $0.piece { $0.world } else { nil } }
    guard tracked.contains(where: { !$0.pairs.isEmpty }) else {
      throw EvaluationError.nothingMeasured("none of the suite's worlds could be broken by any of its violations")
    }
    return CalibrationSummary(suite: suite, tracked: tracked, rendered: rendered)
  }

  private var pieces: [Piece] {
    var pieces = suite.worlds.flatMap { world in (0..<world.count).map { Piece.tracked(world, draw: $0) } }
    if let rendered = suite.rendered {
      for k in 0..<(rendered.worlds + rendered.films) {
        pieces.append(
          .rendered(
            suite.worlds[k % suite.worlds.count], draw: k / suite.worlds.count,
            turn: k < rendered.worlds ? k * rendered.violations : nil, number: k))
      }
    }
    return pieces
  }
}
