import Foundation

/// What of a scene is near its bodies: read for a judge who has to know what may have been touched.
struct Surroundings: Sendable {
  private let trajectory: Trajectory
  private let gravity: Vector3
  private let solids: FixedSolids
  /// Those of them that hide what is behind them.
  private let opaque: FixedSolids
  private let movers: [Mover]

  private struct Mover: Sendable {
    let body: BodyTrack
    let extent: BodyExtent
    /// Where it begins, if it lies there.
    let lying: FixedSolids?
    /// It falls freely where it touches nothing, and by how much not by gravity, m/s².
    let isFree: Bool
    let air: Double
    /// The point of the world that it turns about; nil of what is free.
    let pivot: Vector3?
  }

  /// Bodies within this share of the outer radius of a solid may touch it.
  private static let touch = 0.15
  /// And movers within this one of each other.
  private static let company = 0.6
  /// What lies is scene to a tracker until it has gone so far, px, which takes it no longer than this, s.
  private static let unseenTravel = 2.0
  private static let settingOff = 0.15
  /// Cosine between a solid's normal and up, on level ground.
  private static let level = 0.9995
  /// What lets more light through than this share hides nothing.
  private static let clear: Float = 0.2
  /// Slower than this, m/s, a mover lies.
  private static let rest = 0.02
  /// Share of gravity, and m/s² where there is none, by which a body that is held departs from free fall.
  private static let held = 0.4

  init(_ trajectory: Trajectory, on stage: Stage) {
    (self.trajectory, gravity) = (trajectory, stage.gravity)
    let solids = FixedSolids(trajectory, on: stage)
    self.solids = solids
    opaque = FixedSolids(trajectory, on: stage) { $0.surface.transmission < Self.clear }
    movers = stage.items.compactMap { item in
      guard let body = trajectory.body(item.name), body.motion != .fixed, let state = body.states.first else { return nil }
      let extent = BodyExtent(item)
      let lies = body.motion == .dynamic && state.velocity.length < Self.rest
      let (isFree, air) = Self.freedom(of: body, extent, among: solids, in: trajectory, gravity: stage.gravity)
      return Mover(
        body: body, extent: extent, lying: lies ? FixedSolids([(item, state)]) : nil, isFree: isFree, air: air,
        pivot: isFree ? nil : body.pivot)
    }
  }

  /// How large a body is: radius of the ball that just holds it, m, and what its silhouettes may cover, m²; nil of one that
  /// the stage doesn't show.
  func size(of body: BodyTrack) -> (outerRadius: Double, areas: ClosedRange<Double>)? {
    movers.first { $0.body.name == body.name }.map { ($0.extent.outer, $0.extent.silhouettes.areas) }
  }

  /// - Parameters:
  ///   - firstSeen: by the names of the movers that some track shows, when, s; until then, and the others always, they lie
  ///     where they begin, if they do.
  ///   - viewpoint: the camera at a sighting's time.
  /// - Returns: nil of a body that the stage doesn't show.
  func setting(of track: Track, as body: BodyTrack, firstSeen: [String: Double], viewpoint: (Double) -> Viewpoint)
    -> SceneSetting?
  {
    guard let mover = movers.first(where: { $0.body.name == body.name }), let first = track.sightings.first else { return nil }
    let others = movers.filter { $0.body.name != body.name }
    let lying = others.compactMap { other in other.lying.map { (solids: $0, until: firstSeen[other.body.name] ?? .infinity) } }
    let view = viewpoint(first.time)
    let (right, down) = (view.right, view.up * -1)
    func across(_ v: Vector3) -> SIMD2<Double> { SIMD2(v.dot(right), v.dot(down)) }
    func axes(_ v: Vector3) -> SIMD3<Double> { SIMD3(v.dot(right), v.dot(down), v.dot(view.forward)) }
    let up = gravity.length > 0 ? gravity.normalized * -1 : .zero
    let extent = mover.extent

    let frameTime = (track.sightings.last!.time - first.time) / Double(max(1, track.lastFrame - track.firstFrame))
    let fixed = Set(trajectory.bodies.filter { $0.motion == .fixed }.map(\.name))
    let friction = trajectory.contacts.filter { $0.involves(body.name) && !fixed.isDisjoint(with: $0.bodies) }.map(\.friction)
      .min()
    let firstBlow = trajectory.contacts.first { $0.kind == .impact && $0.involves(body.name) }?.time ?? .infinity
    var instants: [SceneSetting.Instant] = []
    for s in track.sightings {
      let viewpoint = viewpoint(s.time)
      let state = trajectory.state(of: body, at: s.time)
      guard let depth = viewpoint.project(state.position)?.depth else { return nil }
      let place = viewpoint.unproject(s.position, depth: depth)
      let metresPerPixel = depth / viewpoint.projection.focalLength
      let silhouette =
        s.time < firstBlow && (place - state.position).length < extent.outer
        ? extent.silhouette(of: state, along: (state.position - viewpoint.position).normalized) : nil

      // Its size may tell that it goes at another depth: then only what holds at both is said.
      let size = (extent.silhouettes.areas.upperBound / max(s.area, 1)).squareRoot() / metresPerPixel
      let elsewhere = viewpoint.unproject(s.position, depth: depth * min(max(size, 0.7), 1.4))
      // What is about to be seen to move may have gone as far as a tracker doesn't see.
      let unseen = Self.unseenTravel * metresPerPixel
      let lain = lying.filter { s.time < $0.until }.flatMap { other in
        other.solids.samples(at: place).map { sample -> SignedDistance in
          var sample = sample
          if s.time > other.until - Self.settingOff { sample.distance += unseen }
          return sample
        }
      }
      let near = [place, elsewhere].map { solids.samples(at: $0) + lain }
      let touching = near.joined().filter { $0.distance < extent.outer * (1 + Self.touch) }
      let nearest = near.joined().map(\.distance).min() ?? .infinity
      let burial = extent.inner - (near.map { $0.map(\.distance).min() ?? .infinity }.max() ?? .infinity)
      let present = others.filter { $0.body.isPresent(at: s.time) }.map { ($0, trajectory.state(of: $0.body, at: s.time)) }
      let company = present.map { ($1.position - place).length - $0.extent.outer }.min() ?? .infinity
      let fastest = state.velocity.length + (present.map { $1.velocity.length }.max() ?? 0)
      instants.append(
        .init(
          time: s.time, place: across(place), pixelsPerMetre: 1 / metresPerPixel,
          clearance: min(nearest, company) - extent.outer, burial: burial, normals: touching.map { axes($0.normal) },
          isOnLevel: touching.contains { $0.normal.dot(up) > Self.level },
          hasCompany: company < extent.outer * (1 + Self.company), silhouette: silhouette,
          nearest: near[0].min { $0.distance < $1.distance }.map { axes($0.normal) },
          arm: mover.pivot.map { (place - $0).length },
          // Between two frames they may have touched.
          ground: company - extent.outer < extent.outer * Self.touch + fastest * frameTime
            ? nil : ground(of: s.position, mover, in: state, from: viewpoint, axes: view),
          isBehind: burial < Self.immersed * extent.inner && isBehind(place, extent, from: viewpoint),
          overWater: water(at: s.time).map { place.dot(up) - $0 },
          isNearestLevel: near[0].min { $0.distance < $1.distance }.map { $0.normal.dot(up) > Self.level } ?? false))
    }
    return SceneSetting(
      body: body.name, instants: instants, gravity: across(gravity), innerRadius: extent.inner, outerRadius: extent.outer,
      silhouettes: extent.silhouettes,
      isFree: mover.isFree, beginsAtRest: mover.lying != nil, air: mover.air, mass: mover.body.mass, friction: friction)
  }

  /// Share of the inner radius from which on what hides a body is what it is in.
  private static let immersed = 0.25
  /// Places of a body that are asked whether they are hidden: at this share of its inner radius about its middle.
  private static let rim = 0.85

  /// Whether something stands between the camera and a part of a body in a place.
  private func isBehind(_ place: Vector3, _ extent: BodyExtent, from viewpoint: Viewpoint) -> Bool {
    guard !opaque.isEmpty else { return false }
    let (right, up) = (viewpoint.right * (Self.rim * extent.inner), viewpoint.up * (Self.rim * extent.inner))
    let places = [place, place + right, place - right, place + up, place - up]
    return places.contains { opaque.hide($0, margin: extent.inner / 2, from: viewpoint.position) }
  }

  /// Height of the highest water at a time, m along up; nil without any.
  private func water(at time: Double) -> Double? {
    let step = trajectory.times.count > 1 ? trajectory.times[1] - trajectory.times[0] : 1
    let sample = min(max(0, Int((time / step).rounded())), trajectory.times.count - 1)
    return trajectory.fluids.compactMap { $0.levels.indices.contains(sample) ? $0.levels[sample] : nil }.max()
  }

  /// Rays that meet level ground at less than this angle (sine) don't tell where.
  private static let grazing = 0.1

  /// Where a ball that is seen at a pixel would lie on the level ground on which the scene's own lies.
  ///
  /// - Parameter axes: the view whose right, levelled, is the ground's first axis.
  private func ground(
    of pixel: SIMD2<Double>, _ mover: Mover, in state: BodyState, from viewpoint: Viewpoint, axes: Viewpoint
  ) -> SceneSetting.Ground? {
    let (up, radius) = (gravity.normalized * -1, mover.extent.outer)
    guard mover.extent.isBall, gravity.length > 0, liesOnLevel(state.position, up, radius) else { return nil }
    let right = (axes.right - up * axes.right.dot(up)).normalized
    let away = up.cross(right)
    func point(_ pixel: SIMD2<Double>) -> Vector3? {
      let direction = viewpoint.direction(through: pixel)
      let down = -direction.dot(up)
      guard down > Self.grazing else { return nil }
      return viewpoint.position + direction * ((viewpoint.position - state.position).dot(up) / down)
    }
    guard let here = point(pixel), liesOnLevel(here, up, radius), let beside = point(pixel + SIMD2(1, 0)),
      let below = point(pixel + SIMD2(0, 1))
    else { return nil }
    func along(_ v: Vector3) -> SIMD2<Double> { SIMD2(v.dot(right), v.dot(away)) }
    return .init(
      place: along(here - state.position) + along(state.position), perPixel: (along(beside - here), along(below - here)))
  }

  /// Whether level ground, and nothing else, is within reach of a ball.
  private func liesOnLevel(_ center: Vector3, _ up: Vector3, _ radius: Double) -> Bool {
    let near = solids.samples(at: center).filter { $0.distance < radius * (1 + Self.touch) }
    return !near.isEmpty && near.allSatisfy { $0.normal.dot(up) > Self.level && $0.distance > radius * (1 - Self.touch) }
  }

  /// Whether the scene's own body falls freely where it touches nothing, and how much of its acceleration there isn't
  /// gravity's, m/s².
  private static func freedom(
    of body: BodyTrack, _ extent: BodyExtent, among solids: FixedSolids, in trajectory: Trajectory, gravity: Vector3
  ) -> (isFree: Bool, air: Double) {
    guard trajectory.times.count > 8 else { return (false, 0) }
    let step = trajectory.times[1] - trajectory.times[0]
    let stride = max(1, Int(0.02 / step))
    let events = trajectory.contacts.filter { $0.involves(body.name) }.map(\.time)
    // What hangs near something all the time and never touches anything is held by a joint, if it is held.
    let isNeverApart =
      events.isEmpty
      && trajectory.times.indices.allSatisfy { k in
        k % stride != 0 || solids.distance(to: body.states[k].position) <= extent.outer * (1 + touch)
      }
    var departures: [Double] = []
    for k in Swift.stride(from: stride, to: trajectory.times.count - stride, by: stride) {
      let (time, span) = (trajectory.times[k], Double(stride) * step)
      guard !events.contains(where: { abs($0 - time) < 1.5 * span }),
        isNeverApart || solids.distance(to: body.states[k].position) > extent.outer * (1 + touch)
      else { continue }
      let acceleration = (body.states[k + stride].velocity - body.states[k - stride].velocity) / (2 * span)
      departures.append((acceleration - gravity).length)
    }
    // What touches something all the time may be as free as anything.
    guard let usual = RankStatistics.quantile(0.9, of: departures) else { return (true, 0) }
    return (usual < held * max(gravity.length, 1), usual)
  }
}

/// How large a body is, whatever way it is turned.
private struct BodyExtent: Sendable {
  /// Radii of the balls about the centre of mass that just fit into it and just hold it, m.
  let inner: Double
  let outer: Double
  let silhouettes: SceneSetting.Silhouettes
  /// Of its surface, from the centre of mass, m; empty of a ball.
  private let points: [Vector3]

  var isBall: Bool { points.isEmpty }

  init(_ item: Stage.Item) {
    inner = abs(item.shape.signedDistance(at: item.centerOfMass).distance)
    if case .sphere(let radius) = item.shape {
      (outer, points) = (radius, [])
      silhouettes = .init(of: [.init(area: .pi * radius * radius, axes: SIMD2(repeating: 2 * radius))])
      return
    }
    let points = item.shape.tessellated(segments: 16).vertices.map { $0 - item.centerOfMass }
    self.points = points
    outer = points.reduce(0) { max($0, $1.length) }
    // Directions spread evenly over half a sphere (Fibonacci's lattice).
    let count = 256
    let seen = (0..<count).compactMap { k -> SceneSetting.Silhouette? in
      let z = (Double(k) + 0.5) / Double(count)
      let turn = Double(k) * .pi * (3 - 5.0.squareRoot())
      return Self.silhouette(
        of: points, along: Vector3(cos(turn) * (1 - z * z).squareRoot(), sin(turn) * (1 - z * z).squareRoot(), z))
    }
    silhouettes = .init(of: seen.isEmpty ? [.init(area: 0, axes: SIMD2(repeating: 0))] : seen)
  }

  /// As it is turned, seen from far along a line.
  func silhouette(of state: BodyState, along line: Vector3) -> SceneSetting.Silhouette? {
    points.isEmpty
      ? .init(area: silhouettes.areas.upperBound, axes: SIMD2(silhouettes.lengths.upperBound, silhouettes.widths.upperBound))
      : Self.silhouette(of: points, along: state.orientation.unrotate(line))
  }

  private static func silhouette(of points: [Vector3], along line: Vector3) -> SceneSetting.Silhouette? {
    let (a, b) = (line.anyPerpendicular, line.cross(line.anyPerpendicular))
    return ApparentShape(hullOf: points.map { SIMD2($0.dot(a), $0.dot(b)) }).map { .init(area: $0.area, axes: $0.axes) }
  }
}
