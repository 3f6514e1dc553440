/// What a generator is asked for: prompts, first frames, scenes and their truths.
public struct ClipSuite: Sendable {
  public var name: String
  public var about: String
  public var seed: UInt64
  public var cases: [Case]
  /// Clips made without any generator that stand beside it.
  public var baselines: [BaselineClip]
  /// Light paths a pixel of the simulator's own takes.
  public var samples: Int
  /// Pixels of what is asked for; nil is each scene's.
  public var size: (width: Int, height: Int)?

  /// How velocities, momenta, energies and radii are read from the clips.
  public var reading = Reading.tracker

  public enum Reading: String, Sendable, CaseIterable {
    /// By the judge's tracker, of anything that moves.
    case tracker
    /// By colour, as PhyWorld's protocol does: of discs before a plain ground, three frames given.
    case discs
  }

  /// Ways to use Mondo's own network, each a row of the report; empty is the usual one.
  public var modes: [Mode]

  /// A way to use the network.
  public struct Mode: Sendable, Equatable {
    public var name: String
    /// Steps of the denoising; none shows the shaded view alone.
    public var steps: Int
    /// What it is given of the scene.
    public var given = Ablation.everything
    /// Whether the distilled student takes the steps.
    public var isStudent = false
    /// Whose sound the clip has.
    public var sound = SceneGeneration.SoundSource.simulator
  }

  /// One thing to be generated.
  public struct Case: Sendable {
    public var name: String
    /// In words, for generators that take words; empty where the scene's own captions are to be used.
    public var prompt: String
    /// The world that is meant: gives first frame, scale and truth.
    public var scene: String
    /// One clip for each.
    public var seeds: [UInt64]
    public var overrides: [Scene.Override]
    public var seconds: Double?
    /// Whether the seed draws what the scene lets vary; otherwise it is the generator's alone.
    public var isDrawn: Bool
    /// Whether the first frame is shown to the generator.
    public var showsFirstFrame: Bool
    /// Cases of one group have a row of their own in the report; nil is no group.
    public var group: String?
    /// Changes that make the second take of Physics-IQ's scores; none leaves these out.
    public var secondTake: [Scene.Override]
  }
}

/// A clip that anybody can make without a model: what a score is to be held against.
public enum BaselineClip: String, Sendable, Codable, CaseIterable {
  /// The scene's true take: the ceiling.
  case truth
  /// The first frame for ever.
  case still
  /// Frames of noise.
  case noise
  /// The true frames in no order.
  case shuffled
  /// The true frames backwards.
  case reversed
  /// The true frames at half their pace.
  case slow
}

extension SuiteReader {
  func clips(_ root: SettingsFile.Node) -> ClipSuite {
    let fields = root.fields(Self.head + ["cases", "baselines", "samples", "size", "reading", "modes"])
    let cases = (fields["cases"]?.items ?? []).compactMap { clipCase($0) }
    if cases.isEmpty { root.fail("a suite of clips has 'cases'") }
    for (name, group) in Dictionary(grouping: cases, by: \.name) where group.count > 1 {
      root.fail("two cases are called '\(name)'")
    }
    for key in ["baselines", "modes"] {
      let told = (fields[key]?.items ?? []).map {
        key == "modes" ? $0.entries.first { $0.key == "name" }?.value.text ?? "" : $0.text ?? ""
      }
      if Set(told).count < told.count { fields[key]?.fail("two of the '\(key)' are called alike") }
    }
    let words = BaselineClip.allCases.map(\.rawValue)
    return ClipSuite(
      name: fields["name"]?.text ?? "clips", about: fields["about"]?.text ?? "",
      seed: UInt64(fields["seed"]?.whole(in: 0...Int.max) ?? 0), cases: cases,
      baselines: fields["baselines"].map { $0.items.compactMap { $0.word(of: words) }.compactMap(BaselineClip.init) }
        ?? BaselineClip.allCases, samples: fields["samples"]?.whole(in: 1...1024) ?? 4, size: fields["size"]?.size,
      reading: fields["reading"]?.word(of: ClipSuite.Reading.allCases.map(\.rawValue)).flatMap(ClipSuite.Reading.init)
        ?? .tracker,
      modes: (fields["modes"]?.items ?? []).map { node in
        let fields = node.fields(["name", "steps", "given", "network", "sound"])
        let given = fields["given"]?.word(of: Ablation.allCases.map(\.rawValue)).flatMap(Ablation.init) ?? .everything
        let isStudent = fields["network"]?.word(of: ["transformer", "student"]) == "student"
        let fewest = given.hasBase && !isStudent ? 0 : 1
        let steps = fields["steps"]?.whole(in: fewest...(isStudent ? 4 : 100)) ?? fewest
        let sound = fields["sound"]?.word(of: SceneGeneration.SoundSource.allCases.map(\.rawValue))
        return .init(
          name: fields["name"]?.text ?? "mode", steps: steps, given: given, isStudent: isStudent,
          sound: sound.flatMap(SceneGeneration.SoundSource.init) ?? .simulator)
      })
  }

  private func clipCase(_ node: SettingsFile.Node) -> ClipSuite.Case? {
    let fields = node.fields([
      "name", "prompt", "scene", "seeds", "set", "seconds", "draw", "first_frame", "second_take", "group",
    ])
    guard let path = scene(fields["scene"]) else {
      if fields["scene"] == nil { node.fail("a case has a 'scene', which tells what is true") }
      return nil
    }
    func flag(_ name: String, _ standard: Bool) -> Bool {
      fields[name]?.word(of: ["true", "false"]).map { $0 == "true" } ?? standard
    }
    let base = TrackedWorld.base(path)
    let name = fields["name"]?.text ?? base
    if name.contains(where: { !$0.isASCII || !($0.isLetter || $0.isNumber || "-_".contains($0)) }) {
      node.fail("'\(name)' is no name of a case", "letters, digits, - and _: it becomes a file's name")
    }
    let seeds = (fields["seeds"]?.items ?? []).compactMap { $0.whole(in: 0...Int.max).map(UInt64.init) }.orIfEmpty([1])
    if Set(seeds).count < seeds.count { fields["seeds"]?.fail("a seed is given twice") }
    return .init(
      name: name, prompt: fields["prompt"]?.text ?? "", scene: path,
      seeds: seeds,
      overrides: overrides(fields["set"]), seconds: fields["seconds"]?.number(in: 0.1...60), isDrawn: flag("draw", true),
      showsFirstFrame: flag("first_frame", true), group: fields["group"]?.text, secondTake: overrides(fields["second_take"]))
  }
}

extension Array {
  fileprivate func orIfEmpty(_ standard: [Element]) -> [Element] { isEmpty ? standard : self }
}
