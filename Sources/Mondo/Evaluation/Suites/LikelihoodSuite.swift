/// Pairs of valid and broken clips whose likelihoods under Mondo's own network are compared: a second opinion on the clips, and
/// a diagnosis of the network.
public struct LikelihoodSuite: Sendable {
  public var name: String
  public var about: String
  public var seed: UInt64
  public var worlds: [ViolationSuite.World]
  public var severities: [Severity]
  public var families: [any ViolationFamily]
  public var size: (width: Int, height: Int)
  /// Light paths a pixel.
  public var samples: Int
  /// Times on the flow, 0 (noise) ..< 1, and draws of noise at each.
  public var times: [Double]
  public var draws: Int
}

extension SuiteReader {
  func likelihood(_ root: SettingsFile.Node) -> LikelihoodSuite {
    let fields = root.fields(Self.head + ["worlds", "families", "severities", "size", "samples", "times", "draws"])
    let worlds = worlds(fields["worlds"], "draw more worlds of one scene by its 'count'") { TrackedWorld.base($0.scene) }
    if worlds.isEmpty { root.fail("a suite of likelihoods has 'worlds': scenes that obey the laws") }
    let standard = DenoisingLoss()
    let times = (fields["times"]?.items ?? []).compactMap { $0.number(in: 0...0.99) }
    return LikelihoodSuite(
      name: fields["name"]?.text ?? "likelihood", about: fields["about"]?.text ?? "",
      seed: UInt64(fields["seed"]?.whole(in: 0...Int.max) ?? 0), worlds: worlds,
      severities: severities(fields["severities"]), families: families(fields["families"]),
      size: fields["size"]?.size ?? (144, 80), samples: fields["samples"]?.whole(in: 1...1024) ?? 4,
      times: times.isEmpty ? standard.times : times, draws: fields["draws"]?.whole(in: 1...100) ?? standard.draws)
  }
}
