import WorldCore

/// Every impact is heard too late, or before it happens: by 60, 150, 400 ms.
struct SoundShift: ViolationFamily {
  let name: String
  let law = "sound"
  let evidence = Evidence.sound
  private let sign: Double

  static let late = SoundShift(name: "late-sound", sign: 1)
  static let early = SoundShift(name: "early-sound", sign: -1)

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    guard let first = world.knocks(atLeast: 4)?.first else { return nil }
    var broken = BrokenWorld(world, onset: first.time)
    broken.sound = .shifted(sign * severity.of(0.06, 0.15, 0.4))
    return broken
  }
}

/// One impact that is seen is not heard: the faintest, a middling, the loudest of them.
struct SoundMissing: ViolationFamily {
  let name = "missing-sound"
  let law = "sound"
  let evidence = Evidence.sound

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    guard let knocks = world.knocks(atLeast: 4)?.sorted(by: { $0.impulse < $1.impulse }) else { return nil }
    let silenced = knocks[severity.of(0, knocks.count / 2, knocks.count - 1)]
    var broken = BrokenWorld(world, onset: silenced.time)
    broken.sound = .missing(at: silenced.time)
    return broken
  }
}

/// A knock is heard that nothing made: 0.15, 0.3, 0.5 s from the nearest impact.
struct SoundSpurious: ViolationFamily {
  let name = "spurious-sound"
  let isOpenWithoutScene = true
  let law = "sound"
  let evidence = Evidence.sound

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    guard world.knocks(atLeast: 4) != nil else { return nil }
    let knocks = world.trajectory.contacts.filter { $0.kind == .impact }.map(\.time)
    let gap = severity.of(0.15, 0.3, 0.5)
    for _ in 0..<32 {
      let time = stream.uniform(in: 0.1...max(0.11, world.trajectory.scene.duration - 0.2))
      guard knocks.allSatisfy({ abs($0 - time) > gap }) else { continue }
      var broken = BrokenWorld(world, onset: time)
      broken.sound = .added(at: time)
      return broken
    }
    return nil
  }
}

extension ValidWorld {
  /// Impacts that are hard enough to be heard, in view; nil of fewer than it takes to tell their match with sounds from chance.
  fileprivate func knocks(atLeast count: Int) -> [ContactEvent]? {
    var knocks: [ContactEvent] = []
    for contact in trajectory.contacts where contact.kind == .impact && contact.approachSpeed > 0.5 {
      guard isInView(contact.point, at: contact.time, margin: 4), contact.time > 0.15,
        contact.time < trajectory.scene.duration - 0.15,
        contact.time - (knocks.last?.time ?? -1) > BrokenWorld.oneKnock
      else { continue }
      knocks.append(contact)
    }
    return knocks.count >= count ? knocks : nil
  }
}
