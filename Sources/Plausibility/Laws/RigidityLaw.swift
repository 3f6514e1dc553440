import Foundation
import LinearAlgebra
import WorldCore

/// Rigidity: a rigid body keeps its size and its shape; depth alone may make it look larger or smaller, and its falls with it.
///
/// *Formula.* In the picture a body at depth Z is fD/Z wide and falls with fg/Z: acceleration over width is g/D in every
/// flight. In one flight `d ln(width)/dt = −Ż/Z`, which perspective writes into the path as well. A ball is as wide as long,
/// but for the way that it goes while the shutter is open. *Tests.* (a) ln(a/width) between the flights of one track, with 10 %
/// for perspective. (b) The width's rate in a flight against the path's own perspective, with 15 % over the flight. (c)
/// Elongation of a round body beyond its motion in a frame: its mean over a quarter of a second against its scatter and 8 %.
/// (d) A size that changes for good on the way while the path goes on evenly:
/// `SizeOnTheWay`. (e) Of what turns about a point by a rod in sight, and keeps to no circle: the rod's length (`VisibleRod`). (f)
/// Where the scene is known: `SizeInSetting`, and `ArmInSetting` of what a joint holds. *Unit.* 1 (ratio of the body's
/// sizes). *Applies* to compact tracks in free flight; (c) to those that are round most of the time; long ones that turn change
/// their shape where `LimbLaw` sees their width change as well. *Blind spots.* Bodies that shrink in step with a fall that
/// weakens; what isn't in flight may be going away; long bodies that tumble.
struct RigidityLaw: Law {
  static let name = "rigidity"

  /// Standard deviations of ln(a/width) per flight, of ln(width) over a flight, of the elongation.
  static let slack = (flights: 0.10, width: 0.15, elongation: 0.08)
  /// An edge of a silhouette is known to this, px.
  static let edge = 0.5
  /// Elongation up to which a silhouette is round.
  static let round = 1.15
  static let leastSightings = 8
  /// What looks round for so long, s, is a flat thing seen face-on so often.
  static let (seenRound, faceOn) = (0.3, 5e-3)
  /// Two that part have been one silhouette, drawn out, for so long, s.
  static let meeting = 1.0

  func findings(in scene: SceneMotion) -> [LawFinding] {
    var findings: [LawFinding] = []
    for (index, motion) in scene.motions.enumerated() {
      guard motion.track.kind == .compact || scene.setting(of: index) != nil else {
        if let change = rodChange(of: index, in: scene) {
          findings.append(
            .tested(
              Self.name, track: motion.track.id, pValue: change.p,
              violations: change.p < scene.bound ? [change.violation] : []))
        }
        continue
      }
      var tests = SizeInSetting.changes(of: index, in: scene).filter { !$0.isLengthAlone }.map {
        (p: $0.p, violation: $0.violation)
      }
      tests += LimbLaw.changes(of: index, in: scene).filter { !$0.isLengthAlone }.map { (p: $0.p, violation: $0.violation) }
      tests += [ArmInSetting.change(of: index, in: scene)].compactMap(\.self)
      var estimate: LawFinding.Estimate?
      if let fall = scene.gravity.falls[index] {
        let flights = inFlight(motion, fall, in: scene, of: index)
        tests += flights.tests.map { (p: scene.supposingFall($0.p, of: index), violation: $0.violation) }
        estimate = flights.estimate
      }
      if let change = SizeOnTheWay.change(of: index, in: scene) { tests.append(change) }
      guard !tests.isEmpty else { continue }
      let p = ScoreCalibration.smallest(tests.map(\.p).min()!, of: tests.count)
      findings.append(
        .tested(
          Self.name, track: motion.track.id, pValue: p, estimate: estimate,
          violations: p < scene.bound ? tests.filter { $0.p < scene.bound }.map(\.violation) : [],
          note: estimate == nil ? nil : "estimate: size in the last flight over that in the first"))
    }
    return findings.isEmpty
      ? [.inapplicable(Self.name, "no round body was seen in free flight, no long one that turned at one length")] : findings
  }

  /// Of what turns about one point by a rod in sight and swings as no pendulum of one length does.
  private func rodChange(of index: Int, in scene: SceneMotion) -> (p: Double, violation: LawFinding.Violation)? {
    let motion = scene.motions[index]
    guard scene.gravity.falls[index] == nil, Swing(motion, frameTime: motion.frameTime) == nil, let rod = VisibleRod(motion),
      (motion.sightings[0].position - rod.pivot).unit.y > 0.3
    else { return nil }
    return rod.change()
  }

  /// What a round body's flights tell, with the last one's size against the first's.
  private func inFlight(
    _ motion: TrackMotion, _ fall: SharedGravity.Fall, in scene: SceneMotion, of index: Int
  ) -> (tests: [(p: Double, violation: LawFinding.Violation)], estimate: LawFinding.Estimate?) {
    let flights = fall.arcs.map { motion.arcs[$0] }.filter { $0.count >= Self.leastSightings }
    let elongations = motion.sightings.map { $0.axes.x / $0.axes.y }.sorted()
    guard let first = flights.first else { return ([], nil) }
    guard elongations[elongations.count / 2] < Self.round else {
      // Drawn out for most of the time, but round at first.
      guard let began = beginsRound(motion, flights), let melt = melting(motion, flights, from: began, in: scene, of: index)
      else { return ([], nil) }
      return ([(max(melt.p, Self.faceOn), melt.violation)], nil)
    }
    var tests = flights.compactMap { change($0, motion) }
    var estimate: LawFinding.Estimate?
    for flight in flights.dropFirst() {
      guard let between = between(first, flight, motion) else { continue }
      tests.append((between.p, between.violation))
      estimate = between.estimate
    }
    if let melt = melting(motion, flights, from: nil, in: scene, of: index) { tests.append(melt) }
    return (tests, estimate)
  }

  /// By how much a body that is round in the first stretch of its flights seems drawn out there, as a share of its width; nil
  /// of one that isn't.
  private func beginsRound(_ motion: TrackMotion, _ flights: [Arc]) -> Double? {
    let points = flights.flatMap { motion.sightings[$0.range] }
    guard let start = points.first?.time else { return nil }
    let first = points.prefix(max(Self.leastSightings, points.count { $0.time < start + Self.seenRound }))
    guard first.count >= Self.leastSightings, first.last!.time - start > Self.seenRound / 2 else { return nil }
    let elongations = first.map { $0.axes.x / $0.axes.y }
    guard elongations.sorted()[elongations.count * 3 / 4] < Self.round else { return nil }
    return max(0, median(elongations) - 1)
  }

  private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

  /// Logarithm of the width at the middle of a flight, and its standard deviation.
  private func width(_ flight: Arc, _ motion: TrackMotion) -> (log: Double, deviation: Double) {
    let near = motion.sightings[flight.range].sorted { abs($0.time - flight.origin) < abs($1.time - flight.origin) }.prefix(7)
    let value = median(near.map(\.axes.y))
    return (log(value), Self.edge / value)
  }

  /// (a) Acceleration over width, of two flights.
  private func between(_ a: Arc, _ b: Arc, _ motion: TrackMotion) -> (
    p: Double, violation: LawFinding.Violation, estimate: LawFinding.Estimate
  )? {
    func measure(_ flight: Arc) -> (value: Double, variance: Double) {
      let (acceleration, covariance) = flight.meanAcceleration
      let size = width(flight, motion)
      let relative = covariance.variance(along: acceleration.unit) / acceleration.dot(acceleration)
      return (
        log(acceleration.length) - size.log,
        relative + size.deviation * size.deviation + Self.slack.flights * Self.slack.flights
      )
    }
    let (x, y) = (measure(a), measure(b))
    guard max(x.variance, y.variance) < 0.09 else { return nil }
    let deviation = (x.variance + y.variance).squareRoot()
    // A body that grows by a factor falls as slowly for its width as that.
    let growth = x.value - y.value
    // Air makes flights of one body unlike while it looks as large in all of them.
    let looksAlike = abs(width(a, motion).log - width(b, motion).log) < Self.slack.flights
    let isDrag = looksAlike && (AirDrag([a, b])?.pValue ?? 0) > GravityLaw.explained
    let p = max(Tails.normal(beyond: growth / deviation), isDrag ? ScoreCalibration.doubt : 0)
    return (
      p,
      .init(
        from: a.origin, to: b.origin,
        what:
          "the body is \(Sentence.number(exp(growth))) times as large at \(Sentence.time(b.origin)) as at \(Sentence.time(a.origin)), measured by how fast it falls",
        sigma: abs(growth) / deviation),
      .init(value: exp(growth), unit: "1", ci95: [exp(growth - 1.96 * deviation), exp(growth + 1.96 * deviation)])
    )
  }

  /// (b) The width's change along a flight against the path's perspective.
  private func change(_ flight: Arc, _ motion: TrackMotion) -> (p: Double, violation: LawFinding.Violation)? {
    let points = motion.sightings[flight.range]
    guard points.count >= PerspectiveFlight.leastSightings, keepsShape(points),
      let seen = PerspectiveFlight(points: motion.sightings, flight.range, asking: false)
    else { return nil }
    var design = Matrix(rows: points.count, columns: 2)
    for (i, s) in points.enumerated() { (design[i, 0], design[i, 1]) = (1, s.time - flight.origin) }
    guard let line = try? leastSquares(design, points.map { log(max($0.axes.y, 1e-3)) }) else { return nil }
    let scatter = line.chiSquare / Double(max(1, line.degreesOfFreedom))
    let mismatch = (line.unknowns[1] + seen.rate) * flight.duration
    let edge = Self.edge / median(points.map(\.axes.y))
    let variance =
      (line.covariance[1, 1] * scatter + seen.rateVariance) * flight.duration * flight.duration + Self.slack.width
      * Self.slack.width
      + 2 * edge * edge
    let z = mismatch / variance.squareRoot()
    return (
      Tails.normal(beyond: z),
      .init(
        from: flight.start, to: flight.end,
        what:
          "the body \(mismatch > 0 ? "grows" : "shrinks") \(Sentence.number(exp(abs(mismatch)))) times in flight without coming \(mismatch > 0 ? "nearer" : "to be further away")",
        sigma: abs(z))
    )
  }

  /// What comes nearer grows alike along both axes; what grows along one has something at an end of it.
  private func keepsShape(_ points: ArraySlice<Track.Sighting>) -> Bool {
    let elongations = points.map { log($0.axes.x / $0.axes.y) }
    let (head, tail) = (elongations.prefix(elongations.count / 3), elongations.suffix(elongations.count / 3))
    return abs(median(Array(tail)) - median(Array(head))) < Self.slack.width
  }

  /// (c) The longest a round body is drawn out by more than its motion.
  ///
  /// - Parameter began: by how much it is drawn out at first, where that isn't what it mostly is.
  private func melting(
    _ motion: TrackMotion, _ flights: [Arc], from began: Double?, in scene: SceneMotion, of index: Int
  ) -> (p: Double, violation: LawFinding.Violation)? {
    var all: [Double] = []
    var worst: (excess: Double, span: ClosedRange<Double>)?
    var course: [(time: Double, excess: Double)] = []
    // Where a scene tells how many there are, what is drawn out as two part is permanence's to say.
    let meetings = scene.setting(of: index) == nil ? [] : scene.meetings(besides: index)
    for flight in flights {
      let points = Array(motion.sightings[flight.range])
      let excess = points.map { s in
        max(0, s.axes.x - s.axes.y - flight.velocity(at: s.time).length * motion.frameTime) / s.axes.y
      }
      all += excess
      course += zip(points, excess).map { ($0.time, $1) }
      let count = max(6, Int((0.25 / motion.frameTime).rounded()))
      guard excess.count >= count else { continue }
      for k in 0...(excess.count - count) {
        let mean = excess[k..<(k + count)].reduce(0, +) / Double(count)
        let span = points[k].time...points[k + count - 1].time
        let isAlone = meetings.allSatisfy { $0 < span.lowerBound || $0 > span.upperBound + Self.meeting }
        if mean > worst?.excess ?? 0, isAlone, !scene.hasCompany(index, during: span) { worst = (mean, span) }
      }
    }
    guard let worst else { return nil }
    let usual = began ?? median(all)
    let edge = 2.0.squareRoot() * Self.edge / motion.diameter
    // It begins where a line through a quarter and three quarters of the way leads.
    func last(below share: Double) -> Double {
      let bound = usual + share * (worst.excess - usual)
      return course.last { $0.time < worst.span.upperBound && $0.excess < bound }?.time ?? worst.span.lowerBound
    }
    let (quarter, most) = (last(below: 0.25), last(below: 0.75))
    let onset = max(course[0].time, quarter - max(0, most - quarter) / 2)
    let from = min(onset, worst.span.lowerBound)
    let z = (worst.excess - usual) / (Self.slack.elongation * Self.slack.elongation + edge * edge).squareRoot()
    return (
      Tails.normal(above: z),
      .init(
        from: from, to: worst.span.upperBound,
        what: "the round body is drawn out by \(Sentence.number(worst.excess * 100)) % beyond what its motion blurs", sigma: z)
    )
  }
}
