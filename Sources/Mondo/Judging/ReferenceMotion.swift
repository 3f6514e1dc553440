/// Where a scene's moving bodies ought to be in the picture: the truth that a clip of it can be measured against.
public struct ReferenceMotion: Sendable {
  let trajectory: Trajectory
  let stage: Stage
  let surroundings: Surroundings

  public init(_ trajectory: Trajectory, on stage: Stage) {
    self.trajectory = trajectory
    self.stage = stage
    surroundings = Surroundings(trajectory, on: stage)
  }

  /// m/s².
  var gravity: Vector3 { stage.gravity }

  /// What may move.
  var movers: [BodyTrack] { trajectory.bodies.filter { $0.motion != .fixed } }

  /// How far the clip is from the reference.
  ///
  /// - `position_error_px`: the root mean square distance, in pixels of the clip, of sightings from the projected centres of
  ///   mass of their bodies.
  /// - `velocity_error` (m/s), `momentum_error`, `energy_error`, `radius_error` (shares): PhyWorld's.
  /// - `pisa_l2`, `pisa_l2_euclidean`, `pisa_chamfer` (1 is a square picture's diagonal), `iou`: PISA's; `seen_share` of the
  ///   frames in which a body ought to be seen in the open shows it.
  /// - `onset_error_ms` (median, positive is late), `onset_spread_ms` (median absolute deviation), `onset_f1_40ms`,
  ///   `onset_f1_frame`: of the sound, where onsets were `heard`.
  ///
  /// What can't be measured is left out. Of the bodies those count that move in the picture.
  ///
  /// A track belongs to a body when each is the other's nearest: so shadows and reflections, which follow a body at a distance,
  /// don't count. For the distance, sightings that the picture's edge or another mover disturbs don't either.
  /// - Parameter heard: when sounds begin in the clip, s; nil where it wasn't listened to.
  /// - Throws: `RenderingError` where stage and trajectory don't fit.
  public func metrics(of clip: TrackedClip, framesPerSecond: Double, heard: [Double]? = nil) throws -> [String: Double] {
    var metrics: [String: Double] = [:]
    let matches = matches(in: clip)
    let distances = matches.flatMap { track, body in squares(of: clip.tracks[track], from: body, in: clip) }
    if !distances.isEmpty { metrics["position_error_px"] = mean(distances).squareRoot() }
    let bodies = try comparisons(
      with: clip, framesPerSecond: framesPerSecond, matches: matches.map { (clip.tracks[$0], $1) })
    metrics["velocity_error"] = VelocityError.of(bodies, framesPerSecond: framesPerSecond)
    metrics["seen_share"] = VelocityError.seenShare(bodies)
    metrics["momentum_error"] = ConservationDrift.momentum(bodies, framesPerSecond: framesPerSecond)
    metrics["energy_error"] = ConservationDrift.kineticEnergy(bodies, framesPerSecond: framesPerSecond)
    metrics["radius_error"] = ConservationDrift.radius(bodies)
    metrics["pisa_l2"] = PathDistance.of(bodies, size: clip.size, form: .coordinates)
    metrics["pisa_l2_euclidean"] = PathDistance.of(bodies, size: clip.size, form: .euclidean)
    metrics["pisa_chamfer"] = ChamferDistance.of(bodies, size: clip.size)
    metrics["iou"] = SilhouetteOverlap.of(bodies)
    guard let heard else { return metrics }
    let sound = SoundOnsetError(heard: heard, expected: SoundTrack(of: trajectory, on: stage).onsets.map(\.time))
    metrics["onset_error_ms"] = sound.median.map { 1000 * $0 }
    metrics["onset_spread_ms"] = sound.medianAbsoluteDeviation.map { 1000 * $0 }
    metrics["onset_f1_40ms"] = sound.f1(within: SoundOnsetError.tolerance)
    metrics["onset_f1_frame"] = sound.f1(within: 1 / framesPerSecond)
    return metrics
  }

  /// Tracks (indices) with the bodies they belong to. A body may have several tracks, one after the other.
  private func matches(in clip: TrackedClip) -> [(track: Int, body: BodyTrack)] {
    let bodies = movers
    let squares = clip.tracks.map { track in bodies.map { self.squares(of: track, from: $0, in: clip) } }
    let means = squares.map { $0.map(mean) }
    // A scrap of three frames may lie nearer than the whole track does: each sighting within reach counts.
    let reach = Self.reach * Self.reach * (clip.size * clip.size).sum()
    let nearness = squares.map { $0.map { $0.reduce(0) { $0 + max(0, reach - $1) } } }
    var matches: [(Int, BodyTrack)] = []
    for (t, row) in means.enumerated() {
      guard let b = row.indices.min(by: { row[$0] < row[$1] }), row[b].isFinite else { continue }
      let own = clip.tracks[t]
      let isNearest = means.indices.allSatisfy { other in
        let rival = clip.tracks[other]
        let together = rival.firstFrame <= own.lastFrame && own.firstFrame <= rival.lastFrame
        let (mine, theirs) = (nearness[t][b], nearness[other][b])
        return !together || theirs < mine || (theirs == mine && means[other][b] >= row[b])
      }
      if isNearest { matches.append((t, bodies[b])) }
    }
    return matches
  }

  /// Share of the picture's diagonal within which a sighting is near a body.
  private static let reach = 0.05

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
