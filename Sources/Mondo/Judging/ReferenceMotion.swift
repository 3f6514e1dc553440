/// Where a scene's moving bodies ought to be in the picture: the truth that a clip of it can be measured against.
public struct ReferenceMotion: Sendable {
  private let trajectory: Trajectory
  private let stage: Stage

  public init(_ trajectory: Trajectory, on stage: Stage) {
    self.trajectory = trajectory
    self.stage = stage
  }

  /// `position_error_px`: the root mean square distance, in pixels of the clip, of sightings from the projected centres of mass
  /// of their bodies.
  ///
  /// A track belongs to a body when each is the other's nearest: so shadows and reflections, which follow a body at a distance,
  /// don't count. Sightings that the picture's edge or another mover disturbs don't either. Empty where no track belongs to a body.
  public func metrics(of clip: TrackedClip) -> [String: Double] {
    let bodies = trajectory.bodies.filter { $0.motion != .fixed }
    let errors = clip.tracks.map { track in bodies.map { body in squares(of: track, from: body, in: clip.size) } }
    func mean(_ values: [Double]) -> Double { values.isEmpty ? .infinity : values.reduce(0, +) / Double(values.count) }
    let means = errors.map { $0.map(mean) }

    var matched: [Double] = []
    for (t, row) in means.enumerated() {
      guard let b = row.indices.min(by: { row[$0] < row[$1] }), row[b].isFinite,
        means.indices.allSatisfy({ means[$0][b] >= row[b] })
      else { continue }
      matched += errors[t][b]
    }
    return matched.isEmpty ? [:] : ["position_error_px": mean(matched).squareRoot()]
  }

  /// The squared distance of each clean sighting from where the body's centre of mass is seen then, px².
  private func squares(of track: Track, from body: BodyTrack, in size: SIMD2<Double>) -> [Double] {
    track.sightings.compactMap { sighting in
      guard !sighting.isCut, !sighting.isShared else { return nil }
      let camera = stage.shot(at: sighting.time).camera
      let viewpoint = camera.viewpoint(at: sighting.time, of: trajectory, width: Int(size.x), height: Int(size.y))
      guard let expected = viewpoint.project(trajectory.state(of: body, at: sighting.time).position)?.pixel else { return nil }
      let offset = expected - sighting.position
      return (offset * offset).sum()
    }
  }
}
