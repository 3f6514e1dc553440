import Foundation
import WorldCore

/// A body that gets into a solid of the scene.
struct Intrusion {
  private(set) var time: Double
  /// How deep, in radii of the ball that just fits into the body, with its standard deviation.
  let depth: Double
  private(set) var deviation: Double

  /// Of a contact, in radii: blur, shadows and the silhouette's own shape.
  private static let outline = 0.15
  /// A solid's side seen by less than this (cosine) tells no depth.
  private static let sideways = 0.5
  /// Share of its last silhouette that it shows at least where it is back.
  private static let remains = 0.25
  /// After so many frames and the time of its own passage a body that bounced would be seen again.
  private static let patience = 3.0

  /// Who is behind a surface is back within this, s.
  private static let away = 0.4
  /// Radii that a body goes at least in three frames if it doesn't rest.
  private static let resting = 0.1
  /// Share of its least area that a partly hidden body shows at most; what coders and backgrounds take is less.
  private static let hidden = 0.85

  static func all(of index: Int, in scene: SceneMotion) -> [Intrusion] {
    guard !scene.isCrowd, let setting = scene.setting(of: index), setting.isFree, setting.innerRadius > 0 else { return [] }
    let motion = scene.motions[index]
    return whereSeen(motion, setting) + whereCut(motion, setting) + whereTurned(motion, setting)
      + whereHidden(index, in: scene, setting)
      + [whereLost(index, in: scene, setting)].compactMap(\.self)
  }

  private init(
    time: Double, metres: Double, _ sighting: Track.Sighting, _ instant: SceneSetting.Instant, _ setting: SceneSetting
  ) {
    self.time = time
    depth = metres / setting.innerRadius
    // A shared sighting's covariance speaks of its place, not of its being hidden.
    let noise =
      sighting.isShared ? 0 : (sighting.covariance.trace / 2).squareRoot() / instant.pixelsPerMetre / setting.innerRadius
    // Nor is its middle known where it shows less of itself than it has.
    let blind = sighting.isShared ? 0 : setting.blindness(of: sighting) / instant.pixelsPerMetre / setting.innerRadius
    deviation = (noise * noise + blind * blind + Self.outline * Self.outline).squareRoot()
  }

  /// Sightings within a solid: the deepest of two that follow one another counts as deep as the shallower one.
  private static func whereSeen(_ motion: TrackMotion, _ setting: SceneSetting) -> [Intrusion] {
    let seen = motion.sightings.compactMap { s in setting.instant(at: s.time).map { (s, $0) } }
    return zip(seen, seen.dropFirst()).map { a, b in
      let shallow = a.1.burial < b.1.burial ? a : b
      return Intrusion(time: shallow.0.time, metres: shallow.1.burial, shallow.0, shallow.1, setting)
    }.filter { $0.depth > 0 }
  }

  /// Share of its width by which a cut ball is wider or narrower along the cut, at most: as deep as it may be seen, and by what
  /// edges err.
  private static let asWide = -0.15...0.15
  /// Pixels by which both edges of a silhouette together err.
  private static let edge = 0.5

  /// A ball's silhouette that is too short across a surface which faces the camera, in three sightings one after the other: the
  /// rest of it is in there. The least of the three counts.
  private static func whereCut(_ motion: TrackMotion, _ setting: SceneSetting) -> [Intrusion] {
    let silhouettes = setting.silhouettes
    guard isBall(setting) else { return [] }
    let cuts = motion.track.sightings.compactMap { s -> (frame: Int, intrusion: Intrusion)? in
      guard !s.isCut, let instant = setting.instant(at: s.time), !instant.hasCompany, !instant.isBehind else { return nil }
      let own = ownSize(motion, before: s.time, setting)
      let missing = instant.normals.filter { $0.z < 0 && SIMD2($0.x, $0.y).length > sideways }.map {
        missingHeight(
          of: s, across: SIMD2($0.x, $0.y).unit, instant, due: min(silhouettes.widths.lowerBound, own?.width ?? .infinity))
      }.max()
      guard let missing else { return nil }
      var intrusion = Intrusion(time: s.time, metres: missing, s, instant, setting)
      let error = edge / instant.pixelsPerMetre / setting.innerRadius
      intrusion.deviation = (intrusion.deviation * intrusion.deviation + error * error).squareRoot()
      return (s.frame, intrusion)
    }
    return cuts.indices.dropLast(2).compactMap { k in
      guard cuts[k + 2].frame == cuts[k].frame + 2 else { return nil }
      // It has been in there since it began to be cut.
      var begun = k
      while begun > 0, cuts[begun - 1].frame == cuts[begun].frame - 1, cuts[begun - 1].intrusion.depth > 0 { begun -= 1 }
      var least = cuts[k...(k + 2)].map(\.intrusion).min { $0.depth < $1.depth }!
      least.time = cuts[begun].intrusion.time
      return least
    }.filter { $0.depth > 0 }
  }

  /// It looks alike from all sides.
  private static func isBall(_ setting: SceneSetting) -> Bool {
    setting.silhouettes.areas.lowerBound > 0.9 * setting.silhouettes.areas.upperBound
  }

  /// Seconds within which a body was last seen off the ground, and sightings that tell its size there.
  private static let recently = (seconds: 0.6, sightings: 3)

  /// How wide, m, and large, m², a body was when nothing was near; nil where that wasn't seen lately. What shrinks is smaller
  /// than the scene's before it touches anything.
  private static func ownSize(_ motion: TrackMotion, before time: Double, _ setting: SceneSetting) -> (
    width: Double, area: Double
  )? {
    let clear = motion.sightings(during: (time - recently.seconds)...time).compactMap { s -> (width: Double, area: Double)? in
      guard !s.isShared, !s.isCut, let instant = setting.instant(at: s.time), instant.clearance > setting.outerRadius / 2 else {
        return nil
      }
      return (s.axes.y / instant.pixelsPerMetre, s.area / (instant.pixelsPerMetre * instant.pixelsPerMetre))
    }.suffix(recently.sightings)
    guard clear.count == recently.sightings else { return nil }
    func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
    return (median(clear.map(\.width)), median(clear.map(\.area)))
  }

  /// By how much a silhouette is too short across a surface, m; none of one that is narrower or wider along it than due.
  private static func missingHeight(
    of s: Track.Sighting, across normal: SIMD2<Double>, _ instant: SceneSetting.Instant, due: Double
  ) -> Double {
    let (major, minor) = (normal.dot(SIMD2(cos(s.angle), sin(s.angle))), normal.dot(SIMD2(-sin(s.angle), cos(s.angle))))
    let height = SIMD2(major * s.axes.x, minor * s.axes.y).length / instant.pixelsPerMetre
    let width = SIMD2(minor * s.axes.x, major * s.axes.y).length / instant.pixelsPerMetre
    // What is flattened is wider instead, what shrinks is narrower as well.
    return asWide.contains(width / due - 1) ? due - height : 0
  }

  /// Bounces whose two arcs meet below the surface.
  private static func whereTurned(_ motion: TrackMotion, _ setting: SceneSetting) -> [Intrusion] {
    motion.junctions.compactMap { junction in
      let (a, b) = (motion.arcs[junction.before], motion.arcs[junction.after])
      let last = motion.sightings[a.range.upperBound - 1]
      guard junction.gap.upperBound - junction.gap.lowerBound < SeenContact.longestGap, junction.isContinuous(in: motion),
        motion.showSameBody(a, b),
        let instant = setting.instant(at: last.time)
      else { return nil }
      let left = junction.time - last.time
      let deepest = instant.normals.map {
        -a.velocity(at: junction.time).dot(SIMD2($0.x, $0.y)) * left / instant.pixelsPerMetre
      }.max()
      guard let deepest else { return nil }
      return Intrusion(time: junction.time, metres: instant.burial + deepest, last, instant, setting)
    }.filter { $0.depth > 0 }
  }

  /// Partly hidden for three frames with no mover near, by a surface that faces the camera: so it is behind it. It may be out
  /// of sight in between, and come back as a track of its own.
  private static func whereHidden(_ index: Int, in scene: SceneMotion, _ setting: SceneSetting) -> [Intrusion] {
    let motion = scene.motions[index]
    let isBall = isBall(setting)
    func isPartlyHidden(_ s: Track.Sighting) -> Bool {
      // The tracker says so, or the scene: it shows less than edges err by. A ball that does so all round has shrunk; of one that
      // is cut `whereCut` speaks.
      guard s.isShared || (!isBall && setting.blindness(of: s) > 0), !s.isCut, let instant = setting.instant(at: s.time),
        !instant.hasCompany,
        // What the ground hides is in it: where it shows less of itself high above, its colour is the background's. At the depth that
        // the small rest suggests it might touch, so both depths are asked.
        instant.burial > -setting.outerRadius / 2,
        !scene.hasCompany(index, during: s.time...s.time),
        s.axes.x < (1 + asWide.upperBound) * setting.silhouettes(at: instant).lengths.upperBound * instant.pixelsPerMetre
      else { return false }
      let area = s.area / (instant.pixelsPerMetre * instant.pixelsPerMetre)
      // A ball is hidden where it is; a long body is hidden by what it leans over as well, but for level ground.
      let isHere = setting.isStout || (instant.isOnLevel && instant.normals.count == 1)
      // And less than it usually shows itself: coders and backgrounds take the same parts all the time.
      let usual = motion.typicalArea / (instant.pixelsPerMetre * instant.pixelsPerMetre)
      let due = min(
        setting.silhouettes(at: instant).areas.lowerBound, ownSize(motion, before: s.time, setting)?.area ?? .infinity, usual)
      return isHere && area < hidden * due
        && instant.normals.contains { $0.z < 0 && SIMD2($0.x, $0.y).length > sideways }
    }
    // The same body's next track, where this one ends at the surface.
    let next = scene.motions.filter { other in
      guard other.track.id != motion.track.id, let first = other.track.sightings.first, let last = motion.track.sightings.last
      else { return false }
      return motion.track.end == .occluded && other.track.start == .occluded && first.time > last.time
        && first.time - last.time < away && (first.position - last.position).length < 3 * motion.diameter
    }.first
    let all =
      motion.track.sightings.map { ($0, isPartlyHidden($0)) }
      + (next?.track.sightings.prefix(1).map { ($0, $0.isShared) } ?? [])
    var found: [Intrusion] = []
    var begun: Track.Sighting?
    for (s, isPartly) in all {
      guard isPartly else {
        begun = nil
        continue
      }
      let first = begun ?? s
      begun = first
      guard s.frame - first.frame >= 2, let instant = setting.instant(at: first.time) else { continue }
      // What rests shows only where the still scene doesn't show it resting.
      guard (s.position - first.position).length > resting * setting.innerRadius * instant.pixelsPerMetre else { continue }
      found.append(Intrusion(time: first.time, metres: setting.innerRadius, first, instant, setting))
      begun = nil
    }
    return found
  }

  /// A body that comes to a surface which faces the camera, and isn't seen any more, has gone through it.
  private static func whereLost(_ index: Int, in scene: SceneMotion, _ setting: SceneSetting) -> Intrusion? {
    let motion = scene.motions[index]
    guard motion.track.end == .occluded || motion.track.end == .merged, let last = motion.sightings.last,
      let arc = motion.arcs.last, arc.count >= TrackMotion.leastForVelocity, let instant = setting.instant(at: last.time)
    else { return nil }
    let velocity = arc.velocity(at: last.time) / instant.pixelsPerMetre
    if let normal = instant.nearest, normal.z < 0, SIMD2(normal.x, normal.y).length > sideways {
      let speed = -velocity.dot(SIMD2(normal.x, normal.y))
      guard speed > 0 else { return nil }
      // It would have touched by now, and be back.
      let due = (max(0, -instant.burial) + setting.innerRadius) / speed + patience * motion.frameTime
      // What is left of it for a frame or two isn't it.
      let isBack = scene.motions.contains { other in
        other.track.sightings.contains {
          $0.time > last.time + due / 2 && $0.time < last.time + due + 0.1 && $0.area > remains * last.area
            && ($0.position - last.position).length < 3 * motion.diameter
        }
      }
      let isOver = last.time + due > scene.clip.duration
      if !isBack && !isOver && speed * due > setting.innerRadius {
        return Intrusion(time: last.time, metres: min(2 * setting.innerRadius, speed * due), last, instant, setting)
      }
    }
    return nil
  }
}
