import Foundation

/// What is evaluated: a YAML file under Evaluation/Suites.
public enum Suite: Sendable {
  /// Pairs of valid and broken clips that measure the judge.
  case violations(ViolationSuite)
  /// Clips that a generator is asked for.
  case clips(ClipSuite)
  /// Pairs of valid and broken clips whose likelihoods under a generator are compared.
  case likelihood(LikelihoodSuite)

  public var name: String {
    switch self {
    case .violations(let suite): suite.name
    case .clips(let suite): suite.name
    case .likelihood(let suite): suite.name
    }
  }

  /// Reads and checks a suite; scenes are found from the suite's own folder.
  ///
  /// - Throws: `SceneError` with everything that is wrong.
  public init(contentsOf path: String) throws(SceneError) {
    let file = try SettingsFile(contentsOf: path)
    let folder = (path as NSString).deletingLastPathComponent
    let reader = SuiteReader(folder: folder.isEmpty ? "." : folder)
    let kind = file.root.entries.first { $0.key == "kind" }?.value.word(of: ["violations", "clips", "likelihood"])
    switch kind {
    case "violations": self = .violations(reader.violations(file.root))
    case "clips": self = .clips(reader.clips(file.root))
    case "likelihood": self = .likelihood(reader.likelihood(file.root))
    default:
      file.root.fail("a suite says what it is", "kind: violations, kind: clips or kind: likelihood")
      try file.check()
      preconditionFailure("an error was logged")
    }
    try file.check()
  }
}

/// Reads all kinds of suites.
struct SuiteReader {
  let folder: String

  static let head = ["mondo", "name", "kind", "about", "seed"]

  /// The path of a scene that a suite names.
  func scene(_ node: SettingsFile.Node?) -> String? {
    guard let node, let text = node.text else { return nil }
    let path = text.hasPrefix("/") ? text : folder + "/" + text
    guard FileManager.default.fileExists(atPath: path) else {
      node.fail("there is no scene '\(text)'", "paths start from the suite's own folder")
      return nil
    }
    return path
  }

  func overrides(_ node: SettingsFile.Node?) -> [Scene.Override] {
    (node?.entries ?? []).map { Scene.Override(path: $0.key, value: $0.value.flowText) }
  }
}
