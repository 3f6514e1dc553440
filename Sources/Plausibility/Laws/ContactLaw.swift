import Foundation
import WorldCore

/// Contact: a velocity changes only where something is touched.
///
/// *Formula.* At an impact the push −Δv/|Δv| points at what was touched. Floors push up and may be plain; whatever pushes
/// sideways or down has an edge, or a mover is there. What pushes up above the horizon has one, too, or is a thread by which the
/// body hangs, or a table of the wall's colour: that is doubt, no verdict. *Test.* The declared rate of things
/// that don't show (glass, a wall of the very colour of what is behind it), where within an eighth of a turn of that direction,
/// just beyond the outline, neither the still scene has an edge, before, at and after the impact, nor the picture its border;
/// where the scene is known, `UnexplainedPush` in the open, and blows within what was taken for one flight
/// (`PlacedArc.blow`). *Unit.* none. *Applies* to sharp impacts of compact tracks whose
/// surroundings were looked at. *Blind spots.* Scenes full of texture, where there is an edge everywhere; ghosts that push up.
struct ContactLaw: Law {
  static let name = "contact"

  /// How often a sharp impact has a cause that the still scene doesn't show.
  static let unseenCause = 4e-3
  /// The same of one that pushes, or pulls, up: a thread, a rubber band, a sheet of glass.
  static let unseenThread = ScoreCalibration.doubt
  /// Cosine of the push to up above which a floor may have given it.
  static let fromBelow = 0.25
  /// The velocity changes by this share of the speed at least.
  static let leastChange = 0.4

  func findings(in scene: SceneMotion) -> [LawFinding] {
    var findings: [LawFinding] = []
    for (index, motion) in scene.motions.enumerated() where motion.track.kind == .compact {
      // A scene knows better than the picture's edges what is there to be touched.
      if scene.setting(of: index)?.isFree == true {
        if let finding = known(index, in: scene) { findings.append(finding) }
        continue
      }
      let asked = SeenContact.all(of: index, in: scene).compactMap { contact in
        isTouching(contact, in: scene).map { (contact, $0) }
      }
      guard !asked.isEmpty else { continue }
      let ghosts = asked.filter { !$0.1 }.map(\.0)
      let certain = ghosts.filter { !mayHang($0, in: scene) }
      findings.append(
        .tested(
          Self.name, track: motion.track.id,
          pValue: ghosts.isEmpty ? 1 : certain.isEmpty ? Self.unseenThread : Self.unseenCause,
          violations: certain.map { ghost in
            .init(
              from: ghost.gap.lowerBound, to: ghost.gap.upperBound,
              what:
                "the body's velocity changes at \(Sentence.time(ghost.time)) as if it were struck at (\(Sentence.number(ghost.place.x)), \(Sentence.number(ghost.place.y))) px, where nothing is to be seen that it could touch",
              sigma: Tails.normalQuantile(above: Self.unseenCause))
          }))
    }
    return findings.isEmpty
      ? [.inapplicable(Self.name, "no impact was seen of which the surroundings tell anything")] : findings
  }

  /// Where the scene tells what is near: what changes its velocity in the open. Without gravity that is inertia's to say.
  private func known(_ index: Int, in scene: SceneMotion) -> LawFinding? {
    guard scene.options.gravity > 0 else { return nil }
    let motion = scene.motions[index]
    let unit = scene.scale(of: index).map { (1 / $0, "m/s") } ?? (1, "px/s")
    func test(_ p: Double, _ change: Double, _ name: String, at time: Double, _ span: ClosedRange<Double>) -> (
      p: Double, violation: LawFinding.Violation
    ) {
      (
        p,
        .init(
          from: span.lowerBound, to: span.upperBound,
          what:
            "the body's velocity changes by \(Sentence.number(change)) \(name) at \(Sentence.time(time)), where nothing is within reach",
          sigma: Tails.normalQuantile(above: p))
      )
    }
    var tests = UnexplainedPush.all(of: index, in: scene).filter(\.isInTheOpen).map { push in
      test(push.pValue, push.excess * unit.0, unit.1, at: push.junction.time, push.junction.gap)
    }
    tests += FallInTheOpen.blows(of: index, in: scene).map { blow in
      let p = max(blow.pValue, UnexplainedPush.unseen)
      return test(
        p, blow.change.length, "m/s", at: blow.time, (blow.time - motion.frameTime)...(blow.time + motion.frameTime))
    }
    guard let worst = tests.map(\.p).min() else { return nil }
    let p = ScoreCalibration.smallest(worst, of: tests.count)
    return .tested(
      Self.name, track: motion.track.id, pValue: p,
      violations: p < scene.bound ? tests.filter { $0.p < scene.bound }.map(\.violation) : [])
  }

  /// A push that has something of up in it may be a thread's pull.
  private func mayHang(_ contact: SeenContact, in scene: SceneMotion) -> Bool {
    contact.push.dot(-scene.gravity.down) >= Self.fromBelow
  }

  /// Whether something is there to be touched; nil where that can't be asked.
  private func isTouching(_ contact: SeenContact, in scene: SceneMotion) -> Bool? {
    let motion = scene.motions[contact.motion]
    let up = -scene.gravity.down
    let isAloft = scene.evidence.horizon.map { contact.place.y + contact.diameter < $0.y(at: contact.place.x) } ?? false
    guard contact.push.dot(up) < Self.fromBelow || isAloft else { return nil }
    // Which way is down has to be known, the impact sharp, and its place sure.
    guard !scene.gravity.falls.isEmpty || scene.options.view == .level,
      let junction = motion.junctions.first(where: { $0.time == contact.time }),
      junction.velocityChange.length > Self.leastChange * max(junction.incoming.length, junction.outgoing.length),
      min(motion.arcs[junction.before].count, motion.arcs[junction.after].count) >= TrackMotion.leastForAcceleration
    else { return nil }
    // What hangs or is guided turns sharply by itself: only of what flies freely, before and after, is it known that it didn't.
    if let fall = scene.gravity.falls[contact.motion] {
      guard fall.arcs.contains(junction.before), fall.arcs.contains(junction.after) else { return nil }
    } else {
      guard scene.gravity.falls.isEmpty else { return nil }
    }
    guard scene.setting(of: contact.motion)?.isFree ?? true else { return nil }
    let margin = 2.5 * motion.frameTime
    let span = (contact.gap.lowerBound - margin)...(contact.gap.upperBound + margin)
    let near = motion.track.sightings.filter { span.contains($0.time) }
    guard near.count >= 3, near.allSatisfy({ $0.edges != nil && !$0.isShared }) else { return nil }
    if near.contains(where: \.isCut) || scene.hasCompany(contact.motion, during: span, reach: contact.diameter) { return true }
    if isAtBorder(contact, in: scene) { return true }

    // The eighth of a turn that the push comes from, and both its neighbours.
    let from = -contact.push
    let sector = Int((atan2(from.y, from.x) / (.pi / 4)).rounded()) + 8
    let mask = [-1, 0, 1].reduce(UInt8(0)) { $0 | UInt8(1) << UInt8((sector + $1) % 8) }
    return near.contains { $0.edges! & mask != 0 }
  }

  /// The picture ends where the thing that was touched would be.
  private func isAtBorder(_ contact: SeenContact, in scene: SceneMotion) -> Bool {
    let reach = 1.2 * contact.diameter + 3
    let p = contact.place
    return p.x < reach || p.y < reach || p.x > Double(scene.clip.size[0]) - reach || p.y > Double(scene.clip.size[1]) - reach
  }
}
