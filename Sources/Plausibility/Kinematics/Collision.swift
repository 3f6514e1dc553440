import Foundation
import WorldCore

/// Two followed bodies that meet, alone: their velocities before and after, read at one instant.
struct Collision: Sendable {
  /// One body's part.
  struct Side: Sendable {
    let motion: Int
    var before: SIMD2<Double>
    var after: SIMD2<Double>
    var covariance: Covariance2

    var change: SIMD2<Double> { after - before }
  }

  let first: Side
  let second: Side
  /// s.
  let time: Double
  let gap: ClosedRange<Double>
  let place: SIMD2<Double>
  /// Of the two bodies' places as they meet, px, with its standard deviation.
  let distance: (value: Double, deviation: Double)

  /// Velocities are read across a gap no longer than this, s: spin and friction change them after.
  private static let longestGap = 0.3
  /// And from arcs no further from the collision than this, frames.
  private static let nearestFrames = 4.0
  /// Cosine to up within which a velocity changes by a floor.
  private static let upward = 0.9
  /// A velocity change stands out of its error by so many standard deviations.
  private static let significance = 5.0

  /// All that a scene shows, in order of time.
  static func all(in scene: SceneMotion) -> [Collision] {
    var found: [Collision] = []
    for i in scene.motions.indices {
      for junction in scene.motions[i].junctions where scene.motions[i].track.kind == .compact {
        for j in scene.motions.indices where j != i && scene.motions[j].track.kind == .compact {
          guard let collision = Collision(junction, of: i, with: j, in: scene) else { continue }
          let isKnown = found.contains {
            Set([$0.first.motion, $0.second.motion]) == [i, j] && abs($0.time - collision.time) < longestGap
          }
          if !isKnown { found.append(collision) }
        }
      }
    }
    return found.sorted { $0.time < $1.time }
  }

  private init?(_ junction: Junction, of i: Int, with j: Int, in scene: SceneMotion) {
    let (a, b) = (scene.motions[i], scene.motions[j])
    // A scene knows its bodies: what is none of them, or the same one again, is a shadow or a mirror image.
    let bodies = [i, j].map { scene.setting(of: $0)?.body }
    guard (bodies[0] == nil) == (bodies[1] == nil), bodies[0] == nil || bodies[0] != bodies[1] else { return nil }
    guard junction.gap.upperBound - junction.gap.lowerBound < Self.longestGap,
      a.showSameBody(a.arcs[junction.before], a.arcs[junction.after])
    else { return nil }
    let margin = Self.nearestFrames * a.frameTime
    let span = (junction.gap.lowerBound - margin)...(junction.gap.upperBound + margin)
    guard !b.sightings(during: span).isEmpty else { return nil }

    // The other body's motion on both sides: arcs that end and begin here, or rest where its story begins or ends.
    guard let other = Self.side(j, struckBy: i, at: junction.time, within: span, in: scene) else { return nil }
    let own = Side(
      motion: i, before: junction.incoming, after: junction.outgoing,
      covariance: junction.velocityChangeCovariance)
    for side in [own, other.side] {
      guard side.change.length > Self.significance * side.covariance.variance(along: side.change.unit).squareRoot() else {
        return nil
      }
    }

    // Two that bounce off one floor at a time don't strike each other.
    let up = -scene.gravity.down
    guard [own, other.side].contains(where: { $0.change.unit.dot(up) < Self.upward }) else { return nil }
    // Nor is it sure that what comes out of a body that bounces up lay there: its mirror image does so.
    guard b.track.start != .merged || scene.setting(of: j) != nil || abs(own.change.unit.dot(up)) < Self.upward else {
      return nil
    }

    // They touch: centres apart by the sum of the radii, about.
    let apart = (junction.place - other.place).length
    guard apart < 0.5 * (a.diameter + b.diameter) * 1.5 + 2 else { return nil }
    // And nothing else is there.
    let crowd = scene.motions.indices.contains { k in
      k != i && k != j
        && scene.motions[k].sightings(during: span).contains { s in
          (s.position - junction.place).length < 0.5 * s.axes.x + 2 * max(a.diameter, b.diameter)
        }
    }
    guard !crowd else { return nil }
    (first, second, time, gap, place) = (own, other.side, junction.time, junction.gap, (junction.place + other.place) / 2)
    let (p, q) = (a.arcs[junction.before], a.arcs[junction.after])
    let covariance = (p.covariance(0, at: time) + q.covariance(0, at: time)) * 0.25 + other.covariance
    distance = (apart, covariance.variance(along: (junction.place - other.place).unit).squareRoot())
  }

  /// It lay there before: as the picture shows, or, where it came out of the silhouette of what struck it, as the scene says.
  /// Without a scene, what is as large as what struck it can't have come in that one's silhouette, which hasn't changed its size.
  private static func wasAtRest(_ index: Int, struckBy other: Int, in scene: SceneMotion) -> Bool {
    let (motion, striker) = (scene.motions[index], scene.motions[other])
    switch motion.track.start {
    case .rest: return true
    case .merged:
      if let setting = scene.setting(of: index) { return setting.beginsAtRest }
      // Shadows and mirror images come out of what they meet as well.
      let shades = motion.sightings.map(\.shade).sorted()
      return !shades.isEmpty && shades[shades.count / 2] < CastImages.darkening
        && motion.typicalArea > sameSize * striker.typicalArea
    default: return false
    }
  }

  /// Share of the striker's area that shows of what it struck, at least.
  private static let sameSize = 0.5

  private static func side(
    _ index: Int, struckBy other: Int, at time: Double, within span: ClosedRange<Double>, in scene: SceneMotion
  ) -> (side: Side, place: SIMD2<Double>, covariance: Covariance2)? {
    let motion = scene.motions[index]
    let firm = motion.arcs.filter { $0.count >= TrackMotion.leastForVelocity }
    let before = firm.last { $0.end <= time + motion.frameTime && $0.end >= span.lowerBound && $0.start < time }
    let after = firm.first { $0.start >= time - motion.frameTime && $0.start <= span.upperBound && $0.end > time }
    // One arc that runs through has no velocity change.
    if let before, let after, before.range == after.range { return nil }
    let atRest = Covariance2(isotropic: pow(0.1 * motion.diameter, 2))
    switch (before, after) {
    case (let before?, let after?):
      guard motion.showSameBody(before, after) else { return nil }
      let place = (before.position(at: time) + after.position(at: time)) / 2
      return (
        Side(
          motion: index, before: before.velocity(at: time), after: after.velocity(at: time),
          covariance: before.covariance(1, at: time) + after.covariance(1, at: time)), place,
        (before.covariance(0, at: time) + after.covariance(0, at: time)) * 0.25
      )
    case (nil, let after?) where wasAtRest(index, struckBy: other, in: scene) && after.range.lowerBound == 0:
      return (
        Side(motion: index, before: .zero, after: after.velocity(at: time), covariance: after.covariance(1, at: time) + atRest),
        after.position(at: time), after.covariance(0, at: time)
      )
    case (let before?, nil) where motion.track.end == .rest && before.range.upperBound == motion.sightings.count:
      return (
        Side(
          motion: index, before: before.velocity(at: time), after: .zero, covariance: before.covariance(1, at: time) + atRest),
        before.position(at: time), before.covariance(0, at: time)
      )
    default: return nil
    }
  }
}
