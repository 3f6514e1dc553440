import Foundation
import WorldCore

/// Makes tracks of trails: joins what one mover left behind in pieces, says how each begins and ends, and sets the scale of
/// the covariances by what the positions themselves scatter.
struct TrackFinishing {
  /// Flickers of fewer frames are the coder's, not the world's.
  static let leastPoints = 3
  /// Frames to either side that a passing scene is learnt from, about.
  private static let passingFrames = 8.0

  let scene: Scene
  let lastFrame: Int
  /// Frames in which nothing could be made out for a change of light.
  let blind: Set<Int>
  private let trails: [Trail]

  init(scene: Scene, trails: [Trail], lastFrame: Int, blind: Set<Int>) {
    self.scene = scene
    self.trails = trails
    self.lastFrame = lastFrame
    self.blind = blind
  }

  private var width: Double { Double(scene.background.width) }
  private var height: Double { Double(scene.background.height) }

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
    let stale = (way * way).sum().squareRoot() > Self.stir * steps ? s.held.edge * s.radius : 0
    let offset = max(min(change, 1) * 0.7 * s.radius, min(tail, s.radius), stale)
    // Shading, texture and the scene behind shift a centroid slowly, which differences from frame to frame don't show.
    let slow = 0.08 + 0.01 * 2 * s.radius
    var covariance = s.covariance + Covariance2(isotropic: offset * offset + slow * slow)
    if point.isShared || s.isCut { covariance = covariance + Covariance2(isotropic: s.radius * s.radius) }
    return covariance
  }

  /// What goes less than this in a frame, px, shows the same pixels for a while.
  private static let stir = 0.5
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
    return fill > 0.8 - edge / 4 && flicker < 0.2 + edge && range < 0.8 && share < 0.1 ? .compact : .extended
  }

  // MARK: How a track begins and ends

  private func beginning(of trail: Trail) -> Track.End {
    let first = trail.points[0]
    if first.frame <= 1 { return .clip }
    guard trail.start == .open else { return trail.start }
    let step = frameTime(trail)
    let later = trail.points[min(2, trail.points.count - 1)]
    let velocity = (later.silhouette.center - first.silhouette.center) / max(later.time - first.time, step)
    // What comes out of a crowd may have been struck there: it came by any way that its own steps could take.
    let steps = zip(trail.points.prefix(4), trail.points.prefix(4).dropFirst()).map {
      $1.silhouette.center - $0.silhouette.center
    }
    return fate(
      first.silhouette, usualArea: usualArea(trail.points.prefix(8)), velocity: -velocity * step, from: first.frame,
      towards: -1, id: trail, leeway: steps.map { ($0 * $0).sum().squareRoot() }.max() ?? 0)
  }

  private func ending(of trail: Trail) -> Track.End {
    if let end = trail.end { return end }
    let last = trail.last
    if last.frame >= lastFrame - 1 { return .clip }
    if trail.isHidden || trail.isStillThere { return .merged }
    let velocity = (trail.velocity ?? .zero) * frameTime(trail)
    return fate(
      last.silhouette, usualArea: trail.usualArea, velocity: velocity, from: last.frame, towards: 1, id: trail,
      isShared: last.isShared)
  }

  /// What became of a mover (or where it came from) one to three frames beyond its last sighting; `velocity` in px per frame.
  private func fate(
    _ s: Silhouette, usualArea: Double, velocity: SIMD2<Double>, from frame: Int, towards direction: Int, id: Trail,
    isShared: Bool = false, leeway: Double = 0
  ) -> Track.End {
    let r = (usualArea / .pi).squareRoot()
    if s.isCut { return .border }
    if (1...2).contains(where: { blind.contains(frame + direction * $0) }) { return .occluded }
    for k in 1...2 {
      let next = s.center + Double(k) * velocity
      if next.x < r + 1 || next.y < r + 1 || next.x > width - r - 1 || next.y > height - r - 1 { return .border }
    }
    // Slower than this it sinks into a scene that is learnt anew around each frame.
    let passed = (velocity * velocity).sum().squareRoot() * Self.passingFrames
    if scene.isPassing && passed < 4 * r { return .rest }
    if s.area < 0.7 * usualArea { return .occluded }
    if isShared && trails.contains(where: { outlives($0, id, from: frame, towards: direction, near: s) }) { return .merged }
    for other in trails
    where other.points[0].frame != id.points[0].frame || other.points[0].silhouette.center != id.points[0].silhouette.center {
      // One that isn't seen within three frames beyond is none of its story.
      let beyond = frame + 3 * direction
      guard other.points[0].frame <= max(frame, beyond), other.last.frame >= min(frame, beyond) else { continue }
      // What was beside it and went with it hides nothing.
      let goesOn = direction > 0 ? other.last.frame > frame : other.points[0].frame < frame
      for k in 0...3 where goesOn {
        let place = s.center + Double(k) * velocity
        let guest = other.points.first { $0.frame == frame + direction * k }?.silhouette
        if let guest, guest.contains(place, margin: r + 2 + leeway) { return .merged }
      }
    }
    // On the way it may also come to rest at a place where the still scene shows it resting.
    // Near there it shows only where it differs from itself at rest, so its colour is that of its whole track.
    let colors = [s.color, usualColor(id)]
    let looksAlike = (0...4).contains { k in
      colors.contains { looksLikeScene($0, texture: s.texture, radius: r, at: s.center + Double(k) / 4 * velocity) }
    }
    return looksAlike ? .occluded : .open
  }

  /// Whether another trail is seen about there within three frames beyond: it may have been the guest in the last silhouette.
  private func outlives(
    _ other: Trail, _ trail: Trail, from frame: Int, towards direction: Int, near s: Silhouette
  ) -> Bool {
    guard
      other.points[0].frame != trail.points[0].frame || other.points[0].silhouette.center != trail.points[0].silhouette.center
    else { return false }
    guard other.points[0].frame <= max(frame, frame + 3 * direction), other.last.frame >= min(frame, frame + 3 * direction)
    else { return false }
    return other.points.contains { point in
      (1...3).contains((point.frame - frame) * direction)
        && s.contains(point.silhouette.center, margin: s.axes.x + point.silhouette.radius)
    }
  }

  private func usualArea(_ points: ArraySlice<Trail.Point>) -> Double {
    let areas = points.map(\.silhouette.area).sorted()
    return areas[areas.count / 2]
  }

  private func frameTime(_ trail: Trail) -> Double {
    guard trail.points.count >= 2 else { return 0 }
    let (a, b) = (trail.points[trail.points.count - 2], trail.last)
    return (b.time - a.time) / Double(max(1, b.frame - a.frame))
  }

  /// Median of each channel over the trail.
  private func usualColor(_ trail: Trail) -> SIMD3<Double> {
    func median(_ channel: Int) -> Double {
      let levels = trail.points.map { $0.silhouette.color[channel] }.sorted()
      return levels[levels.count / 2]
    }
    return SIMD3(median(0), median(1), median(2))
  }

  /// The still scene shows the mover's own colour there: it can't be told from it.
  private func looksLikeScene(
    _ color: SIMD3<Double>, texture: Double, radius: Double, at place: SIMD2<Double>
  ) -> Bool {
    var (sum, power, count) = (SIMD3<Double>.zero, 0.0, 0.0)
    let r = Int(max(1, radius * 0.7))
    let (w, h) = (Int(width), Int(height))
    let (cx, cy) = (min(max(Int(place.x), 0), w - 1), min(max(Int(place.y), 0), h - 1))
    for y in max(0, cy - r)...min(h - 1, cy + r) {
      for x in max(0, cx - r)...min(w - 1, cx + r) {
        let i = 3 * (y * w + x)
        let level = SIMD3(
          Double(scene.background.level[i]), Double(scene.background.level[i + 1]), Double(scene.background.level[i + 2]))
        sum += level
        power += (level * level).sum()
        count += 1
      }
    }
    let mean = sum / max(count, 1)
    let d = mean - color
    // Stripes and checks stand out of what has their mean colour.
    let there = (max(0, power / max(count, 1) - (mean * mean).sum()) / 3).squareRoot()
    return (d * d).sum().squareRoot() < 25 && abs(there - texture) < 15
  }

  // MARK: Pieces of one mover

  /// Frames for which a mover may be out of sight between two of its pieces.
  private static let longestBreak = 12

  /// Joins a trail that ends in the open to one that begins in the open there or right after, when they look alike and nothing
  /// else does.
  private func joined(_ pieces: [Trail]) -> [Trail] {
    var trails = pieces
    var first: Int? = 0
    while let start = first {
      first = nil
      for a in start..<trails.count {
        let candidates = trails.indices.filter { b in
          let gap = trails[b].points[0].frame - trails[a].last.frame
          return gap >= 0 && gap <= Self.longestBreak && b != a
            && (trails[b].start == .open || trails[b].start == .merged) && looksAlike(trails[a], trails[b])
        }
        guard candidates.count == 1, let b = candidates.first, [.open, .merged].contains(ending(of: trails[a])) else {
          continue
        }
        // A shutter open across the jump shows both places in one frame.
        let place = trails[b].points[0].frame
        trails[a].points += trails[b].points.filter { $0.frame > trails[a].last.frame }
        trails[a].isHidden = trails[b].isHidden
        trails[a].end = trails[b].end
        trails.remove(at: b)
        // Those that the piece might have gone on have one choice less now; nothing is new to the others.
        first = trails.indices.first { trails[$0].last.frame >= place - Self.longestBreak }
        break
      }
    }
    return trails
  }

  private func looksAlike(_ a: Trail, _ b: Trail) -> Bool {
    let first = b.points[min(1, b.points.count - 1)].silhouette
    // The sighting next to the break may be half a shutter's worth of the thing: its neighbours show its colours.
    let d = first.color - a.points[max(0, a.points.count - 2)].silhouette.color
    return abs(log(first.area / a.usualArea)) < 0.35 && (d * d).sum().squareRoot() < 40
  }
}
