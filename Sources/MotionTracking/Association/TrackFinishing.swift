import Foundation
import WorldCore

/// Makes tracks of trails: joins what one mover left behind in pieces, says how each begins and ends, and sets the scale of
/// the covariances by what the positions themselves scatter.
struct TrackFinishing {
  /// Flickers of fewer frames are the coder's, not the world's.
  static let leastPoints = 3

  let scene: Scene
  let lastFrame: Int
  /// Frames in which nothing could be made out for a change of light.
  let blind: Set<Int>
  let trails: [Trail]

  init(scene: Scene, trails: [Trail], lastFrame: Int, blind: Set<Int>) {
    self.scene = scene
    self.trails = trails
    self.lastFrame = lastFrame
    self.blind = blind
  }

  var width: Double { Double(scene.background.width) }
  var height: Double { Double(scene.background.height) }

  func tracks() -> [Track] {
    let lasting = joined(trails.filter { $0.points.count >= Self.leastPoints })
    let factor = Double(scene.reference.factor)
    var made: [Track] = []
    for trail in lasting {
      let kind = self.kind(of: trail)
      let width = usualWidth(trail)
      let elongation = usualElongation(trail)
      let whole = wholeness(of: trail)
      let sightings = trail.points.indices.map { i -> Track.Sighting in
        let (point, isWhole) = (trail.points[i], whole[i])
        let s = point.silhouette
        let touches = (max(0, i - Self.touchFrames)...min(whole.count - 1, i + Self.touchFrames)).contains { k in
          abs(trail.points[k].frame - point.frame) <= Self.touchFrames
            && (trail.points[k].isShared || !whole[k] || trail.points[k].silhouette.axes.y > Self.clinging * width)
        }
        let clings = touches ? Covariance2(isotropic: pow(Self.touch * s.radius, 2)) : Covariance2(isotropic: 0)
        return Track.Sighting(
          frame: point.frame, time: point.time, position: s.center * factor,
          covariance: (covariance(of: i, in: trail, elongation: elongation) + clings) * (factor * factor),
          area: s.area * factor * factor,
          axes: s.axes * factor, angle: s.angle, edges: s.edges, color: s.color, isCut: s.isCut,
          isShared: point.isShared || !isWhole || s.axes.y > Self.clinging * width,
          shade: s.shade, outline: magnified(s.outline, by: scene.reference.factor), turn: isWhole ? point.turn : nil)
      }
      made.append(
        Track(
          id: 0, kind: kind, sightings: sightings, start: beginning(of: trail), end: ending(of: trail),
          varianceError: Self.varianceError))
    }
    made.sort { ($0.firstFrame, $0.sightings[0].position.x) < ($1.firstFrame, $1.sightings[0].position.x) }
    for i in made.indices {
      made[i].id = i + 1
      CovarianceScaling.apply(to: &made[i])
    }
    return made
  }

  /// A silhouette that is larger or smaller than usual misses or holds something: the centroid may be off by that share of its
  /// radius. One that is longer than usual has something at one end: a quarter of that length.
  private func covariance(of index: Int, in trail: Trail, elongation: Double) -> Covariance2 {
    let point = trail.points[index]
    let s = point.silhouette
    let around = trail.points[max(0, index - 6)...min(trail.points.count - 1, index + 6)]
    let areas = around.filter { abs($0.frame - point.frame) <= 6 && !$0.silhouette.isCut }.map(\.silhouette.area).sorted()
    let usual = areas.isEmpty ? s.area : areas[areas.count / 2]
    let change = max(0, abs(s.area / usual - 1) - 0.06)
    let tail = max(0, s.axes.x - 1.04 * elongation * s.axes.y) / 4
    // Of a body that moves, what of the edge the coder holds is where the body was.
    let nearest = [trail.points[max(0, index - 1)], trail.points[min(trail.points.count - 1, index + 1)]]
    let way = nearest[1].silhouette.center - nearest[0].silhouette.center
    let steps = Double(max(1, nearest[1].frame - nearest[0].frame))
    let stale = (way * way).sum().squareRoot() > Trail.stir * steps ? s.held.edge * s.radius : 0
    let offset = max(min(change, 1) * 0.7 * s.radius, min(tail, s.radius), stale)
    // Shading, texture and the scene behind shift a centroid slowly, which differences from frame to frame don't show.
    let slow = 0.08 + 0.01 * 2 * s.radius
    var covariance = s.covariance + Covariance2(isotropic: offset * offset + slow * slow)
    if point.isShared || s.isCut { covariance = covariance + Covariance2(isotropic: s.radius * s.radius) }
    return covariance
  }

  /// Within so many frames of sharing its outline something still clings to a silhouette (a shadow it has just left), which
  /// moves the centroid by this share of the radius, standard deviation.
  private static let touchFrames = 2
  private static let touch = 0.15
  /// The covariances are right to this factor, standard deviation of its logarithm: silhouettes err in bouts.
  private static let varianceError = 0.35
  /// A silhouette that jumps by this factor in area holds something else, or is a part only.
  private static let jump = 1.5
  /// Sightings that a new size must last before it is the mover's own.
  private static let lasting = 12

  /// Elongation up to which a silhouette is round.
  private static let round = 1.15

  /// Runs of working pixels as runs of the clip's.
  private func magnified(_ runs: [Track.PixelRun], by factor: Int) -> [Track.PixelRun] {
    guard factor > 1 else { return runs }
    return runs.flatMap { run in
      (0..<factor).map { Track.PixelRun(row: run.row * factor + $0, from: run.from * factor, to: run.to * factor) }
    }
  }

  /// Per point: whether the silhouette is the mover's own. Its size changes gradually; what jumps away from it belongs to
  /// something else or is a part, however long that lasts, unless the new size lasts longer than the old one did.
  private func wholeness(of trail: Trail) -> [Bool] {
    var whole = [Bool](repeating: false, count: trail.points.count)
    var own: [Double] = []
    var odd: [Int] = []
    var accepted = 0
    for (i, point) in trail.points.enumerated() {
      guard !point.isShared, !point.silhouette.isCut else {
        whole[i] = true  // they say so themselves
        continue
      }
      let usual = own.isEmpty ? point.silhouette.area : own.sorted()[own.count / 2]
      let change = max(point.silhouette.area / usual, usual / point.silhouette.area)
      if change < Self.jump + 2 / usual.squareRoot() {
        whole[i] = true
        own = Array((own + [point.silhouette.area]).suffix(5))
        accepted += 1
        odd = []
      } else {
        odd.append(i)
        guard odd.count >= Self.lasting, odd.count > 2 * accepted else { continue }
        // The first size was the odd one out.
        for k in whole.indices where k < odd[0] { whole[k] = trail.points[k].isShared || trail.points[k].silhouette.isCut }
        for k in odd { whole[k] = true }
        own = odd.suffix(5).map { trail.points[$0].silhouette.area }
        (accepted, odd) = (odd.count, [])
      }
    }
    return whole
  }

  /// Wider than its track's usual width by this factor, a silhouette shares its outline with something: a shadow, a hand.
  private static let clinging = 1.3

  /// Ratio of the axes that a quarter of the silhouettes don't exceed: of a ball, that without blur and shadow.
  private func usualElongation(_ trail: Trail) -> Double {
    let ratios = trail.points.filter { !$0.silhouette.isCut && !$0.isShared }.map {
      $0.silhouette.axes.x / $0.silhouette.axes.y
    }
    .sorted()
    return ratios.isEmpty ? 1 : ratios[ratios.count / 4]
  }

  private func usualWidth(_ trail: Trail) -> Double {
    let widths = trail.points.filter { !$0.silhouette.isCut && !$0.isShared }.map(\.silhouette.axes.y).sorted()
    return widths.isEmpty ? .infinity : widths[widths.count / 2]
  }

  /// Compact: the area keeps steady from frame to frame and fills its own ellipse.
  private func kind(of trail: Trail) -> Track.Kind {
    let whole = trail.points.filter { !$0.silhouette.isCut && !$0.isShared }
    guard whole.count >= 3, 3 * whole.count >= trail.points.count else { return .extended }
    func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
    let fill = median(whole.map { $0.silhouette.area / (.pi / 4 * $0.silhouette.axes.x * $0.silhouette.axes.y) })
    let flicker = median(zip(whole, whole.dropFirst()).map { abs(log($1.silhouette.area / $0.silhouette.area)) })
    let share = median(whole.map(\.silhouette.area)) / (width * height)
    let areas = whole.map(\.silhouette.area).sorted()
    let range = log(areas[areas.count * 3 / 4] / areas[areas.count / 4])
    if scene.isPassing {
      // Under a moving camera the scene's own details move: a thing goes much further than they do.
      let places = whole.map(\.silhouette.center)
      let far = places.map { ($0 - places[0]) * ($0 - places[0]) }.map { $0.sum().squareRoot() }.max() ?? 0
      guard far > 0.05 * max(width, height) else { return .extended }
    }
    // A silhouette of few pixels flickers by its edge alone.
    let edge = 1.5 / median(whole.map(\.silhouette.area)).squareRoot()
    // And soft edges lengthen a small one's axes: a disc of radius 3 px fills its ellipse by a tenth less.
    // A round thing that comes nearer all the time stays one thing.
    let isRound = median(whole.map { $0.silhouette.axes.x / $0.silhouette.axes.y }) < Self.round
    let isSteady = flicker < 0.2 + edge && range < (isRound ? 3 : 0.8)
    return fill > 0.8 - edge / 4 && isSteady && share < 0.1 ? .compact : .extended
  }
}
