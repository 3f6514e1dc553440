import Foundation

/// What of a scene is near its bodies: read for a judge who has to know what may have been touched.
struct Surroundings: Sendable {
  private let trajectory: Trajectory
  private let gravity: Vector3
  private let solids: FixedSolids
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
  /// Cosine between a solid's normal and up, on level ground.
  private static let level = 0.9995
  /// Slower than this, m/s, a mover lies.
  private static let rest = 0.02
  /// Share of gravity, and m/s² where there is none, by which a body that is held departs from free fall.
  private static let held = 0.4

  init(_ trajectory: Trajectory, on stage: Stage, gravity: Vector3) {
    (self.trajectory, self.gravity) = (trajectory, gravity)
    let solids = FixedSolids(trajectory, on: stage)
    self.solids = solids
    movers = stage.items.compactMap { item in
      guard let body = trajectory.body(item.name), body.motion != .fixed, let state = body.states.first else { return nil }
      let extent = BodyExtent(item)
      let lies = body.motion == .dynamic && state.velocity.length < Self.rest
      let (isFree, air) = Self.freedom(of: body, extent, among: solids, in: trajectory, gravity: gravity)
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
  ///   - followed: names of the movers that some track shows; the others lie where they begin.
  ///   - viewpoint: the camera at a sighting's time.
  /// - Returns: nil of a body that the stage doesn't show.
  func setting(of track: Track, as body: BodyTrack, followed: Set<String>, viewpoint: (Double) -> Viewpoint) -> SceneSetting? {
    guard let mover = movers.first(where: { $0.body.name == body.name }), let first = track.sightings.first else { return nil }
    let others = movers.filter { $0.body.name != body.name }
    let lying = others.filter { !followed.contains($0.body.name) }.compactMap(\.lying)
    let view = viewpoint(first.time)
    let (right, down) = (view.right, view.up * -1)
    func across(_ v: Vector3) -> SIMD2<Double> { SIMD2(v.dot(right), v.dot(down)) }
    func axes(_ v: Vector3) -> SIMD3<Double> { SIMD3(v.dot(right), v.dot(down), v.dot(view.forward)) }
    let up = gravity.length > 0 ? gravity.normalized * -1 : .zero
    let extent = mover.extent

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
      let near = [place, elsewhere].map { solids.samples(at: $0) + lying.flatMap { $0.samples(at: place) } }
      let touching = near.joined().filter { $0.distance < extent.outer * (1 + Self.touch) }
      let nearest = near.joined().map(\.distance).min() ?? .infinity
      let burial = extent.inner - (near.map { $0.map(\.distance).min() ?? .infinity }.max() ?? .infinity)
      let company =
        others.filter { $0.body.isPresent(at: s.time) }.map {
          (trajectory.state(of: $0.body, at: s.time).position - place).length - $0.extent.outer
        }.min() ?? .infinity
      instants.append(
        .init(
          time: s.time, place: across(place), pixelsPerMetre: 1 / metresPerPixel,
          clearance: min(nearest, company) - extent.outer, burial: burial, normals: touching.map { axes($0.normal) },
          isOnLevel: touching.contains { $0.normal.dot(up) > Self.level },
          hasCompany: company < extent.outer * (1 + Self.company), silhouette: silhouette,
          nearest: near[0].min { $0.distance < $1.distance }.map { axes($0.normal) },
          arm: mover.pivot.map { (place - $0).length }))
    }
    return SceneSetting(
      body: body.name, instants: instants, gravity: across(gravity), innerRadius: extent.inner, outerRadius: extent.outer,
      silhouettes: extent.silhouettes,
      isFree: mover.isFree, beginsAtRest: mover.lying != nil, air: mover.air, mass: mover.body.mass)
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
