/// Pairs of valid and broken worlds: which scenes, how they are filmed, what is broken and how much, what is held out.
public struct ViolationSuite: Sendable {
  public var name: String
  public var about: String
  public var seed: UInt64
  /// The false-alarm rate that is promised.
  public var alpha: Double
  public var worlds: [World]
  public var looks: [FilmingCondition]
  /// Of each valid world, one look after the other: what false alarms are counted on.
  public var films: Int
  public var severities: [Severity]
  public var families: [any ViolationFamily]
  /// Names of scene families and of looks that no calibration number is fitted on.
  public var heldOut: (families: Set<String>, looks: Set<String>)
  /// Other ways to film the same worlds: the score ought to stay.
  public var variants: [FilmingCondition]
  public var rendered: Rendered?

  /// Samples of one scene.
  public struct World: Sendable {
    public var scene: String
    /// Scenes alike: they are held out together.
    public var family: String
    /// How many are drawn from what the scene lets vary.
    public var count: Int
    public var overrides: [Scene.Override]
  }

  /// The part that is rendered, encoded, decoded and tracked.
  public struct Rendered: Sendable {
    /// Worlds that are rendered, each whole and broken.
    public var worlds: Int
    /// Further worlds that are rendered whole only: what false alarms and coding are counted on.
    public var films: Int
    /// Violations of each.
    public var violations: Int
    public var size: (width: Int, height: Int)
    /// Light paths a pixel.
    public var samples: Int
    /// Constant rate factors that the valid clips are encoded with once more.
    public var rateFactors: [Double]
    /// Further sizes in which the first so many valid clips are filmed and encoded as well.
    public var sizes: [(width: Int, height: Int, films: Int)]
  }
}

extension SuiteReader {
  func violations(_ root: SettingsFile.Node) -> ViolationSuite {
    let fields = root.fields(
      Self.head + ["alpha", "worlds", "looks", "films", "severities", "families", "hold_out", "variants", "rendered"])
    let looks = (fields["looks"]?.items ?? []).map { look($0) }
    if looks.isEmpty { root.fail("a suite of violations has 'looks': how its worlds are filmed") }
    let worlds = worlds(fields["worlds"], "give it another 'family'") { "\($0.family)/\(TrackedWorld.base($0.scene))" }
    if worlds.isEmpty { root.fail("a suite of violations has 'worlds': scenes that obey the laws") }
    let held = fields["hold_out"]?.fields(["families", "looks"]) ?? [:]
    return ViolationSuite(
      name: fields["name"]?.text ?? "violations", about: fields["about"]?.text ?? "",
      seed: UInt64(fields["seed"]?.whole(in: 0...Int.max) ?? 0), alpha: fields["alpha"]?.number(in: 1e-4...0.5) ?? 0.01,
      worlds: worlds,
      looks: looks, films: fields["films"]?.whole(in: 1...10_000) ?? 1,
      severities: severities(fields["severities"]), families: families(fields["families"]),
      heldOut: (
        Set((held["families"]?.items ?? []).compactMap { $0.word(of: worlds.map(\.family)) }),
        Set((held["looks"]?.items ?? []).compactMap { $0.word(of: looks.map(\.name)) })
      ), variants: (fields["variants"]?.items ?? []).map { look($0) }, rendered: fields["rendered"].map { rendered($0) })
  }

  /// Violations by name; all of them where none are named.
  func families(_ node: SettingsFile.Node?) -> [any ViolationFamily] {
    guard let node else { return ViolationFamilies.all }
    let known = ViolationFamilies.all.map(\.name)
    return node.items.compactMap { $0.word(of: known) }.compactMap(ViolationFamilies.named)
  }

  /// All of them where none are named.
  func severities(_ node: SettingsFile.Node?) -> [Severity] {
    guard let node else { return Severity.allCases }
    return node.items.compactMap { $0.word(of: Severity.allCases.map(\.rawValue)) }.compactMap(Severity.init)
  }

  /// - Parameters:
  ///   - key: what must differ, for it names the worlds' draws and files.
  ///   - remedy: what to do where it doesn't.
  func worlds(_ node: SettingsFile.Node?, _ remedy: String, by key: (ViolationSuite.World) -> String) -> [ViolationSuite.World]
  {
    var known = Set<String>()
    return (node?.items ?? []).compactMap { item in
      guard let world = world(item) else { return nil }
      if !known.insert(key(world)).inserted { item.fail("a world before this one is called '\(key(world))' too", remedy) }
      return world
    }
  }

  private func world(_ node: SettingsFile.Node) -> ViolationSuite.World? {
    let fields = node.fields(["scene", "family", "count", "set"])
    guard let scene = scene(fields["scene"]) else { return nil }
    return .init(
      scene: scene, family: fields["family"]?.text ?? "scenes", count: fields["count"]?.whole(in: 1...10_000) ?? 1,
      overrides: overrides(fields["set"]))
  }

  private func look(_ node: SettingsFile.Node) -> FilmingCondition {
    let fields = node.fields(["name", "height", "fps", "noise", "roll", "shake", "azimuth"])
    return FilmingCondition(
      name: fields["name"]?.text ?? "plain", height: fields["height"]?.whole(in: 32...4320) ?? 144,
      framesPerSecond: fields["fps"]?.number(in: 1...1000) ?? 24, noise: fields["noise"]?.number(in: 0.1...20) ?? 1,
      roll: fields["roll"]?.number(in: -180...180) ?? 0, shake: fields["shake"]?.number(in: 0...20) ?? 0,
      azimuth: fields["azimuth"]?.number(in: 0...1.5) ?? 0.3)
  }

  private func rendered(_ node: SettingsFile.Node) -> ViolationSuite.Rendered {
    let fields = node.fields(["worlds", "films", "violations", "size", "samples", "rate_factors", "sizes"])
    let sizes = (fields["sizes"]?.items ?? []).compactMap { item -> (width: Int, height: Int, films: Int)? in
      let fields = item.fields(["size", "films"])
      guard let size = fields["size"]?.size else {
        item.fail("a further size has a 'size'")
        return nil
      }
      return (size.width, size.height, fields["films"]?.whole(in: 1...10_000) ?? .max)
    }
    return .init(
      worlds: fields["worlds"]?.whole(in: 1...10_000) ?? 4, films: fields["films"]?.whole(in: 0...10_000) ?? 0,
      violations: fields["violations"]?.whole(in: 1...100) ?? 4,
      size: fields["size"]?.size ?? (160, 90), samples: fields["samples"]?.whole(in: 1...1024) ?? 2,
      rateFactors: (fields["rate_factors"]?.items ?? []).compactMap { $0.number(in: 0...51) }, sizes: sizes)
  }
}
