import Foundation
import WorldCore

/// The downward acceleration that a clip's free bodies share, as far as their own flights show it.
///
/// Depth makes the px/s² of each track its own; the direction is common. A flight counts when its acceleration stands out of
/// its uncertainty and it either runs along the picture's vertical, or curves (something that moves across its acceleration
/// isn't sliding down a slope) with an acceleration that is seen to stay the same (on a curved support it would turn). One of a
/// track's flights at least gains speed by it. Within a track, the arc that falls furthest sets the measure and others join
/// when they agree.
///
/// Wings, engines, threads and springs make such arcs, too. A fall is sure where an impact ends or begins one of them, since
/// what is driven or held turns gradually, or where the acceleration of a long one is seen to stay the same: unless the body
/// keeps to one line, where it may hang from a thread or ride in a shaft, with any profile of speeds. It isn't where other arcs show a
/// thrust of its own (`isPropelled`), or a long body stays level through everything (`keepsAttitude`).
struct SharedGravity: Sendable {
  /// Per track (index into the motions): the arcs in free flight and their weighted mean acceleration.
  struct Fall: Sendable {
    var arcs: [Int]
    var acceleration: SIMD2<Double>
    var covariance: Covariance2
    /// One of the arcs ends or begins in an impact, or has an acceleration that is seen to stay the same for long, and nothing
    /// tells of threads, wings, fins or engines.
    var isSure: Bool
  }

  private(set) var falls: [Int: Fall] = [:]
  /// Unit vector, picture axes (y down); the picture's own down where no flight tells.
  private(set) var down = SIMD2<Double>(0, 1)

  /// Arcs of one flight agree within this share of g besides their own uncertainty: perspective and drag over a flight's
  /// length.
  static let slack = 0.2
  /// Standard deviations by which an acceleration must stand out of nothing.
  static let significance = 5.0

  init(_ motions: [TrackMotion]) {
    falls = Self.falls(of: motions)
    let total = falls.sorted { $0.key < $1.key }.reduce(SIMD2<Double>.zero) { sum, fall in
      sum + fall.value.acceleration.unit
        / max(fall.value.covariance.trace / fall.value.acceleration.dot(fall.value.acceleration), 1e-12)
    }
    if total.length > 0 { down = total.unit }
  }

  /// By index, of those compact motions that show one.
  static func falls(of motions: [TrackMotion]) -> [Int: Fall] {
    var falls: [Int: Fall] = [:]
    for (index, motion) in motions.enumerated() where motion.track.kind == .compact && !Tether.isSeen(in: motion) {
      if let fall = Self.fall(of: motion) { falls[index] = fall }
    }
    return falls
  }

  /// Whether the body gained speed along its acceleration, and with it half its diameter at least: what only slows may as well
  /// be braked by friction.
  private static func isFalling(_ arc: Arc, diameter: Double) -> Bool {
    let a = arc.meanAcceleration.value
    let speed = arc.velocity(at: arc.end).dot(a.unit)
    let deviation = arc.covariance(1, at: arc.end).variance(along: a.unit).squareRoot()
    return speed > 3 * deviation && speed * speed / (2 * a.length) > diameter / 2
  }

  /// Whether the arc is a flight on its own evidence.
  static func isFlight(_ arc: Arc, of motion: TrackMotion) -> Bool {
    guard arc.count >= TrackMotion.leastForAcceleration else { return false }
    let (a, covariance) = arc.meanAcceleration
    guard covariance.mahalanobisSquared(a) > significance * significance, a.y > 0 else { return false }
    let direction = a.unit
    let steep = direction.y > cos(20 * .pi / 180)
    return steep || (direction.y > cos(75 * .pi / 180) && isCurved(arc) && isUniform(arc, of: motion))
  }

  /// The share of the acceleration that may come or go along a flight whose direction is called gravity's.
  private static let leastUniform = 0.5

  /// Whether an arc's acceleration is seen to stay the same: on a curved support or a string it turns, and then its mean
  /// points anywhere.
  static func isUniform(_ arc: Arc, of motion: TrackMotion) -> Bool {
    guard arc.degree == 2, arc.count >= 7 else { return false }
    if arc.perspective != nil { return true }
    return possibleChange(of: arc, in: motion) < leastUniform * arc.meanAcceleration.value.length
  }

  /// It moves across its own acceleration, significantly and by more than a quarter of its path.
  static func isCurved(_ arc: Arc) -> Bool {
    let a = arc.meanAcceleration.value.unit
    let v = arc.velocity(at: arc.origin)
    let across = SIMD2(-a.y, a.x)
    let deviation = arc.covariance(1, at: arc.origin).variance(along: across).squareRoot()
    let travel = (arc.position(at: arc.end) - arc.position(at: arc.start)).length
    return abs(v.dot(across)) > 4 * deviation && abs(v.dot(across)) * arc.duration > 0.25 * travel
  }

  private static func fall(of motion: TrackMotion) -> Fall? {
    let flights = motion.arcs.indices.filter { isFlight(motion.arcs[$0], of: motion) }
    func sagitta(_ i: Int) -> Double {
      motion.arcs[i].meanAcceleration.value.length * pow(motion.arcs[i].duration, 2)
    }
    let falling = flights.filter { isFalling(motion.arcs[$0], diameter: motion.diameter) }
    guard let first = falling.max(by: { sagitta($0) < sagitta($1) }) else { return nil }
    let (reference, referenceCovariance) = motion.arcs[first].meanAcceleration
    let members = flights.filter { i in
      let (a, covariance) = motion.arcs[i].meanAcceleration
      let slack = Covariance2(isotropic: pow(Self.slack / 2 * reference.length, 2))
      return (covariance + referenceCovariance + slack).mahalanobisSquared(a - reference) < 13.8
    }
    // Weighted mean on each axis.
    var (sum, weight) = (SIMD2<Double>.zero, SIMD2<Double>.zero)
    for i in members {
      let (a, c) = motion.arcs[i].meanAcceleration
      let w = SIMD2(1 / c.xx, 1 / c.yy)
      sum += a * w
      weight += w
    }
    let hasImpact = motion.junctions.contains { junction in
      (members.contains(junction.before) || members.contains(junction.after))
        && isImpact(junction, of: motion, down: reference.unit)
    }
    return Fall(
      arcs: members, acceleration: sum / weight, covariance: Covariance2(xx: 1 / weight.x, xy: 0, yy: 1 / weight.y),
      isSure: (hasImpact
        || members.contains { isSteady(motion.arcs[$0], of: motion) } && !keepsToLine(motion, along: reference.unit))
        && !isPropelled(motion, falling: members, by: reference) && !hops(motion, between: members)
        && !keepsAttitude(motion))
  }

  /// Diameters to either side within which a body keeps to a line.
  private static let line = 0.5

  private static func keepsToLine(_ motion: TrackMotion, along down: SIMD2<Double>) -> Bool {
    let across = motion.sightings.map { $0.position.cross(down) }
    return across.max()! - across.min()! < 2 * line * motion.diameter
  }

  /// Cosine of the angle to a fall beyond which an acceleration is a thrust, the share of gravity that it has at least, and how
  /// many there are.
  private static let thrust = (cosine: 0.7, share: 0.3, arcs: 2)

  /// Whether arcs that push it elsewhere than down are several, and as many as its falls: leaves, wings and fins do so by turns.
  /// A force that sets in where it must not does so once.
  private static func isPropelled(_ motion: TrackMotion, falling: [Int], by g: SIMD2<Double>) -> Bool {
    let thrusts = motion.arcs.indices.count { i in
      guard !falling.contains(i), motion.arcs[i].count >= TrackMotion.leastForAcceleration else { return false }
      let (a, covariance) = motion.arcs[i].meanAcceleration
      return covariance.mahalanobisSquared(a) > significance * significance && a.length > thrust.share * g.length
        && a.unit.dot(g.unit) < thrust.cosine
    }
    return thrusts >= max(thrust.arcs, falling.count)
  }

  /// Standard deviations by which a kick off adds speed, and all of them together, and the share by which one gait's kicks
  /// differ.
  private static let gait = (kick: 1.0, together: 3.0, alike: 0.15)

  /// Whether each flight after the first begins with a kick that adds speed, several times, and all to one speed: an animal's or
  /// a wing's gait. A ball has less each time.
  private static func hops(_ motion: TrackMotion, between flights: [Int]) -> Bool {
    let kicks = motion.junctions.filter { flights.contains($0.before) && flights.contains($0.after) }
    guard kicks.count >= 2 else { return false }
    let gains = kicks.map { kick -> (value: Double, variance: Double) in
      let (v, u) = (kick.incoming, kick.outgoing)
      return (
        u.length - v.length,
        kick.incomingCovariance.variance(along: v.unit) + kick.outgoingCovariance.variance(along: u.unit)
      )
    }
    let (sum, variance) = gains.reduce((0.0, 0.0)) { ($0.0 + $1.value, $0.1 + $1.variance) }
    guard gains.allSatisfy({ $0.value > gait.kick * $0.variance.squareRoot() }), sum > gait.together * variance.squareRoot()
    else { return false }
    let speeds = kicks.map(\.outgoing.length)
    return speeds.max()! - speeds.min()! < gait.alike * speeds.max()!
  }

  /// Mean resultant of a long body's doubled angles from which on it keeps its direction: seven degrees, standard deviation.
  private static let sameAttitude = 0.97

  /// Whether a long body keeps its direction all along: what is thrown and struck tumbles; wings and threads hold a body so.
  private static func keepsAttitude(_ motion: TrackMotion) -> Bool {
    let long = motion.sightings.indices.filter { i in
      let (s, next) = (motion.sightings[i], motion.sightings[min(i + 1, motion.sightings.count - 1)])
      // A ball is drawn out by its way in a frame.
      let blur = (next.position - s.position).length / Double(max(1, next.frame - s.frame))
      return s.axes.x - blur > RigidityLaw.round * s.axes.y
    }
    guard 2 * long.count > motion.sightings.count else { return false }
    let sum = long.reduce(SIMD2<Double>.zero) {
      $0 + SIMD2(cos(2 * motion.sightings[$1].angle), sin(2 * motion.sightings[$1].angle))
    }
    return sum.length > sameAttitude * Double(long.count)
  }

  /// Sightings and s of an arc that is long enough to tell a fall, and the share of its acceleration that may come or go along
  /// it: half a wave's comes and goes altogether.
  private static let steady = (sightings: 10, seconds: 0.3, change: 0.2)

  private static func isSteady(_ arc: Arc, of motion: TrackMotion) -> Bool {
    guard arc.degree == 2, arc.perspective == nil, arc.count >= steady.sightings, arc.duration >= steady.seconds else {
      return false
    }
    return possibleChange(of: arc, in: motion) < steady.change * arc.meanAcceleration.value.length
  }

  /// By how much the acceleration may change along an arc, px/s²: its jerk and 1.5 standard deviations of that.
  private static func possibleChange(of arc: Arc, in motion: TrackMotion) -> Double {
    let cubic = Arc(motion.sightings, arc.range, degree: 3)
    let jerk = cubic.derivative(3, at: cubic.origin).length
    let deviation = (cubic.covariance(3, at: cubic.origin).trace / 2).squareRoot()
    return (jerk + 1.5 * deviation) * arc.duration
  }

  /// Share of the speed that changes in an impact, at least; times what the accelerations beside it change in the gap; cosine
  /// to up of what is thrown back from its fall, with this share of its speed at least: a thread stops a fall as suddenly.
  private static let impact = (share: 0.4, sudden: 3.0, up: 0.5, back: 0.1)

  /// Whether a velocity jumps against the fall there, which the forces before and after don't change in so short a time, and
  /// the body is thrown back.
  private static func isImpact(_ junction: Junction, of motion: TrackMotion, down: SIMD2<Double>) -> Bool {
    let (change, gap) = (junction.velocityChange, junction.gap.upperBound - junction.gap.lowerBound)
    let deviation = junction.velocityChangeCovariance.variance(along: change.unit).squareRoot()
    let beside = [motion.arcs[junction.before], motion.arcs[junction.after]].map(\.meanAcceleration.value)
      .max { $0.length < $1.length }!
    return change.length > significance * deviation
      && change.length > impact.share * max(junction.incoming.length, junction.outgoing.length)
      && change.length > impact.sudden * beside.length * gap
      && change.unit.dot(down) < -impact.up && gap < SeenContact.longestGap && junction.isContinuous(in: motion)
      && junction.isMet(in: motion) && isThrownBack(junction, down: down)
  }

  private static func isThrownBack(_ junction: Junction, down: SIMD2<Double>) -> Bool {
    let (fall, rise) = (junction.incoming.dot(down), -junction.outgoing.dot(down))
    return rise > impact.back * fall && rise > 3 * junction.outgoingCovariance.variance(along: down).squareRoot()
  }
}
