/// Where a scene's moving bodies ought to be in the picture: the truth that a clip of it can be measured against.
public struct ReferenceMotion: Sendable {
  let trajectory: Trajectory
  let stage: Stage
  /// m/s².
  let gravity: Vector3

  public init(_ trajectory: Trajectory, on stage: Stage, gravity: Vector3 = Vector3(0, 0, -9.81)) {
    self.trajectory = trajectory
    self.stage = stage
    self.gravity = gravity
  }

  /// What may move.
  var movers: [BodyTrack] { trajectory.bodies.filter { $0.motion != .fixed } }

  /// How far the clip is from the reference.
  ///
  /// - `position_error_px`: the root mean square distance, in pixels of the clip, of sightings from the projected centres of mass
  ///   of their bodies. Left out where no track belongs to a body.
  /// - `iou`: intersection over union of the silhouettes that were seen with those that ought to be, mean over the frames and
  ///   the bodies that move by more than their own size; a body that isn't seen counts 0. Left out where no body moves.
  ///
  /// A track belongs to a body when each is the other's nearest: so shadows and reflections, which follow a body at a distance,
  /// don't count. For the distance, sightings that the picture's edge or another mover disturbs don't either.
  /// - Throws: `RenderingError` where stage and trajectory don't fit.
  public func metrics(of clip: TrackedClip, framesPerSecond: Double) throws -> [String: Double] {
    var metrics: [String: Double] = [:]
    let matches = matches(in: clip)
    let distances = matches.flatMap { track, body in squares(of: clip.tracks[track], from: body, in: clip) }
    if !distances.isEmpty { metrics["position_error_px"] = mean(distances).squareRoot() }
    metrics["iou"] = try overlap(
      of: clip, framesPerSecond: framesPerSecond, matches: matches.map { (clip.tracks[$0], $1) })
    return metrics
  }

  /// Tracks (indices) with the bodies they belong to. A body may have several tracks, one after the other.
  private func matches(in clip: TrackedClip) -> [(track: Int, body: BodyTrack)] {
    let bodies = movers
    let means = clip.tracks.map { track in bodies.map { mean(squares(of: track, from: $0, in: clip)) } }
    var matches: [(Int, BodyTrack)] = []
    for (t, row) in means.enumerated() {
      guard let b = row.indices.min(by: { row[$0] < row[$1] }), row[b].isFinite else { continue }
      let own = clip.tracks[t]
      let isNearest = means.indices.allSatisfy { other in
        let rival = clip.tracks[other]
        let together = rival.firstFrame <= own.lastFrame && own.firstFrame <= rival.lastFrame
        return !together || means[other][b] >= row[b]
      }
      if isNearest { matches.append((t, bodies[b])) }
    }
    return matches
  }

  func mean(_ values: [Double]) -> Double { values.isEmpty ? .infinity : values.reduce(0, +) / Double(values.count) }

  /// The squared distance of each clean sighting from where the body's centre of mass is seen then, px².
  func squares(of track: Track, from body: BodyTrack, in clip: TrackedClip) -> [Double] {
    track.sightings.compactMap { sighting in
      guard !sighting.isCut, !sighting.isShared, body.isPresent(at: sighting.time) else { return nil }
      let viewpoint = viewpoint(at: sighting.time, shot: track.shot, in: clip)
      guard let expected = viewpoint.project(trajectory.state(of: body, at: sighting.time).position)?.pixel else { return nil }
      let offset = expected - sighting.position
      return (offset * offset).sum()
    }
  }

  /// The camera in whose picture the tracks of a shot lie: where its motion was taken out, the shot's first.
  func viewpoint(at time: Double, shot: Int, in clip: TrackedClip) -> Viewpoint {
    let seen = clip.stabilizedShots[shot] ?? time
    return stage.shot(at: seen).camera.viewpoint(
      at: seen, of: trajectory, width: Int(clip.size.x), height: Int(clip.size.y))
  }
}
