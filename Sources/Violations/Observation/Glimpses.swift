import Foundation
import WorldCore

/// One body in one frame, before noise.
struct Glimpse {
  var shape: ApparentShape
  /// Share of it behind the fixed scene or within it, 0…1: `shape` is what is left.
  var hidden: Double
  var isCut: Bool
  var isShared: Bool
  /// It has never been apart from another body's silhouette, which holds it.
  var isAbsorbed = false
  /// It lies still: the still scene has it.
  var isResting = false
  /// Rate at which its pattern turns about the line of sight, rad/s, clockwise as seen; nil where it has none.
  var spin: Double?
  /// Where the still scene has edges around it: as `Track.Sighting.edges`.
  var edges: UInt8?

  /// Hidden but for a rest, it isn't followed.
  var isSeen: Bool { hidden < Self.most && !isAbsorbed && !isResting }

  /// A tracker takes nothing so much smaller than a body for that body: a twelfth of it.
  private static let most = 11.0 / 12

  /// So much smaller than it was that a tracker doesn't take it for the whole body, as `TrackFinishing` has it.
  var isOdd: Bool { hidden > 0 && 1 / (1 - hidden) > 1.5 + 2 / (shape.area / (1 - hidden)).squareRoot() }
  /// So little of it is seen that whatever follows has an occluder for its cause.
  var isMostlyHidden: Bool { hidden > 0.3 }

  /// Seen by itself: whole, and nothing else with it.
  var isPlain: Bool { isSeen && !isCut && !isShared && hidden == 0 }
}

/// What a camera sees of each mover in each frame of a clip.
struct Glimpses {
  /// The movers, one for each row.
  let items: [Stage.Item]
  /// By mover, then frame; nil where it is out of the picture, or nowhere.
  private(set) var rows: [[Glimpse?]]
  /// Which frame of the world each frame of the clip shows.
  let order: [Int]

  /// Silhouettes of fewer pixels are lost.
  private static let leastArea = 6.0
  /// The ring about a silhouette in which edges are looked for: shares of its half axes, and px; and the share of the picture's
  /// shorter side from which on nothing is told.
  private static let ring = (inner: 0.6, outer: 1.3, margin: 2.5, largest: 0.3)
  /// Smaller balls, px, show no pattern.
  private static let leastPattern = 6.0
  /// Less than this, px, from where it rests a body is scene to a tracker.
  private static let restingTravel = 1.5

  /// - Parameter edges: whether the still scene is asked for its edges about every silhouette, which takes most of the time.
  init(of world: BrokenWorld, framesPerSecond fps: Double, edges: Bool = false) {
    let size = SIMD2(Double(world.stage.picture.width), Double(world.stage.picture.height))
    let count = max(1, Int((world.trajectory.scene.duration * fps * (1 + 1e-9)).rounded(.down)))
    let order = world.frames.order(of: count)
    let sight = SightLines(world.trajectory, world.stage)
    let movers = world.stage.items.compactMap { item -> (Stage.Item, BodyTrack)? in
      world.trajectory.body(item.name).flatMap { $0.motion == .fixed ? nil : (item, $0) }
    }
    items = movers.map(\.0)
    let bodies = items.map(ApparentBody.init)
    var rows = movers.map { _ in [Glimpse?](repeating: nil, count: order.count) }
    for (frame, moment) in order.enumerated() {
      let time = Double(moment) / fps
      let viewpoint = world.stage.viewpoint(at: time, of: world.trajectory)
      for (k, (item, track)) in movers.enumerated() {
        let state = world.trajectory.state(of: track, at: time)
        let growth = world.growth.flatMap { $0.body == item.name ? $0.factors(at: time) : nil } ?? Vector3(repeating: 1)
        guard var shape = bodies[k].shape(in: state, from: viewpoint, growth: growth), shape.area >= Self.leastArea,
          shape.upper.x > 1, shape.upper.y > 1, shape.lower.x < size.x - 1, shape.lower.y < size.y - 1,
          shape.center.x > 0, shape.center.y > 0, shape.center.x < size.x, shape.center.y < size.y
        else { continue }
        let isCut = shape.lower.x <= 1 || shape.lower.y <= 1 || shape.upper.x >= size.x - 2 || shape.upper.y >= size.y - 2
        let hidden = sight.hide(&shape, of: bodies[k], in: state, growth: growth, from: viewpoint)
        guard shape.area >= Self.leastArea else { continue }
        rows[k][frame] = Glimpse(shape: shape, hidden: hidden, isCut: isCut, isShared: false)
        if case .sphere = item.shape, item.surface.pattern != nil, shape.radius > Self.leastPattern {
          rows[k][frame]?.spin = state.angularVelocity.dot((state.position - viewpoint.position).normalized)
        }
      }
    }
    for k in rows.indices { Self.dropResting(&rows[k]) }
    for (frame, moment) in order.enumerated() where edges {
      let viewpoint = world.stage.viewpoint(at: Double(moment) / fps, of: world.trajectory)
      for k in rows.indices {
        guard let shape = rows[k][frame]?.shape, rows[k][frame]!.isSeen else { continue }
        let outer = Self.ring.outer * shape.axes.x / 2 + Self.ring.margin
        rows[k][frame]?.edges =
          shape.axes.x < Self.ring.largest * min(size.x, size.y)
          ? sight.edges(around: shape.center, inner: Self.ring.inner * shape.axes.y / 2, outer: outer, from: viewpoint) : .max
      }
    }
    (self.rows, self.order) = (rows, order)
    mergeNeighbours()
  }

  /// A body is scene as long as it hasn't left the place it starts at, and once it stays where it ends.
  private static func dropResting(_ glimpses: inout [Glimpse?]) {
    func isNear(_ a: Glimpse, _ b: Glimpse) -> Bool {
      let gap = a.shape.center - b.shape.center
      return (gap * gap).sum().squareRoot() < Self.restingTravel && abs(a.shape.area / b.shape.area - 1) < 0.1
    }
    guard let first = glimpses.firstIndex(where: { $0 != nil }), let last = glimpses.lastIndex(where: { $0 != nil }) else {
      return
    }
    // What comes or goes on the way doesn't lie there.
    let (startsThere, endsThere) = (first == 0, last == glimpses.count - 1)
    let (start, end) = (glimpses[first]!, glimpses[last]!)
    var head = first
    while head <= last, let here = glimpses[head], isNear(here, start) { head += 1 }
    // A few frames are as many as any start takes.
    if startsThere && head - first > 4 || head > last { for k in first..<head { glimpses[k]?.isResting = true } }
    var tail = last
    while tail >= head, let here = glimpses[tail], isNear(here, end) { tail -= 1 }
    if endsThere && last - tail > 4 { for k in (tail + 1)...last { glimpses[k]?.isResting = true } }
  }

  /// Silhouettes that touch are one. Of two that have never been apart nobody knows that they are two: the one that was there
  /// first has the other's pixels, too.
  private mutating func mergeNeighbours() {
    var wereApart = Set<[Int]>()
    for frame in order.indices {
      for a in rows.indices {
        for b in rows.indices where b > a {
          guard let p = rows[a][frame], let q = rows[b][frame], p.isSeen, q.isSeen else { continue }
          let gap = p.shape.center - q.shape.center
          let distance = (gap * gap).sum().squareRoot()
          guard distance < (p.shape.axes.x + q.shape.axes.x) / 2 + 1.5 else {
            wereApart.insert([a, b])
            continue
          }
          let isNew = frame > 0 && rows[b][..<frame].allSatisfy { $0 == nil || $0!.isAbsorbed }
          if isNew && !wereApart.contains([a, b]) && rows[a][frame - 1] != nil {
            rows[a][frame]!.shape = p.shape.joined(with: q.shape, distance: distance)
            rows[b][frame]!.isAbsorbed = true
          } else {
            rows[a][frame]!.isShared = true
            rows[b][frame]!.isShared = true
          }
        }
      }
    }
  }
}

extension ApparentShape {
  /// Both as one silhouette, about: round ones whose middles are so far apart, px.
  fileprivate func joined(with other: ApparentShape, distance: Double) -> ApparentShape {
    var union = self
    let more = other.area * min(1, distance / (radius + other.radius))
    union.area = area + more
    union.center = (center * area + other.center * more) / union.area
    union.axes.x = max(axes.x, distance + (axes.x + other.axes.x) / 2)
    let way = other.center - center
    union.angle = distance > 0 ? remainder(atan2(way.y, way.x), .pi) : angle
    (union.lower, union.upper) = (pointwiseMin(lower, other.lower), pointwiseMax(upper, other.upper))
    return union
  }
}
