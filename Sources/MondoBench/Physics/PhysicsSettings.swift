import Mondo

/// What whoever runs a case wants otherwise than the table has it.
struct PhysicsSettings: Sendable {
  /// Values of the scene that stand whatever the case would vary.
  var overrides: [Scene.Override]
  /// s; empty leaves the case's own.
  var timeSteps: [Double]
  /// Runs a case varies its phase over.
  var phases: Int
  /// The case's scene with the overrides.
  var scene: Scene

  func steps(_ own: [Double]) -> [Double] { timeSteps.isEmpty ? own : timeSteps }

  /// The case's own values of a setting, or the scene's alone where it was set.
  func choices<Value>(_ path: String, _ own: [Value], set: (Scene) -> Value) -> [Value] {
    overrides.contains { Self.overlap($0.path, path) } ? [set(scene)] : own
  }

  /// The case's variants without what was set otherwise; each once.
  func variants(of own: PhysicsCase.Variants) -> [PhysicsVariant] {
    var variants: [PhysicsVariant] = []
    for var variant in own(self) {
      variant.overrides.removeAll { own in overrides.contains { Self.overlap($0.path, own.path) } }
      if !variants.contains(variant) { variants.append(variant) }
    }
    return variants
  }

  /// Whether one of two paths is the other or a part of it.
  private static func overlap(_ a: String, _ b: String) -> Bool {
    func isPart(_ part: String, _ whole: String) -> Bool {
      part.hasPrefix(whole)
        && (part.count == whole.count || ".[".contains(part[part.index(part.startIndex, offsetBy: whole.count)]))
    }
    return isPart(a, b) || isPart(b, a)
  }
}
