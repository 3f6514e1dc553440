extension ReferenceMotion {
  /// Every body that moves in view beside what the clip shows of it.
  ///
  /// A body whose silhouette would have to be seen through a camera that was stabilised is compared in that shot's first view,
  /// so those shots are left out.
  func comparisons(
    with clip: TrackedClip, framesPerSecond: Double, matches: [(track: Track, body: BodyTrack)]
  ) throws -> [BodyComparison] {
    let renderer = try Renderer(
      stage: stage,
      options: RenderOptions(
        width: Int(clip.size.x), height: Int(clip.size.y), framesPerSecond: framesPerSecond, passes: [.segmentation]))
    let numbers = Dictionary(uniqueKeysWithValues: stage.items.enumerated().map { ($1.name, UInt16($0 + 1)) })
    let moving = movers.filter { numbers[$0.name] != nil && moves($0, in: clip) }
    guard !moving.isEmpty else { return [] }
    var comparisons = moving.map { BodyComparison(body: $0.name, mass: $0.mass, frames: []) }
    let tracks = moving.map { body in
      matches.filter { $0.body.name == body.name }.map(\.track).sorted { $0.firstFrame < $1.firstFrame }
    }

    for index in 0..<min(clip.frames, renderer.frameCount(of: trajectory)) {
      let shot = matches.first { $0.track.sighting(at: index) != nil }?.track.shot ?? 0
      guard clip.stabilizedShots[shot] == nil else { continue }
      guard let segmentation = try renderer.frame(at: index, of: trajectory).segmentation else { continue }
      let time = Double(index) / framesPerSecond
      let viewpoint = viewpoint(at: time, shot: shot, in: clip)
      for (k, body) in moving.enumerated() {
        guard let expected = Self.appearance(of: numbers[body.name]!, in: segmentation) else { continue }
        let projected = viewpoint.project(trajectory.state(of: body, at: time).position)
        let sightings = tracks[k].compactMap { $0.sighting(at: index) }
        comparisons[k].frames.append(
          .init(
            index: index, expected: expected, expectedMass: projected?.pixel,
            metresPerPixel: projected.map { $0.depth / viewpoint.projection.focalLength },
            sight: Self.sight(sightings, at: index, of: tracks[k]), silhouette: sightings.flatMap(\.outline)))
      }
    }
    return comparisons
  }

  /// What a frame tells of a body that these tracks, in order of time, follow.
  private static func sight(_ sightings: [Track.Sighting], at index: Int, of tracks: [Track]) -> BodyComparison.Sight {
    if let clean = sightings.first(where: { !$0.isShared }) {
      return .seen(.init(center: clean.position, outline: clean.outline))
    }
    guard sightings.isEmpty else { return .unknown }
    guard !tracks.isEmpty else { return .missing }
    // Within a track a gap is bridged; before, between and after them it is in the open where their ends are.
    if tracks.contains(where: { $0.firstFrame < index && index < $0.lastFrame }) { return .unknown }
    let before = tracks.last { $0.lastFrame < index }
    let after = tracks.first { $0.firstFrame > index }
    let wentOpenly = before.map { $0.end == .open } ?? true
    let cameOpenly = after.map { $0.start == .open } ?? true
    return wentOpenly && cameOpenly ? .missing : .unknown
  }

  /// Centroid and pixels of an instance; nil where it isn't in view.
  private static func appearance(of number: UInt16, in segmentation: Image<UInt16>) -> BodyComparison.Appearance? {
    var runs: [Track.PixelRun] = []
    var (sum, count) = (SIMD2<Double>.zero, 0.0)
    let width = segmentation.width
    segmentation.pixels.withUnsafeBufferPointer { pixels in
      for row in 0..<segmentation.height {
        for column in 0..<width where pixels[row * width + column] == number {
          if let last = runs.last, last.row == row, last.to == column {
            runs[runs.count - 1].to = column + 1
          } else {
            runs.append(.init(row: row, from: column, to: column + 1))
          }
          sum += SIMD2(Double(column) + 0.5, Double(row) + 0.5)
          count += 1
        }
      }
    }
    return count > 0 ? .init(center: sum / count, outline: runs) : nil
  }

  /// A body that goes less far than this share of the picture's longer side is scene to a tracker.
  private static let leastTravel = 0.04

  private func moves(_ body: BodyTrack, in clip: TrackedClip) -> Bool {
    stride(from: 0.0, through: clip.span.upperBound - clip.span.lowerBound, by: 0.05).contains { time in
      let shot = stage.shot(at: time)
      let viewpoint = viewpoint(at: shot.start, shot: stage.shotIndex(at: time), in: clip)
      guard let start = viewpoint.project(trajectory.state(of: body, at: shot.start).position)?.pixel,
        let now = viewpoint.project(trajectory.state(of: body, at: time).position)?.pixel
      else { return false }
      let travel = now - start
      return (travel * travel).sum().squareRoot() > Self.leastTravel * max(clip.size.x, clip.size.y)
    }
  }
}
