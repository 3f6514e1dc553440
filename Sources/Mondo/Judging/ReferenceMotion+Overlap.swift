extension ReferenceMotion {
  /// Mean intersection over union, as `metrics` describes it; nil where nothing ought to move.
  ///
  /// A body whose silhouette would have to be seen through a camera that was stabilised is compared in that shot's first view.
  func overlap(
    of clip: TrackedClip, framesPerSecond: Double, matches: [(track: Track, body: BodyTrack)]
  ) throws -> Double? {
    let renderer = try Renderer(
      stage: stage,
      options: RenderOptions(
        width: Int(clip.size.x), height: Int(clip.size.y), framesPerSecond: framesPerSecond, passes: [.segmentation]))
    let numbers = Dictionary(uniqueKeysWithValues: stage.items.enumerated().map { ($1.name, UInt16($0 + 1)) })
    let moving = movers.filter { numbers[$0.name] != nil && moves($0, in: clip) }
    guard !moving.isEmpty else { return nil }

    var (sum, count) = (0.0, 0)
    for index in 0..<min(clip.frames, renderer.frameCount(of: trajectory)) {
      let shot = matches.first { $0.track.sighting(at: index) != nil }?.track.shot ?? 0
      guard clip.stabilizedShots[shot] == nil else { continue }
      let frame = try renderer.frame(at: index, of: trajectory)
      guard let segmentation = frame.segmentation else { continue }
      for body in moving {
        let number = numbers[body.name]!
        let runs = matches.filter { $0.body.name == body.name }.compactMap { $0.track.sighting(at: index) }.flatMap(\.outline)
        let (shared, either) = Self.compare(runs, with: segmentation, number)
        guard either > 0 else { continue }
        sum += Double(shared) / Double(either)
        count += 1
      }
    }
    return count > 0 ? sum / Double(count) : nil
  }

  /// Pixels in both the runs and the instance, and in either.
  private static func compare(
    _ runs: [Track.PixelRun], with segmentation: Image<UInt16>, _ number: UInt16
  ) -> (shared: Int, either: Int) {
    let expected = segmentation.pixels.count { $0 == number }
    var seen = Set<Int>()
    for run in runs where run.row >= 0 && run.row < segmentation.height {
      for column in max(0, run.from)..<max(max(0, run.from), min(segmentation.width, run.to)) {
        seen.insert(run.row * segmentation.width + column)
      }
    }
    let shared = seen.count { segmentation.pixels[$0] == number }
    return (shared, seen.count + expected - shared)
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
