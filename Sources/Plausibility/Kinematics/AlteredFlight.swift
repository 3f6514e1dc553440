import Foundation
import WorldCore

/// A flight that gives way to another motion with nothing there that could hold or push the body.
///
/// Only the clip is asked: what is in flight has shown how it falls, and what changes that is touched, and jolts.
struct AlteredFlight {
  let p: Double
  let violation: LawFinding.Violation

  /// How often something that the picture doesn't show (still water, a thread) catches a body dead in the air and lets it go again.
  /// That is doubt, no verdict.
  private static let unseenHold = ScoreCalibration.doubt
  /// How often a force sets in without a jolt: water, a net, wind, a slope met at a tangent. That is doubt, no verdict.
  private static let softForce = ScoreCalibration.doubt
  /// Sightings of a body that is held, and s: at the top of a low bounce it hardly moves for a while.
  private static let held = (sightings: 4, seconds: 0.15)
  /// Diameters that it would have gone meanwhile, that it goes, and the share of its speed that it is let go with.
  private static let (way, stillness, letGo) = (0.5, 0.2, 0.25)
  /// Share of gravity by which depth and drag may change an acceleration.
  private static let slack = 0.2
  /// A change by less than this share of gravity is no other force.
  private static let leastChange = 0.3

  static func all(of index: Int, fall: SharedGravity.Fall, in scene: SceneMotion) -> [AlteredFlight] {
    let motion = scene.motions[index]
    return motion.junctions.flatMap { junction -> [AlteredFlight] in
      guard fall.arcs.contains(junction.before), !fall.arcs.contains(junction.after) else { return [] }
      return [
        suspended(junction, of: index, fall: fall, in: scene), bent(junction, of: index, fall: fall, in: scene),
      ].compactMap(\.self)
    }
  }

  /// It stops dead, stays, and falls again from rest.
  private static func suspended(
    _ junction: Junction, of index: Int, fall: SharedGravity.Fall, in scene: SceneMotion
  ) -> AlteredFlight? {
    let motion = scene.motions[index]
    let (flight, still) = (motion.arcs[junction.before], motion.arcs[junction.after])
    guard let release = motion.junctions.first(where: { $0.before == junction.after }), fall.arcs.contains(release.after),
      still.count >= held.sightings, still.duration >= held.seconds, motion.showSameBody(flight, still)
    else { return nil }
    let places = motion.sightings[still.range]
    let error = 3 * (places.first!.covariance.trace).squareRoot()
    let speed = flight.velocity(at: flight.end).length
    let after = motion.arcs[release.after].velocity(at: motion.arcs[release.after].start).length
    // Two frames' fall are in the first velocity that is read.
    let fallen = 2 * motion.frameTime * fall.acceleration.length
    guard (places.last!.position - places.first!.position).length < stillness * motion.diameter + error,
      speed * still.duration > way * motion.diameter + error, after < letGo * speed + fallen,
      !scene.hasCompany(index, during: flight.end...release.gap.upperBound, reach: 0.5 * motion.diameter),
      !isHeld(places, down: scene.gravity.down)
    else { return nil }
    return AlteredFlight(
      p: unseenHold,
      violation: .init(
        from: junction.gap.lowerBound, to: release.gap.lowerBound,
        what:
          "the body stops in the air at \(Sentence.time(junction.time)), stays there for \(Sentence.time(still.duration)) and falls on: something would have to hold it, and nothing is there",
        sigma: Tails.normalQuantile(above: unseenHold)))
  }

  /// Something has an edge beneath it, or beside it: that may hold it.
  private static func isHeld(_ places: ArraySlice<Track.Sighting>, down: SIMD2<Double>) -> Bool {
    let sector = Int((atan2(down.y, down.x) / (.pi / 4)).rounded()) + 8
    let mask = (-2...2).reduce(UInt8(0)) { $0 | UInt8(1) << UInt8((sector + $1) % 8) }
    return places.contains { ($0.edges ?? 0) & mask != 0 }
  }

  /// Its acceleration becomes another steady one without any jolt.
  private static func bent(
    _ junction: Junction, of index: Int, fall: SharedGravity.Fall, in scene: SceneMotion
  ) -> AlteredFlight? {
    let motion = scene.motions[index]
    let (before, after) = (motion.arcs[junction.before], motion.arcs[junction.after])
    guard after.count >= GravityLaw.leastSightings, after.duration >= GravityLaw.leastDuration,
      SharedGravity.isUniform(before, of: motion), SharedGravity.isUniform(after, of: motion),
      motion.showSameBody(before, after), !scene.hasCompany(index, during: after.start...after.origin)
    else { return nil }
    let jolt = junction.velocityChange
    let deviation = junction.velocityChangeCovariance.variance(along: jolt.unit).squareRoot()
    guard jolt.length < 4 * deviation + 0.05 * junction.incoming.length else { return nil }
    let (a, b) = (before.meanAcceleration, after.meanAcceleration)
    let (change, g) = (b.value - a.value, fall.acceleration.length)
    let variance = (a.covariance + b.covariance).variance(along: change.unit) + pow(slack * g, 2)
    guard change.length > leastChange * g else { return nil }
    let p = max(Tails.normal(beyond: change.length / variance.squareRoot()), softForce)
    return AlteredFlight(
      p: p,
      violation: .init(
        from: junction.gap.lowerBound, to: after.end,
        what:
          "a free fall bends at \(Sentence.time(junction.time)) without touching anything: its acceleration changes by \(Sentence.number(change.length / g)) times gravity",
        sigma: Tails.normalQuantile(above: p)))
  }
}
