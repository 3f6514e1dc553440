import Foundation
import WorldCore

/// An impact as the picture shows it: where a body's velocity jumps and its place doesn't.
struct SeenContact: Sendable {
  /// Index of the motion.
  let motion: Int
  /// s.
  let time: Double
  let timeDeviation: Double
  /// The last sighting before and the first after, s.
  let gap: ClosedRange<Double>
  let place: SIMD2<Double>
  /// Of the velocity change: the way the body was pushed.
  let push: SIMD2<Double>
  /// Speed against the push before, and with it after; px/s.
  let approach: Double
  let departure: Double
  /// Of the body at the impact, px.
  let diameter: Double

  /// A velocity change stands out of its error by so many standard deviations.
  static let significance = 5.0
  /// In a longer gap, s, more than one contact may hide; a floor that mirrors the body, or its shadow on it, leaves a gap of
  /// that order.
  static let longestGap = 0.25
  /// The instant at which both arcs meet is known to this, s, or it is no instant.
  static let leastSharp = 0.02

  /// All that a motion shows, in order of time.
  static func all(of index: Int, in scene: SceneMotion) -> [SeenContact] {
    let motion = scene.motions[index]
    guard motion.track.kind == .compact else { return [] }
    return motion.junctions.compactMap { junction in
      let change = junction.velocityChange
      let deviation = junction.velocityChangeCovariance.variance(along: change.unit).squareRoot()
      let (a, b) = (motion.arcs[junction.before], motion.arcs[junction.after])
      guard change.length > significance * deviation, motion.showSameBody(a, b),
        junction.gap.upperBound - junction.gap.lowerBound < longestGap, junction.timeDeviation < leastSharp
      else { return nil }
      guard junction.isContinuous(in: motion) else { return nil }
      let widths = motion.sightings.filter { abs($0.time - junction.time) < 4 * motion.frameTime }.map(\.axes.y).sorted()
      return SeenContact(
        motion: index, time: junction.time, timeDeviation: junction.timeDeviation, gap: junction.gap, place: junction.place,
        push: change.unit, approach: -junction.incoming.dot(change.unit), departure: junction.outgoing.dot(change.unit),
        diameter: widths.isEmpty ? motion.diameter : widths[widths.count / 2])
    }
  }
}
