public import WorldCore

/// A way to break a law: edits a valid world, so that each violation has a twin, a known onset and the name of its law.
public protocol ViolationFamily: Sendable {
  /// As in `gravity-off`.
  var name: String { get }
  /// The judge's law that ought to see it, as a score document names it.
  var law: String { get }
  /// What shows it.
  var evidence: Evidence { get }
  /// By the clip alone another, lawful world shows the same pictures: other gravity or a slower film, one that passes behind the
  /// other, a hollow or a slope in the ground, a noise from beyond the picture. Only a scene tells it from that.
  var isOpenWithoutScene: Bool { get }

  /// The world broken so much; nil where the world has nothing that could be broken so.
  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld?
}

extension ViolationFamily {
  public var isOpenWithoutScene: Bool { false }
}

/// What of a clip shows a violation.
public enum Evidence: String, Sendable, Codable, CaseIterable {
  /// Where compact bodies are, how large, and how they lie.
  case tracks
  /// The pictures themselves: water, cloth.
  case pictures
  case sound
}

/// How far a law is broken: by amounts that each family states, and so that it shows (`VisibleEffect`).
public enum Severity: String, Sendable, Codable, CaseIterable, Comparable {
  /// It shows by twice a tracker's noise at least: a quick eye begins to doubt.
  case slight
  /// By ten times the noise in four frames: anybody sees it who looks.
  case clear
  /// By 25 times in six.
  case gross

  /// One of three values.
  func of<T>(_ slight: T, _ clear: T, _ gross: T) -> T {
    switch self {
    case .slight: slight
    case .clear: clear
    case .gross: gross
    }
  }

  public static func < (a: Severity, b: Severity) -> Bool { allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)! }
}

/// Every family there is, in the order of a report.
public enum ViolationFamilies {
  public static let all: [any ViolationFamily] = [
    GravityChange.off, GravityChange.half, GravityChange.sideways, GravityChange.upward, Hover(), Teleport(), Stutter(),
    GhostContact(), BounceGain(), MomentumCreated(),
    EarlyStart(), Vanish(), Appear(), Duplicate(), SizeChange.shrink, SizeChange.grow, SizeChange.melt, PassThroughWall(),
    PassThroughBody(),
    FrameOrderChange.reversed, FrameOrderChange.shuffled, FrameOrderChange.frozen, Stall(), RollChange.speedsUp,
    RollChange.turns, RollSlip(), PendulumChange.gains, PendulumChange.stretches, SpinChange(), LimbStretch(),
    WaterlineChange.floatsHigh, WaterlineChange.corkSinks, WaterAppears(), ClothStretch(), SoundShift.late, SoundShift.early,
    SoundMissing(), SoundSpurious(),
  ]

  public static func named(_ name: String) -> (any ViolationFamily)? { all.first { $0.name == name } }
}
