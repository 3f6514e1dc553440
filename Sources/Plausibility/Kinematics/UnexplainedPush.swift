import Foundation
import WorldCore

/// A velocity that changes where a scene says that nothing near can have changed it.
///
/// In the open nothing pushes. Against a solid the push lies in its cone of friction: along the normal, and across it by no
/// more than that.
struct UnexplainedPush: Sendable {
  let junction: Junction
  /// Nothing at all is within reach.
  let isInTheOpen: Bool
  /// How often a lawful push would look like this.
  let pValue: Double
  /// px/s.
  let excess: Double
  /// On level ground, along the way that it went: whether a slide or a ride may change its speed so is friction's to say.
  let isAlongRide: Bool

  /// Perspective and drag between the arcs, as a share of the speed.
  private static let slack = 0.025
  /// Where an acceleration grows evenly by a over a duration T, a parabola's velocity is off by a·T/10 at each end (least
  /// squares of a cubic); what air does to a body may come and go within a flight, to either side.
  private static let bend = 0.2
  /// A solid of which less than this is to be seen from its side pushes along the line of sight: what that shows isn't known.
  private static let sideways = 0.5
  /// Cosine between a push and the way from which on it changes the speed, not the direction.
  private static let alongRide = 0.9
  /// Tangent of the cone of friction.
  private static let friction = 1.0
  /// How often something pushes that neither the scene nor the picture shows.
  static let unseen = 1e-7

  /// One for each junction of which the surroundings are known, in order of time.
  static func all(of index: Int, in scene: SceneMotion) -> [UnexplainedPush] {
    guard !scene.isCrowd, let setting = scene.setting(of: index), setting.isFree else { return [] }
    let motion = scene.motions[index]
    let freezes = Freeze.all(of: index, in: scene)
    return motion.junctions.compactMap { junction in
      let margin = 1.5 * motion.frameTime
      let span = (junction.gap.lowerBound - margin)...(junction.gap.upperBound + margin)
      guard !freezes.contains(where: { $0.span.overlaps(span) }),
        !scene.hasCompany(index, during: span, reach: 0.25 * motion.diameter)
      else { return nil }
      return UnexplainedPush(junction, motion, setting)
    }
  }

  private init?(_ junction: Junction, _ motion: TrackMotion, _ setting: SceneSetting) {
    let (a, b) = (motion.arcs[junction.before], motion.arcs[junction.after])
    guard junction.gap.upperBound - junction.gap.lowerBound < SeenContact.longestGap, junction.isContinuous(in: motion),
      motion.showSameBody(a, b), let before = setting.instant(at: a.end), let after = setting.instant(at: b.start),
      !before.hasCompany, !after.hasCompany
    else { return nil }
    let speed = max(junction.incoming.length, junction.outgoing.length)
    isInTheOpen =
      setting.isInTheOpen(across: junction, of: motion) && [a, b].allSatisfy { setting.isSeenThroughout($0, of: motion) }
    self.junction = junction
    let change = junction.velocityChange
    let along = abs(change.unit.dot(junction.incoming.unit))
    isAlongRide = !isInTheOpen && before.isOnLevel && after.isOnLevel && along > Self.alongRide
    if isInTheOpen {
      excess = change.length
    } else {
      let normals = (before.normals + after.normals).map { SIMD2($0.x, $0.y) }
      // What is near enough for the gap, and not near enough to be named, may have pushed anyhow; so may an edge, or a long
      // body's end.
      let isOnePlane = SceneSetting.isOnePlane(setting.normals(about: junction, of: motion))
      guard !normals.isEmpty, isOnePlane, setting.isStout, normals.allSatisfy({ $0.length > Self.sideways }) else { return nil }
      excess = normals.map { normal in
        let along = change.dot(normal.unit)
        return max(0, (change - along * normal.unit).length - Self.friction * max(0, along))
      }.min()!
    }
    // What isn't seen of the body on one side of the push and is on the other feigns a velocity.
    let blind = [a, b].map { arc in motion.sightings[arc.range].map(setting.blindness).max() ?? 0 }
    let feigned = zip(blind, [a, b]).reduce(0) { $0 + pow(2 * $1.0 / max($1.1.duration, motion.frameTime), 2) }
    // Air changes an acceleration along the way, which a parabola takes for a velocity at its end.
    let air = setting.air * before.pixelsPerMetre * (a.duration + b.duration) * Self.bend
    let variance =
      junction.velocityChangeCovariance.variance(along: change.unit) + pow(Self.slack * speed, 2) + feigned + air * air
    pValue = max(Tails.normal(beyond: excess / variance.squareRoot()), Self.unseen)
  }
}

extension Junction {
  /// The arcs meet: the velocity jumps, the place doesn't, as far as a silhouette that touches something tells.
  func isContinuous(in motion: TrackMotion) -> Bool {
    let (a, b) = (motion.arcs[before], motion.arcs[after])
    let room = Covariance2(isotropic: pow(ContinuityLaw.touch * motion.diameter, 2))
    return (a.covariance(0, at: time) + b.covariance(0, at: time) + room).mahalanobisSquared(
      b.position(at: time) - a.position(at: time)) < 12
  }
}
