/// What the generator is given of a scene, from everything to nothing: what it does with less tells what each condition is
/// worth.
public enum Ablation: String, CaseIterable, Sendable, Codable {
  case everything
  /// Controls, motion, materials and words, but no plain view to add to.
  case geometryOnly = "geometry only"
  case textOnly = "text only"
  case unconditioned

  /// Whether there is something to show without asking the transformer.
  public var hasBase: Bool { self == .everything || self == .geometryOnly }

  /// The conditions that are left out.
  public var without: Set<ClipGenerator.Condition> {
    switch self {
    case .everything: []
    case .geometryOnly: [.plainView]
    case .textOnly: [.plainView, .controls, .motion]
    case .unconditioned: Set(ClipGenerator.Condition.allCases)
    }
  }
}
