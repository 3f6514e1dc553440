import Foundation

/// What a judge may know of a scene without knowing the answers: how its cameras stand, and how large things appear.
extension ReferenceMotion {
  /// Angles between the line of sight and the ground: a camera flatter than the first is level, steeper than the second
  /// overhead.
  private static let pitch = (level: 35.0 * .pi / 180, overhead: 60.0 * .pi / 180)
  /// Of a scale that is known from camera and place, relative: the silhouette's own centre of mass, rounding.
  private static let scaleUncertainty = 0.015

  /// Sightings by which a track's body is known, at least.
  private static let beginning = 8

  /// `options` with what the scene tells of the view, of each track's scale and of gravity; what the caller has set stays.
  public func options(_ options: JudgeOptions, for clip: TrackedClip) -> JudgeOptions {
    var told = options
    told.gravity = gravity.length
    if options.view == .unknown && gravity.length > 0 { told.view = view }
    let lens = stage.shots[0].camera.viewpoint(
      at: stage.shots[0].start, of: trajectory, width: Int(clip.size.x), height: Int(clip.size.y))
    told.fieldOfView = 2 * atan(max(clip.size.x, clip.size.y) / 2 / lens.projection.focalLength)
    if options.pixelsPerMetre == nil && options.knownDiameter == nil { told.trackViews = trackViews(of: clip) }
    return told
  }

  /// When another camera takes over, s.
  var cuts: [Double] { stage.shots.dropFirst().map(\.start) }

  /// Of all shots alike, or unknown.
  private var view: JudgeOptions.View {
    let views = stage.shots.map { shot -> JudgeOptions.View in
      let viewpoint = stage.viewpoint(at: shot.start, of: trajectory)
      let pitch = asin(min(1, abs(viewpoint.forward.dot(gravity.normalized))))
      return pitch < Self.pitch.level ? .level : pitch > Self.pitch.overhead ? .overhead : .unknown
    }
    return views.allSatisfy { $0 == views[0] } ? views[0] : .unknown
  }

  /// By track id; what follows no body of the scene has none.
  private func trackViews(of clip: TrackedClip) -> [Int: JudgeOptions.TrackView] {
    let nearest = followedBodies(in: clip)
    let firstSeen = Dictionary(
      zip(clip.tracks, nearest).compactMap { track, body in body.map { ($0.name, track.sightings[0].time) } },
      uniquingKeysWith: min)
    var views: [Int: JudgeOptions.TrackView] = [:]
    for (track, body) in zip(clip.tracks, nearest) {
      guard let body else { continue }
      views[track.id] = view(of: track, as: body, in: clip)
      views[track.id]?.setting = surroundings.setting(of: track, as: body, firstSeen: firstSeen) {
        viewpoint(at: $0, shot: track.shot, in: clip)
      }
    }
    return views
  }

  /// How far off its body's place, in the body's radii and px, a track may begin.
  private static let atPlace = (radii: 1.5, pixels: 3.0)
  /// A track's silhouettes cover what the body's may cover, but for this factor: anything else is a shadow, a spot of noise.
  private static let sameArea = 4.0

  /// Whether a track that is off by so much where it begins, px, begins at a body of that radius, px.
  private func isThere(_ error: Double, _ radius: Double) -> Bool {
    error < Self.atPlace.radii * radius + Self.atPlace.pixels
  }

  /// Whether any track of a clip begins where one of the scene's bodies does: else it is of another scene, or another take. A
  /// clip without tracks says nothing against it.
  public func isOf(_ clip: TrackedClip) -> Bool {
    clip.tracks.isEmpty || movers.isEmpty
      || clip.tracks.contains { track in
        var head = track
        head.sightings = Array(track.sightings.prefix(Self.beginning))
        return movers.contains { body in
          let error = mean(squares(of: head, from: body, in: clip)).squareRoot()
          guard error.isFinite, let size = surroundings.size(of: body),
            let scale = pixelsPerMetre(of: body, at: track.sightings[0].time, shot: track.shot, in: clip)
          else { return false }
          return isThere(error, size.outerRadius * scale)
        }
      }
  }

  /// Per track the scene's body that it follows, if any.
  ///
  /// Which body it is shows at its beginning: what it does later is what is asked. A body that no track begins at is the one
  /// that the nearest track follows, if that is of its size: a clip may show it at the wrong place from the first frame on.
  private func followedBodies(in clip: TrackedClip) -> [BodyTrack?] {
    var followed = [BodyTrack?](repeating: nil, count: clip.tracks.count)
    var candidates: [(error: Double, track: Int, body: BodyTrack)] = []
    for (index, track) in clip.tracks.enumerated() {
      var head = track
      head.sightings = Array(track.sightings.prefix(max(Self.beginning, track.sightings.count / 3)))
      let areas = track.sightings.filter { !$0.isCut && !$0.isShared }.map(\.area).sorted()
      guard !areas.isEmpty else { continue }
      for body in movers {
        let error = mean(squares(of: head, from: body, in: clip)).squareRoot()
        guard error.isFinite, let size = surroundings.size(of: body),
          let scale = pixelsPerMetre(of: body, at: track.sightings[0].time, shot: track.shot, in: clip)
        else { continue }
        let area = areas[areas.count / 2] / (scale * scale)
        guard area > size.areas.lowerBound / Self.sameArea, area < size.areas.upperBound * Self.sameArea else { continue }
        candidates.append((error, index, body))
        let isThere = isThere(error, size.outerRadius * scale)
        let best = candidates.filter { $0.track == index }.map(\.error).min()!
        if isThere && error <= best { followed[index] = body }
      }
    }
    for candidate in candidates.sorted(by: { ($0.error, $0.track) < ($1.error, $1.track) })
    where followed[candidate.track] == nil {
      if !followed.contains(where: { $0?.name == candidate.body.name }) { followed[candidate.track] = candidate.body }
    }
    resume(&followed, in: clip, candidates: candidates.map { ($0.track, $0.body) })
    return followed
  }

  /// Encoded levels, and share of a silhouette that only darkens, within which a track looks like an earlier one of its body.
  private static let sameLooks = (color: 40.0, shade: 0.5)

  /// A track that comes from the picture's edge or from behind something, with the looks of a body of which no other track is
  /// there meanwhile, is that body's, wherever the clip has it go.
  private func resume(_ followed: inout [BodyTrack?], in clip: TrackedClip, candidates: [(track: Int, body: BodyTrack)]) {
    func looks(_ track: Track) -> (color: SIMD3<Double>, shade: Double) {
      let count = Double(track.sightings.count)
      return (
        track.sightings.reduce(.zero) { $0 + $1.color } / count, track.sightings.reduce(0) { $0 + $1.shade } / count
      )
    }
    for (index, track) in clip.tracks.enumerated()
    where followed[index] == nil && [.border, .occluded].contains(track.start) {
      let mine = looks(track)
      let bodies = candidates.filter { $0.track == index }.map(\.body).filter { body in
        let others = clip.tracks.indices.filter { followed[$0]?.name == body.name && clip.tracks[$0].shot == track.shot }
        return !others.isEmpty
          && others.allSatisfy { other in
            let theirs = looks(clip.tracks[other])
            let apart = theirs.color - mine.color
            return clip.tracks[other].lastFrame < track.firstFrame && (apart * apart).sum().squareRoot() < Self.sameLooks.color
              && abs(theirs.shade - mine.shade) < Self.sameLooks.shade
          }
      }
      if bodies.count == 1 { followed[index] = bodies[0] }
    }
  }

  /// Of the clip, where a body is; nil where that is behind the camera.
  private func pixelsPerMetre(of body: BodyTrack, at time: Double, shot: Int, in clip: TrackedClip) -> Double? {
    let viewpoint = viewpoint(at: time, shot: shot, in: clip)
    return viewpoint.project(trajectory.state(of: body, at: time).position).map { viewpoint.projection.focalLength / $0.depth }
  }

  /// Scale and direction of gravity at a body's place, over the time of a track.
  private func view(of track: Track, as body: BodyTrack, in clip: TrackedClip) -> JudgeOptions.TrackView? {
    let down = gravity.length > 0 ? gravity.normalized : Vector3.unitZ * -1
    let reach = 0.05  // m: short against the distance of any camera, long against rounding
    let sights = track.sightings.compactMap {
      sighting -> (time: Double, scale: Double, down: SIMD2<Double>, pixel: SIMD2<Double>)? in
      let viewpoint = viewpoint(at: sighting.time, shot: track.shot, in: clip)
      let place = trajectory.state(of: body, at: sighting.time).position
      guard let above = viewpoint.project(place - down * reach), let below = viewpoint.project(place + down * reach),
        let here = viewpoint.project(place)
      else { return nil }
      let span = (below.pixel - above.pixel) / (2 * reach)
      let scale = (span * span).sum().squareRoot()
      return scale > 0 ? (sighting.time, scale, span / scale, here.pixel) : nil
    }
    guard let first = sights.first, let last = sights.last else { return nil }
    let mean = sights.reduce(0) { $0 + $1.scale } / Double(sights.count)
    let direction = sights.reduce(SIMD2<Double>.zero) { $0 + $1.down }

    // A scale that changes at ṡ adds 2 ṡ v to the acceleration in the picture.
    let duration = max(last.time - first.time, 1e-9)
    let drift = abs(last.scale - first.scale) / mean / duration
    let travel = zip(sights, sights.dropFirst()).reduce(0) {
      $0 + (($1.1.pixel - $1.0.pixel) * ($1.1.pixel - $1.0.pixel)).sum().squareRoot()
    }
    return JudgeOptions.TrackView(
      scales: sights.map { .init(time: $0.time, pixelsPerMetre: $0.scale) }, uncertainty: Self.scaleUncertainty,
      approach: drift * travel / duration / (mean * max(gravity.length, 1)),
      down: direction / (direction * direction).sum().squareRoot())
  }
}
