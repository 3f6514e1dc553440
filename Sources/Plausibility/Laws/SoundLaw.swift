import Foundation
import WorldCore

/// Sound: an impact is heard when the sound has come from it to the camera, and the harder it is the louder.
///
/// *Formula.* Lag of a contact, `t_sound − t_picture = b + d/343 m/s`: one b for the whole clip, from the recorder; d from the
/// scale where one is known, else anything up to 15 m. *Tests.* (a) b is that of a recorder: EBU R37 has sound at most 40 ms
/// before and 60 ms after its picture, taken for two standard deviations. (b) The lags of all contacts agree: χ² under the
/// errors of contact and onset. (c) A contact that must have been heard was: at least as loud as a slower one of the same body
/// in the same direction, or as a faster one less 30 dB a tenfold of speed, against what else was heard there, with 4 dB of
/// error. (d) Of two such contacts the faster isn't the quieter by more than 3 dB of error each, at equal distance (by apparent
/// size). Whatever rests on a match counts no more than the match itself is worth: by how often onsets strewn at random would
/// fit as well. *Unit.* ms. *Applies* where the clip has a sound track, at its own speed, in which at least two visible
/// contacts are heard. *Blind spots.* A sound without a visible cause may come from beside the picture: it is noted, and
/// doubted only while all that was ever seen flies free in sight. A silent track may be a dead microphone's.
struct SoundLaw: Law {
  static let name = "sound"

  static let speedOfSound = 343.0
  /// Standard deviations of the recorder's offset, s: sound early, sound late.
  static let recorder = (early: 0.020, late: 0.030)
  /// A camera that close hears what it sees, m.
  static let farthest = 15.0
  /// dB: of a contact's loudness about that of its like; loss for each tenfold of speed at most.
  static let loudness = (prediction: 4.0, scatter: 3.0, lossPerDecade: 30.0)
  /// Cosine between the pushes of contacts that may be compared.
  static let sameDirection = 0.8
  /// How often a contact that ought to be heard isn't, for what neither picture nor sound tells (a soft spot, a microphone's
  /// gate).
  static let unheard = 1e-4
  /// How often a sound comes from beside the picture while all that was ever seen is in sight and free.
  static let beside = 0.05
  /// The same where a whole scene is known.
  static let besideScene = 1e-3

  func findings(in scene: SceneMotion) -> [LawFinding] {
    guard let sound = scene.sound else { return [.inapplicable(Self.name, "the clip has no sound, or not at its own speed")] }
    guard !sound.isSilent else { return [.inapplicable(Self.name, "the sound track is digital silence")] }
    let contacts = Self.distinct(scene.motions.indices.flatMap { SeenContact.all(of: $0, in: scene) })
      .filter { sound.span.contains($0.time) }
    let expected = travelTime(contacts, in: scene)
    let matching = SoundMatching(contacts, sound, expected: (expected.lowerBound + expected.upperBound) / 2)
    let strange = strangers(matching, sound, in: scene)
    guard matching.pairs.count >= 2 else {
      let why =
        contacts.isEmpty
        ? "no impact was seen that should be heard" : "fewer than two visible impacts are heard: nothing to tell an offset by"
      return [.inapplicable(Self.name, why)]
    }

    var tests: [(p: Double, violation: LawFinding.Violation)] = []
    func add(_ p: Double, _ violation: (Double) -> LawFinding.Violation) {
      tests.append((p, violation(Tails.normalQuantile(above: min(1, p + matching.coincidence)))))
    }
    let (offset, deviation) = matching.offset
    let span = (matching.pairs.map(\.contact.time).min()!, matching.pairs.map(\.contact.time).max()!)
    let late = offset - min(max(offset, expected.lowerBound), expected.upperBound)
    let recorder = late < 0 ? Self.recorder.early : Self.recorder.late
    add(Tails.normal(beyond: late / (recorder * recorder + deviation * deviation).squareRoot())) {
      .init(
        from: span.0, to: span.1,
        what:
          "the sound of impacts comes \(Sentence.number(abs(offset) * 1000)) ms \(offset < 0 ? "before" : "after") they are seen: \(offset < 0 ? "no sound is heard before its cause" : "it would have to come from \(Sentence.number(offset * Self.speedOfSound)) m")",
        sigma: $0)
    }
    if let worst = matching.pairs.max(by: { abs($0.lag - offset) / $0.deviation < abs($1.lag - offset) / $1.deviation }) {
      let chiSquare = matching.pairs.reduce(0) { $0 + pow(($1.lag - offset) / $1.deviation, 2) }
      add(Tails.chiSquare(above: chiSquare, degrees: matching.pairs.count - 1)) {
        .init(
          from: worst.contact.gap.lowerBound, to: max(worst.contact.gap.upperBound, worst.onset.time),
          what:
            "the impact at \(Sentence.time(worst.contact.time)) is heard \(Sentence.number((worst.lag - offset) * 1000)) ms off the others' lag",
          sigma: $0)
      }
    }
    for missing in unheard(matching, sound) { add(missing.p, missing.violation) }
    for pair in quieter(matching) { add(pair.p, pair.violation) }
    tests += strange

    // The worst of so many tests; and nothing that rests on the match is surer than the match.
    let p = min(1, ScoreCalibration.smallest(tests.map(\.p).min()!, of: tests.count) + matching.coincidence)
    let failed = tests.filter { $0.p + matching.coincidence < scene.options.alpha }
    return [
      .tested(
        Self.name, track: nil, pValue: p,
        estimate: .init(
          value: offset * 1000, unit: "ms", ci95: [(offset - 1.96 * deviation) * 1000, (offset + 1.96 * deviation) * 1000]),
        violations: p < scene.options.alpha ? failed.map(\.violation) : [],
        note:
          "estimate: sound after picture; \(matching.pairs.count) of \(contacts.count) visible impacts heard, \(matching.unseen.count) onset\(matching.unseen.count == 1 ? "" : "s") without one"
      )
    ]
  }

  /// Two bodies that meet make one contact: the better timed of what their tracks show within two frames.
  private static func distinct(_ contacts: [SeenContact]) -> [SeenContact] {
    var kept: [SeenContact] = []
    for contact in contacts.sorted(by: { $0.timeDeviation < $1.timeDeviation }) {
      let isKnown = kept.contains { other in
        other.motion != contact.motion && abs(other.time - contact.time) < max(0.03, 3 * contact.timeDeviation)
          && (other.place - contact.place).length < other.diameter + contact.diameter
      }
      if !isKnown { kept.append(contact) }
    }
    return kept.sorted { $0.time < $1.time }
  }

  /// What the way from the contacts to the camera may take, s.
  private func travelTime(_ contacts: [SeenContact], in scene: SceneMotion) -> ClosedRange<Double> {
    let focal = 0.5 * Double(scene.clip.size.max() ?? 1) / tan(scene.options.fieldOfView / 2)
    let distances = contacts.compactMap { contact in
      (scene.view(of: contact.motion)?.pixelsPerMetre(at: contact.time) ?? scene.options.pixelsPerMetre).map { focal / $0 }
    }
    guard let least = distances.min(), let most = distances.max() else { return 0...(Self.farthest / Self.speedOfSound) }
    return least / Self.speedOfSound...most / Self.speedOfSound
  }

  /// Whether the second contact is of the kind of the first: the same body pushed the same way.
  private func alike(_ a: SeenContact, _ b: SeenContact) -> Bool {
    a.motion == b.motion && a.push.dot(b.push) > Self.sameDirection
  }

  /// A contact's loudness were it as far away as another of the same body, dB.
  private func level(_ pair: SoundMatching.Pair, at contact: SeenContact) -> Double {
    pair.onset.level + 20 * log10(contact.diameter / pair.contact.diameter)
  }

  private func unheard(_ matching: SoundMatching, _ sound: SoundEvidence) -> [(
    p: Double, violation: (Double) -> LawFinding.Violation
  )] {
    matching.unheard.compactMap { contact in
      let audible = matching.pairs.filter { alike($0.contact, contact) && contact.approach > 0 && $0.contact.approach > 0 }
        .map { level($0, at: contact) - Self.loudness.lossPerDecade * max(0, log10($0.contact.approach / contact.approach)) }
      guard let expected = audible.max() else { return nil }
      // What is heard anywhere around the time at which the sound ought to begin hides it.
      let due = contact.time + matching.offset.value
      let threshold = stride(from: -0.03, through: 0.03, by: 0.005).map { sound.threshold(at: due + $0) }.max()!
      let z = (expected - threshold) / Self.loudness.prediction
      guard z > 0 else { return nil }
      return (
        max(Tails.normal(above: z), Self.unheard),
        { sigma in
          .init(
            from: contact.gap.lowerBound, to: contact.gap.upperBound,
            what:
              "the impact at \(Sentence.time(contact.time)) is seen and not heard, though it ought to be \(Sentence.number(expected - threshold)) dB above what is heard there",
            sigma: sigma)
        }
      )
    }
  }

  /// Pairs of contacts of which the clearly faster one is the quieter.
  private func quieter(_ matching: SoundMatching) -> [(p: Double, violation: (Double) -> LawFinding.Violation)] {
    var found: [(p: Double, violation: (Double) -> LawFinding.Violation)] = []
    for slow in matching.pairs {
      let faster = matching.pairs.filter {
        alike($0.contact, slow.contact) && $0.contact.approach > 1.1 * slow.contact.approach
      }
      guard slow.contact.approach > 0, let fast = faster.min(by: { level($0, at: slow.contact) < level($1, at: slow.contact) })
      else {
        continue
      }
      let excess = slow.onset.level - level(fast, at: slow.contact)
      let z = excess / (Self.loudness.scatter * 2.0.squareRoot())
      guard z > 0 else { continue }
      found.append(
        (
          min(1, Tails.normal(above: z) * Double(faster.count)),
          { sigma in
            .init(
              from: min(slow.contact.time, fast.contact.time), to: max(slow.contact.time, fast.contact.time),
              what:
                "the impact at \(Sentence.time(slow.contact.time)) is \(Sentence.number(excess)) dB louder than the \(Sentence.number(fast.contact.approach / slow.contact.approach)) times faster one at \(Sentence.time(fast.contact.time))",
              sigma: sigma)
          }
        ))
    }
    return found
  }

  /// Whether a motion's flight spans a stretch of time.
  private func isFree(_ index: Int, during window: ClosedRange<Double>, in scene: SceneMotion) -> Bool {
    let arcs = scene.motions[index].arcs
    return scene.gravity.falls[index]?.arcs.contains {
      arcs[$0].start <= window.lowerBound && arcs[$0].end >= window.upperBound
    } ?? false
  }

  /// Onsets while everything that was ever seen is in sight and flies free: what made them isn't in the picture.
  private func strangers(
    _ matching: SoundMatching, _ sound: SoundEvidence, in scene: SceneMotion
  ) -> [(p: Double, violation: LawFinding.Violation)] {
    guard matching.pairs.count >= 2 else { return [] }
    let loudest = matching.pairs.map(\.onset.level).max()!
    return matching.unseen.compactMap { index in
      let onset = sound.onsets[index]
      let window = (onset.time - matching.offset.value - 0.1)...(onset.time - matching.offset.value + 0.1)
      guard onset.level > loudest - 12, window.lowerBound > 0, window.upperBound < scene.clip.duration else { return nil }
      // A body of the scene may have several tracks, one after the other.
      let bodies = Dictionary(grouping: scene.motions.indices) { scene.setting(of: $0)?.body ?? "track \($0)" }
      let allFree = bodies.values.allSatisfy { tracks in tracks.contains { isFree($0, during: window, in: scene) } }
      guard allFree else { return nil }
      let p = scene.motions.indices.allSatisfy { scene.setting(of: $0) != nil } ? Self.besideScene : Self.beside
      return (
        p,
        .init(
          from: onset.time, to: onset.time + 0.03,
          what: "something is heard at \(Sentence.time(onset.time)) while everything in sight flies free",
          sigma: Tails.normalQuantile(above: p))
      )
    }
  }
}
