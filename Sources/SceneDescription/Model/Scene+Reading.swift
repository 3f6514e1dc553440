extension Scene {
  /// A value that takes another's place before the scene is checked, as `--set PATH=VALUE` gives it.
  public struct Override: Sendable, Equatable {
    /// As in `bodies.ball.velocity[0]`.
    public var path: String
    /// YAML, as it would stand in the file: `12 cm`, `[1, 0, 0]`, `{radius: 2}`.
    public var value: String

    public init(path: String, value: String) {
      self.path = path
      self.value = value
    }

    /// Whether it gives the value at a path, or one that holds it: `vary` leaves that alone.
    public func gives(_ other: String) -> Bool {
      other == path || other.hasPrefix(path + ".") || other.hasPrefix(path + "[")
    }

    /// `PATH=VALUE`; nil without a `=` behind a path.
    public init?(_ text: String) {
      guard let equals = text.firstIndex(of: "="), equals != text.startIndex else { return nil }
      path = text[..<equals].trimmingSpaces
      value = text[text.index(after: equals)...].trimmingSpaces
    }
  }

  /// Reads and checks the scene file at `path`.
  ///
  /// Values stand as written: `vary` is listed, not drawn (that does `sample`).
  /// - Parameters:
  ///   - overrides: applied in order, before any check.
  ///   - seed: in place of the file's own; at most 2⁶³ − 1.
  /// - Throws: every error and warning at once.
  public init(contentsOf path: String, overrides: [Override] = [], seed: UInt64? = nil) throws(SceneError) {
    self = try Self.read(SceneDocument(path: path), overrides, seed)
  }

  /// The same, with what is doubtful in the file beside the scene; the file is read once.
  public static func read(
    contentsOf path: String, overrides: [Override] = [], seed: UInt64? = nil
  ) throws(SceneError) -> (scene: Scene, warnings: [Diagnostic]) {
    try checked(SceneDocument(path: path), overrides, seed)
  }

  /// Reads and checks a scene from text.
  ///
  /// - Parameter file: what messages call it; meshes are sought in its folder.
  public init(yaml: String, file: String = "scene.yaml", overrides: [Override] = [], seed: UInt64? = nil) throws(SceneError) {
    self = try Self.read(SceneDocument(bytes: Array(yaml.utf8), file: file), overrides, seed)
  }

  /// The scene file's sample of that seed: with each value that `vary` lists drawn from a stream of its own, but for those
  /// that an override gives.
  ///
  /// Values that are not listed do not depend on the seed, and a value drawn does not depend on what else is listed.
  public static func sample(contentsOf path: String, overrides: [Override] = [], seed: UInt64) throws(SceneError) -> Scene {
    try sample(SceneDocument(path: path), overrides, seed)
  }

  public static func sample(
    yaml: String, file: String = "scene.yaml", overrides: [Override] = [], seed: UInt64
  ) throws(SceneError) -> Scene {
    try sample(SceneDocument(bytes: Array(yaml.utf8), file: file), overrides, seed)
  }

  /// Everything that is wrong or doubtful in the scene file, in order of place; empty when all is well.
  public static func validate(contentsOf path: String, overrides: [Override] = []) -> [Diagnostic] {
    validate(SceneDocument(path: path), overrides)
  }

  public static func validate(yaml: String, file: String = "scene.yaml", overrides: [Override] = []) -> [Diagnostic] {
    validate(SceneDocument(bytes: Array(yaml.utf8), file: file), overrides)
  }

  /// As above, of bytes that may not be text at all.
  public static func validate(bytes: [UInt8], file: String = "scene.yaml", overrides: [Override] = []) -> [Diagnostic] {
    validate(SceneDocument(bytes: bytes, file: file), overrides)
  }

  private static func validate(_ document: SceneDocument, _ overrides: [Override]) -> [Diagnostic] {
    var document = document
    document.apply(overrides)
    _ = document.build()
    return document.log.sorted
  }

  private static func read(_ document: SceneDocument, _ overrides: [Override], _ seed: UInt64?) throws(SceneError) -> Scene {
    try checked(document, overrides, seed).scene
  }

  private static func checked(
    _ document: SceneDocument, _ overrides: [Override], _ seed: UInt64?
  ) throws(SceneError) -> (scene: Scene, warnings: [Diagnostic]) {
    var document = document
    document.apply(overrides)
    if let seed { document.apply(seed: seed) }
    guard let scene = document.build(), document.log.errorCount == 0 else {
      throw SceneError(document.log.sorted, cause: document.cause)
    }
    return (scene, document.log.sorted)
  }

  private static func sample(_ document: SceneDocument, _ overrides: [Override], _ seed: UInt64) throws(SceneError) -> Scene {
    let plain = try read(document, overrides, seed)
    // A fresh log: what the plain scene was warned of is known.
    var drawn = SceneDocument(root: document, overrides: overrides)
    drawn.draw(plain.variations.filter { variation in !overrides.contains { $0.gives(variation.path) } }, seed: seed)
    return try read(drawn, [], seed)
  }
}

extension Substring {
  fileprivate var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}

extension Scene {
  /// The document in `yaml` rewritten on one line, aliases written out; nil where it is no YAML. It means the same.
  package static func flowText(ofYAML yaml: String) -> String? {
    YAMLComposer.compose(SourceText(file: "text", text: yaml), log: DiagnosticLog())?.flowText
  }

  /// The schema's fields, as `object.key`, that are asked for while `yaml` becomes a scene.
  package static func fieldsRead(yaml: String) -> Set<String> {
    let document = SceneDocument(bytes: Array(yaml.utf8), file: "text")
    _ = document.build()
    return document.reads.fields
  }
}
