/// Where a scene's moving bodies ought to be in the picture: the truth that a clip of it can be measured against.
public struct ReferenceMotion: Sendable {
  private let trajectory: Trajectory
  private let stage: Stage

  public init(_ trajectory: Trajectory, on stage: Stage) {
    self.trajectory = trajectory
    self.stage = stage
  }

  /// `position_error_px`: the root mean square distance, in pixels of the clip, of the tracks' sightings from the projected
  /// centre of mass of the body that each track follows best. Empty where there is no track, or no moving body.
  public func metrics(of clip: TrackedClip) -> [String: Double] {
    let (width, height) = (Int(clip.size.x), Int(clip.size.y))
    let moving = trajectory.bodies.filter { $0.motion != .fixed }
    func projection(of body: BodyTrack, at time: Double) -> SIMD2<Double>? {
      let camera = stage.shot(at: time).camera
      return camera.viewpoint(at: time, of: trajectory, width: width, height: height)
        .project(trajectory.state(of: body, at: time).position)?.pixel
    }
    func squares(of track: Track, from body: BodyTrack) -> [Double] {
      track.sightings.compactMap { sighting in
        projection(of: body, at: sighting.time).map { (($0 - sighting.position) * ($0 - sighting.position)).sum() }
      }
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }

    let best = clip.tracks.compactMap { track in
      moving.map { squares(of: track, from: $0) }.filter { !$0.isEmpty }.min { mean($0) < mean($1) }
    }
    let all = best.flatMap { $0 }
    return all.isEmpty ? [:] : ["position_error_px": mean(all).squareRoot()]
  }
}
