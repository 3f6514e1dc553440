import Foundation
internal import LinearAlgebra

/// The parameters of a scene that best explain a clip, found through the simulator: what is left over is evidence.
///
/// Where the best of all worlds that the scene allows still misses what was seen by many of the tracker's own errors, the clip
/// shows something else; where it doesn't, its parameters are a measurement.
public struct SceneFit: Sendable, Codable, Equatable {
  /// A fitted value of the scene.
  public struct Parameter: Sendable, Codable, Equatable {
    public var path: String
    public var value: Double
  }

  public var parameters: [Parameter]
  /// Root mean square distance of what was seen from what is simulated, px, at the scene as it is written and at the best one.
  public var before: Double
  public var residual: Double
  /// The residual in units of the tracker's own error.
  public var sigma: Double
  /// Worlds that were simulated.
  public var simulations: Int
}

/// Looks for it.
public struct SceneFitting: Sendable {
  private let path: String
  private let overrides: [Scene.Override]
  private let seed: UInt64?
  /// Of what may change; those that aren't the scene's own may be left for wider ones.
  private let ranges: [(path: String, range: ClosedRange<Double>, isScenes: Bool)]
  /// Worlds simulated at most within one set of ranges, and how often these are widened at most.
  public var simulations = 480
  private static let widenings = 4
  /// Worlds tried for each parameter, spread over the ranges, before valleys are followed down; and the valleys followed.
  private static let (spread, valleys) = (8, 3)

  /// - Parameters:
  ///   - paths: what may change; empty is everything numeric that the scene lets vary. One that doesn't vary may change by a
  ///     half of its value as `start` has it at first, and by more where the best lies at an end of that.
  ///   - start: values of paths that the scene doesn't let vary.
  /// - Throws: `SceneError`; `EvaluationError.nothingMeasured` where nothing may change.
  public init(
    scene path: String, overrides: [Scene.Override] = [], seed: UInt64? = nil, paths: [String] = [],
    start: [String: Double] = [:]
  ) throws {
    (self.path, self.overrides, self.seed) = (path, overrides, seed)
    let scene = try Scene(contentsOf: path, overrides: overrides, seed: seed)
    let varied = scene.variations.compactMap { variation in Self.range(of: variation.distribution).map { (variation.path, $0) }
    }
    if paths.isEmpty {
      ranges = varied.map { (path: $0.0, range: $0.1, isScenes: true) }
    } else {
      ranges = try paths.map { wanted in
        if let known = varied.first(where: { $0.0 == wanted }) { return (path: wanted, range: known.1, isScenes: true) }
        guard let value = start[wanted], value != 0 else {
          throw EvaluationError.nothingMeasured(
            "the scene doesn't let '\(wanted)' vary; give a value to start from, as in \(wanted)=1.5")
        }
        return (path: wanted, range: min(0.5 * value, 1.5 * value)...max(0.5 * value, 1.5 * value), isScenes: false)
      }
    }
    guard !ranges.isEmpty else {
      throw EvaluationError.nothingMeasured(
        "the scene lets no number vary; name what may change, as in --fit-path bodies.ball.velocity[0]=1.5")
    }
  }

  private static func range(of distribution: Variation.Distribution) -> ClosedRange<Double>? {
    switch distribution {
    case .uniform(let range), .loguniform(let range): range.lowerBound < range.upperBound ? range : nil
    case .ranges(let ranges): ranges.map(\.lowerBound).min()!...ranges.map(\.upperBound).max()!
    case .normal(let mean, let deviation): deviation > 0 ? mean - 3 * deviation...mean + 3 * deviation : nil
    case .choice: nil
    }
  }

  /// - Parameters:
  ///   - clip: what was seen.
  ///   - ids: of the tracks that are bodies.
  ///   - progress: called after each simulated world with their count and the least distance so far, px; what it throws ends
  ///     the search.
  public func fit(to clip: TrackedClip, bodies ids: Set<Int>, progress: (Int, Double) throws -> Void = { _, _ in }) throws
    -> SceneFit
  {
    let tracks = clip.tracks.filter { ids.contains($0.id) && $0.sightings.count >= 5 }
    guard !tracks.isEmpty else { throw EvaluationError.nothingMeasured("no body was followed in the clip") }
    let own =
      (tracks.flatMap(\.sightings).reduce(0) { $0 + $1.covariance.trace } / Double(tracks.reduce(0) { $0 + $1.sightings.count }))
      .squareRoot()

    func distance(_ values: [Scene.Override]) throws -> Double {
      guard let scene = try? Scene(contentsOf: path, overrides: overrides + values, seed: seed) else { return .infinity }
      guard let trajectory = try? Simulation(of: scene, seed: seed).run() else { return .infinity }
      return ReferenceMotion(trajectory, on: scene.stage(showing: trajectory)).distance(
        from: tracks, in: clip)
    }
    let before = try distance([])
    var (least, count) = (before, 1)
    var ranges = ranges.map(\.range)
    // In units of each range; beyond it there is nothing.
    func misfit(_ point: [Double]) throws -> Double {
      guard point.allSatisfy({ (0...1).contains($0) }) else { return .infinity }
      let value = try distance(
        zip(self.ranges, self.values(at: point, in: ranges)).map { Scene.Override(path: $0.path, value: "\($1)") })
      count += 1
      least = min(least, value)
      try progress(count, least)
      return value
    }
    var found = try valley(of: misfit)
    for _ in 0..<Self.widenings {
      guard let wider = widened(ranges, around: found.point) else { break }
      ranges = wider
      found = try valley(of: misfit)
    }
    let best = zip(self.ranges, self.values(at: found.point, in: ranges)).map { SceneFit.Parameter(path: $0.path, value: $1) }
    return SceneFit(
      parameters: best, before: before, residual: found.value, sigma: found.value / max(own, 1e-6), simulations: count)
  }

  /// The deepest place, in units of each range.
  private func valley(of misfit: ([Double]) throws -> Double) throws -> (point: [Double], value: Double) {
    // Bounces that come a beat too early lie in valleys of their own: the deepest of a spread are followed down, and the best
    // of these is gone through once more with a fresh simplex, as one that has shrunk early may stand still on a slope.
    let starts = try (0..<Self.spread * ranges.count).map { Self.spreadPoint($0, dimensions: ranges.count) }
      .map { (point: $0, value: try misfit($0)) }.sorted { $0.value < $1.value }
    var found = (point: starts[0].point, value: starts[0].value)
    let calls = (simulations - Self.spread * ranges.count) / (Self.valleys + 1)
    for (start, step) in starts.prefix(Self.valleys).map({ ($0.point, 0.12) }) + [(nil, 0.04)] {
      guard calls > ranges.count + 1 else { break }
      let from = start ?? found.point
      let reached = try DownhillSimplex(calls: calls, tolerance: 1e-4).minimum(
        from: from, steps: from.map { $0 < 0.5 ? step : -step }, of: misfit)
      if reached.value < found.value { found = (reached.point, reached.value) }
    }
    return found
  }

  /// Ranges twice as wide about the best where that lies at an end, unless the scene set it; nil where it lies at none.
  private func widened(_ old: [ClosedRange<Double>], around point: [Double]) -> [ClosedRange<Double>]? {
    let edge = 0.02
    guard zip(ranges, point).contains(where: { !$0.isScenes && !(edge...1 - edge).contains($1) }) else { return nil }
    return zip(old, zip(ranges, point)).map { range, place in
      guard !place.0.isScenes, !(edge...1 - edge).contains(place.1) else { return range }
      let (middle, width) = (Self.value(place.1, in: range), range.upperBound - range.lowerBound)
      return middle - width...middle + width
    }
  }

  /// The k-th of points that fill the unit cube evenly, the first its middle: multiples of the powers of the generalised
  /// golden ratio, g^(d+1) = g + 1 (Roberts 2018).
  private static func spreadPoint(_ k: Int, dimensions d: Int) -> [Double] {
    var ratio = 1.5
    for _ in 0..<40 { ratio = pow(1 + ratio, 1 / Double(d + 1)) }
    return (1...d).map { (0.5 + Double(k) * pow(ratio, -Double($0))).truncatingRemainder(dividingBy: 1) }
  }

  private func values(at point: [Double], in ranges: [ClosedRange<Double>]) -> [Double] {
    zip(ranges, point).map { Self.value($1, in: $0) }
  }

  private static func value(_ share: Double, in range: ClosedRange<Double>) -> Double {
    range.lowerBound + share * (range.upperBound - range.lowerBound)
  }
}

extension ReferenceMotion {
  /// Root mean square distance of the tracks' clean sightings from the nearest body, px, with the widths of balls; no sighting
  /// counts as more than a quarter of the picture's diagonal, so that what isn't explained at all doesn't drown the rest.
  func distance(from tracks: [Track], in clip: TrackedClip) -> Double {
    let most = (clip.size * clip.size).sum() / 16
    let bodies = movers
    // One body a track.
    let claims = tracks.compactMap { track -> (track: Track, body: BodyTrack, squares: [Double])? in
      let rows = bodies.map { ($0, squares(of: track, from: $0, in: clip).map { min($0, most) }) }
      return rows.filter { !$0.1.isEmpty }.min { mean($0.1) < mean($1.1) }.map { (track, $0.0, $0.1) }
    }
    var (sum, count) = (0.0, 0)
    for claim in claims {
      // Of two that go together for one body the further one is its shadow or mirror image; a short scrap says nothing.
      let isImage = claims.contains { other in
        other.body.name == claim.body.name && other.track.id != claim.track.id
          && 2 * other.squares.count >= claim.squares.count && mean(other.squares) < mean(claim.squares)
          && other.track.firstFrame < claim.track.lastFrame && claim.track.firstFrame < other.track.lastFrame
      }
      guard !isImage else { continue }
      sum += widthSquares(of: claim.track, from: claim.body, in: clip).reduce(0) { $0 + min($1, most) }
      sum += claim.squares.reduce(0, +)
      count += claim.squares.count
    }
    return count > 0 ? (sum / Double(count)).squareRoot() : most.squareRoot()
  }

  /// The squared difference of half the width that is seen of a ball and half the one that it would show, px²: by it and the
  /// distance of the middles a ball's outline is off. The width across the way isn't blurred by motion. Empty of other shapes,
  /// whose outline depends on how they are turned.
  private func widthSquares(of track: Track, from body: BodyTrack, in clip: TrackedClip) -> [Double] {
    guard case .sphere(let radius)? = stage.items.first(where: { $0.name == body.name })?.shape else { return [] }
    return track.sightings.compactMap { sighting in
      guard !sighting.isCut, !sighting.isShared, body.isPresent(at: sighting.time) else { return nil }
      let viewpoint = viewpoint(at: sighting.time, shot: track.shot, in: clip)
      guard let projected = viewpoint.project(trajectory.state(of: body, at: sighting.time).position) else { return nil }
      let off = viewpoint.projection.focalLength * radius / projected.depth - sighting.axes.y / 2
      return off * off
    }
  }
}
