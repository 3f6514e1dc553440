public import WorldCore

/// Every impact is heard too late, or before it happens: by 60, 150, 400 ms.
struct SoundShift: ViolationFamily {
  let name: String
  let law = "sound"
  let evidence = Evidence.sound
  private let sign: Double

  static let late = SoundShift(name: "late-sound", sign: 1)
  static let early = SoundShift(name: "early-sound", sign: -1)

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    guard let first = world.knocks.first else { return nil }
    var broken = BrokenWorld(world, onset: first.time)
    broken.sound = .shifted(sign * severity.of(0.06, 0.15, 0.4))
    return broken
  }
}

/// Impacts that are seen are not heard.
struct SoundMissing: ViolationFamily {
  let name = "missing-sound"
  let law = "sound"
  let evidence = Evidence.sound

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    guard let first = world.knocks.first else { return nil }
    var broken = BrokenWorld(world, onset: first.time)
    broken.sound = .silent
    return broken
  }
}

/// A knock is heard that nothing made: 0.15, 0.3, 0.5 s from the nearest impact.
struct SoundSpurious: ViolationFamily {
  let name = "spurious-sound"
  let law = "sound"
  let evidence = Evidence.sound

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    let knocks = world.knocks.map(\.time)
    guard !knocks.isEmpty else { return nil }
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
  /// Impacts that are hard enough to be heard, in view.
  fileprivate var knocks: [ContactEvent] {
    trajectory.contacts.filter { $0.kind == .impact && $0.approachSpeed > 0.5 && isInView($0.point, at: $0.time, margin: 4) }
  }
}
