import Foundation
import WorldCore

/// Permanence: nothing appears or vanishes in the open; the picture's edge, occlusion or rest explains every end of a track.
///
/// *Formula.* A body behind a still occluder was cut by its edge on the way, unless it moves its own width between frames. So
/// an end is unexplained when the last sighting shows the whole silhouette, no other mover is near, and the tracker calls it
/// open (not camouflaged, not at the border). *Test.* The declared rate at which the tracker loses a plain thing, plus that of
/// unseen occluders times the chance `1 − d/(vΔt)` that their edge fell between two sightings of a body of diameter d. *Unit.*
/// none. *Applies* to compact tracks of at least six whole sightings. *Blind spots.* Lights that go out, bubbles that burst,
/// things that vanish while they move several diameters per frame.
struct PermanenceLaw: Law {
  static let name = "permanence"

  static let leastSightings = 6
  /// How often a track of a thing that is still there ends like this, in a clip without clutter; each other track that ends in
  /// the open, and each flicker of a share of its area, shows that this tracker loses and finds things there.
  static let trackerLoss = 1e-4
  static let flicker = 0.5
  /// What is there for less than this, s, between appearing and vanishing is a flicker.
  static let leastDuration = 0.5
  /// And what shows in less than this share of the frames between its first and its last.
  static let leastPresence = 0.65
  /// How often an end in the open, as the tracker sees it, lies at the edge of an occluder that the still scene doesn't give
  /// away.
  static let unseenOccluder = 0.01

  /// Share of the usual area from which on a silhouette counts as whole.
  static let whole = 0.75

  /// Diameters between two sightings next to an end, beyond which the end says nothing.
  static let longestStep = 3.0

  /// Share of the speed that a steady arc's velocity changes by from frame to frame, at most.
  static let unsteady = 0.4

  func findings(in scene: SceneMotion) -> [LawFinding] {
    var findings: [LawFinding] = []
    for (index, motion) in scene.motions.enumerated() where motion.track.kind == .compact {
      let s = motion.sightings
      guard s.count >= Self.leastSightings else { continue }
      // What flickers in and out is the coder's or the light's.
      let isFlicker =
        motion.track.start == .open && motion.track.end == .open && s[s.count - 1].time - s[0].time < Self.leastDuration
      // So is what is there in every second frame.
      let isSteady =
        Double(motion.track.sightings.count) > Self.leastPresence * Double(motion.track.lastFrame - motion.track.firstFrame)
      guard !isFlicker, isSteady else { continue }
      let clutter =
        scene.motions.count { $0.track.id != motion.track.id && ($0.track.start == .open || $0.track.end == .open) }
        + scene.evidence.flickers.count { $0 > Self.flicker * motion.typicalArea }
      let isUnsure = isPerhapsShadow(motion, in: scene) || scene.setting(of: index) == nil && neverMoves(motion)
      let loss = max(Self.trackerLoss * pow(Double(1 + clutter), 3), isUnsure ? Self.shadowLoss : 0)
      var violations: [LawFinding.Violation] = []
      var least = 1.0
      if motion.track.end == .open, let last = s.last,
        let p = rate(
          last, motion, index, scene, arc: motion.arcs.last, loss: fades(s.reversed()) ? max(loss, Self.dissolve) : loss)
      {
        let seen = motion.track.sightings.last?.time ?? last.time
        violations.append(violation(from: seen, to: seen + motion.frameTime, "vanishes", at: last.position, p))
        least = min(least, p)
      }
      if motion.track.start == .open, let first = s.first,
        let p = rate(first, motion, index, scene, arc: motion.arcs.first, loss: fades(s) ? max(loss, Self.dissolve) : loss)
      {
        let seen = motion.track.sightings.first?.time ?? first.time
        violations.append(violation(from: seen - motion.frameTime, to: seen, "appears", at: first.position, p))
        least = min(least, p)
      }
      let gaps = gaps(motion, index, in: scene)
      if let surest = gaps.map(\.sigma).max() {
        violations += gaps
        least = min(least, Tails.normal(above: surest) * pow(Double(1 + clutter), 3))
      }
      if let split = split(index, in: scene) {
        violations.append(split.violation)
        least = min(least, split.isKnown ? Self.hiddenBehind.known : Self.hiddenBehind.alone)
      }
      findings.append(
        .tested(Self.name, track: motion.track.id, pValue: least, violations: least < scene.bound ? violations : []))
    }
    return findings.isEmpty ? [.inapplicable(Self.name, "nothing compact was followed long enough")] : findings
  }

  /// How often a second body has been going along exactly behind a first one for as long as that was seen, and parts from it
  /// now. Whoever knows the scene knows how many there are.
  static let hiddenBehind = (alone: 1e-3, known: 1e-9)
  /// Sightings of the one before it became two.
  static let alone = 6
  /// Two that are alike: by the logarithm of their areas, encoded levels of colour, and the share of each that only darkens
  /// the scene. Shadows and mirror images part from their bodies, too.
  static let likeness = (size: 0.3, color: 25.0, shade: 0.2)

  /// One body becomes two, each as large as the one was: a track that begins in another's silhouette, which had been one body's
  /// alone.
  private func split(_ index: Int, in scene: SceneMotion) -> (violation: LawFinding.Violation, isKnown: Bool)? {
    let motion = scene.motions[index]
    guard !scene.isCrowd, motion.track.start == .merged, let first = motion.sightings.first else { return nil }
    func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
    let own = median(motion.sightings.map(\.area))
    let begun = motion.track.sightings[0].time
    for (other, origin) in scene.motions.enumerated() where other != index && origin.track.kind == .compact {
      let before = origin.track.sightings.filter { $0.time < begun && !$0.isShared && !$0.isCut }
      let after = origin.track.sightings.filter { $0.time > first.time && !$0.isShared && !$0.isCut }
      guard before.count >= Self.alone, after.count >= 3,
        let nearest = origin.track.sightings.min(by: { abs($0.time - begun) < abs($1.time - begun) }),
        (nearest.position - first.position).length < 1.5 * (origin.diameter + motion.diameter)
      else { continue }
      let (was, isNow) = (median(before.prefix(before.count - 2).map(\.area)), median(after.map(\.area)))
      guard abs(log(isNow / was)) < 2 * TrackMotion.sameSize, abs(log(own / was)) < Self.likeness.size, isAlike(motion, origin)
      else { continue }
      // Whoever went into the silhouette may come out of it.
      let isBack = scene.motions.contains { third in
        third.track.id != motion.track.id && third.track.id != origin.track.id
          && [.merged, .occluded, .rest].contains(third.track.end)
          && third.track.sightings.last!.time < begun
          && (third.track.sightings.last!.position - first.position).length < 4 * (origin.diameter + motion.diameter)
      }
      // The scene has that body once, and no other near it.
      let here = scene.setting(of: other)
      let isOnce =
        here.map { place in
          (scene.setting(of: index)?.body ?? place.body) == place.body
            && !place.instants.contains { abs($0.time - begun) < Self.partingTime && $0.hasCompany }
        } ?? false
      guard !isBack, isOnce || goesOn(origin, was: was, from: begun, to: first.time) else { continue }
      let rate = isOnce ? Self.hiddenBehind.known : Self.hiddenBehind.alone
      return (
        .init(
          from: min(begun - motion.frameTime, parting(motion, origin)), to: first.time,
          what:
            "one body becomes two at \(Sentence.time(begun)): track \(motion.track.id) comes out of track \(origin.track.id), which stays as large as it was",
          sigma: Tails.normalQuantile(above: rate)), isOnce
      )
    }
    return nil
  }

  private func isAlike(_ a: TrackMotion, _ b: TrackMotion) -> Bool {
    func mean(_ motion: TrackMotion) -> SIMD3<Double> {
      motion.sightings.reduce(.zero) { $0 + $1.color } / Double(motion.sightings.count)
    }
    func shade(_ motion: TrackMotion) -> Double {
      motion.sightings.map(\.shade).reduce(0, +) / Double(motion.sightings.count)
    }
    let apart = mean(a) - mean(b)
    // A dark body darkens what is behind it as much as its double does; a shadow does nothing else.
    return (apart * apart).sum().squareRoot() < Self.likeness.color && abs(shade(a) - shade(b)) < Self.likeness.shade
      && max(shade(a), shade(b)) < Self.shadowShade
  }

  /// When both were in one place, by how fast they part; the first sighting where that isn't known, s.
  private func parting(_ motion: TrackMotion, _ origin: TrackMotion) -> Double {
    guard let a = motion.sightings.first, let b = motion.sightings.dropFirst(3).first,
      let p = origin.track.sighting(at: a.frame),
      let q = origin.track.sighting(at: b.frame)
    else { return motion.track.sightings[0].time }
    let (near, far) = ((a.position - p.position).length, (b.position - q.position).length)
    return far > near ? max(a.time - near * (b.time - a.time) / (far - near), a.time - 1) : a.time
  }

  /// Two that part are one silhouette for no longer than this, s.
  private static let partingTime = 0.5

  /// Whoever is struck, or strikes, changes its velocity; what another one came out of doesn't. Read where its silhouette is as
  /// large as it was: while the other is still in it, its middle is neither's.
  private func goesOn(_ motion: TrackMotion, was area: Double, from start: Double, to end: Double) -> Bool {
    let firm = motion.arcs.filter { arc in
      let areas = motion.sightings[arc.range].map(\.area).sorted()
      return arc.count >= TrackMotion.leastForVelocity && abs(log(areas[areas.count / 2] / area)) < Self.likeness.size / 2
    }
    guard let before = firm.last(where: { $0.start < start && start - $0.end < Self.partingTime }),
      let after = firm.first(where: { $0.end > end && $0.start - end < Self.partingTime })
    else { return false }
    guard before.range != after.range else { return true }
    let time = min(max(after.start, before.end), after.end)
    let expected = before.velocity(at: before.end) + before.meanAcceleration.value * (time - before.end)
    let change = after.velocity(at: time) - expected
    let variance = (before.covariance(1, at: time) + after.covariance(1, at: time)).variance(along: change.unit)
    return change.length < 0.15 * expected.length + 4 * variance.squareRoot()
  }

  /// Frames in which a body that was whole before and after isn't seen in the open, s and count: fewer are the coder's.
  static let leastGap = (seconds: 0.1, frames: 3)
  /// How often a tracker doesn't see a plain thing for that long. By the clip alone that is doubt, no verdict: trackers lose what
  /// hands, shadows and backgrounds of its own colour are near.
  static let gapLoss = (alone: ScoreCalibration.doubt, known: 1e-3)

  /// A body isn't there for a while, between two whole sightings with nothing near, where the scene says, if one is known, that
  /// all around is open.
  private func gaps(_ motion: TrackMotion, _ index: Int, in scene: SceneMotion) -> [LawFinding.Violation] {
    let setting = scene.setting(of: index)
    guard setting?.isFree ?? !scene.isCrowd else { return [] }
    let areas = motion.sightings.map(\.area).sorted()
    let all = motion.track.sightings
    return zip(all, all.dropFirst()).compactMap { a, b in
      guard b.frame - a.frame > Self.leastGap.frames, b.time - a.time > Self.leastGap.seconds,
        ![a, b].contains(where: { $0.isShared || $0.isCut }),
        [a, b].allSatisfy({ setting?.mayBeWhole($0) ?? ($0.area > Self.whole * areas[areas.count / 2]) }),
        !scene.hasCompany(index, during: a.time...b.time),
        (b.position - a.position).length < Self.longestStep * motion.diameter * Double(b.frame - a.frame)
      else { return nil }
      if let setting {
        // On one side nothing is anywhere near: whatever is on the other one, it was gone before it could come there.
        let ends = [a, b].compactMap { setting.instant(at: $0.time) }.filter { !$0.hasCompany }
        guard ends.contains(where: { setting.isInTheOpen($0, reach: setting.outerRadius) }) else { return nil }
      } else {
        // What flew into the gap and flies out of it was in the air meanwhile.
        guard let fall = scene.gravity.falls[index],
          [a, b].allSatisfy({ end in
            fall.arcs.contains { motion.arcs[$0].start <= end.time + 1e-9 && end.time <= motion.arcs[$0].end + 1e-9 }
          })
        else { return nil }
      }
      // An occluder's edge cuts it on the way in and on the way out, unless it moves its own width between frames.
      let step = (b.position - a.position) / Double(b.frame - a.frame)
      let unseen = max(0, 1 - min(a.extent(along: step), b.extent(along: step)) / max(step.length, 1e-9))
      let rate = (setting == nil ? Self.gapLoss.alone : Self.gapLoss.known) + Self.unseenOccluder * unseen
      return .init(
        from: a.time, to: b.time,
        what:
          "a whole body isn't there between \(Sentence.time(a.time)) and \(Sentence.time(b.time)), with nothing to hide it",
        sigma: Tails.normalQuantile(above: rate))
    }
  }

  /// How often a picture dissolves into another one of the same place, in which the body isn't: that is doubt, no verdict.
  static let dissolve = ScoreCalibration.doubt
  /// Encoded levels by which a colour changes over so many sightings, twice in a row, the same way.
  private static let fading = (levels: 12.0, sightings: 2, cosine: 0.7)

  /// Whether its colour comes gradually, from the first of these sightings on: what is half exposed is so in one.
  private func fades(_ sightings: [Track.Sighting]) -> Bool {
    let step = Self.fading.sightings
    guard sightings.count > 2 * step else { return false }
    let colors = [0, step, 2 * step].map { sightings[$0].color }
    let (near, far) = (colors[1] - colors[0], colors[2] - colors[1])
    let sizes = [near, far].map { ($0 * $0).sum().squareRoot() }
    return sizes.allSatisfy { $0 > Self.fading.levels } && (near * far).sum() > Self.fading.cosine * sizes[0] * sizes[1]
  }

  /// What stays in one place from first to last may be a lamp, a caption or a window of a screen, which come and go.
  private func neverMoves(_ motion: TrackMotion) -> Bool {
    let places = motion.sightings.map(\.position)
    return places.allSatisfy { ($0 - places[0]).length < Self.inPlace * motion.diameter }
  }

  /// Diameters.
  private static let inPlace = 0.25

  /// How often a shadow that wasn't told from its body ends in the open: where the surface under it ends, or darkens.
  static let shadowLoss = ScoreCalibration.doubt
  /// Share of a silhouette that only darkens the scene, from which on it may be a shadow.
  static let shadowShade = 0.9

  /// It only darkens the scene, all the time, while something larger moves.
  private func isPerhapsShadow(_ motion: TrackMotion, in scene: SceneMotion) -> Bool {
    guard motion.sightings.allSatisfy({ $0.shade > Self.shadowShade }) else { return false }
    let area = motion.sightings.map(\.area).max() ?? 0
    let frames = motion.track.firstFrame...motion.track.lastFrame
    return scene.motions.contains { other in
      other.track.id != motion.track.id && other.track.sightings.contains { frames.contains($0.frame) && $0.area > area }
    }
  }

  /// How often a valid clip shows such an end; nil where it is explained.
  private func rate(
    _ s: Track.Sighting, _ motion: TrackMotion, _ index: Int, _ scene: SceneMotion, arc: Arc?, loss: Double
  ) -> Double? {
    let areas = motion.sightings.map(\.area).sorted()
    // What tumbles may show less of itself than usual; where the scene is known it tells how little.
    let isUsual = s.area > Self.whole * areas[areas.count / 2]
    guard scene.setting(of: index)?.mayBeWhole(s) ?? isUsual else { return nil }
    let speed = arc.map { $0.velocity(at: s.time).length } ?? 0
    let span = (s.time - 1.5 * motion.frameTime)...(s.time + 1.5 * motion.frameTime)
    // Where its velocity changes much from frame to frame, its place a frame earlier or later is known to a step.
    let near = motion.track.sightings.filter { abs($0.frame - s.frame) <= 2 }
    let longest = zip(near, near.dropFirst()).map { ($1.position - $0.position).length }.max() ?? 0
    // One sighting apart from the rest, in time or by several diameters, needn't be the same body.
    guard near.count > 1, longest < Self.longestStep * motion.diameter else { return nil }
    let isSteady =
      arc.map { arc in
        arc.count >= TrackMotion.leastForVelocity
          && arc.acceleration(at: s.time).length * motion.frameTime < Self.unsteady * arc.velocity(at: s.time).length
      } ?? false
    // What comes out of a crowd may have been struck there, whatever way it goes after.
    let isStart = s.frame == motion.sightings.first?.frame
    guard !scene.hasCompany(index, during: span, reach: isSteady && !isStart ? 0 : longest) else { return nil }
    let step = speed * motion.frameTime
    return min(1, loss + Self.unseenOccluder * max(0, 1 - motion.diameter / max(step, 1e-9)))
  }

  private func violation(from: Double, to: Double, _ verb: String, at p: SIMD2<Double>, _ rate: Double) -> LawFinding.Violation
  {
    .init(
      from: from, to: to,
      what:
        "a whole body \(verb) in the open at (\(Sentence.number(p.x)), \(Sentence.number(p.y))) px between \(Sentence.time(from)) and \(Sentence.time(to)), with nothing there to hide it",
      sigma: Tails.normalQuantile(above: rate))
  }
}
