import ArgumentParser
import Foundation
import Mondo

struct Generate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Generate a clip with sound by diffusion, on what a scene's simulation does.",
    discussion: """
      The scene is simulated and filmed in the plainest way; networks, trained on
      renders, draw the picture over it. Motion, contacts and camera are the
      simulator's; light, texture and style are the networks'. They draw sound
      too, from the contacts, and denoise it in the same pass: --sound network
      lets it be heard in place of what is synthesised. OUT.json beside the clip
      says what comes from where, with all that made it. The same seed gives the
      same clip.

      Without a scene there is no physics: what moves how is the network's guess,
      and it knows little of that.

      EXAMPLES
        mondo generate Scenes/balls/missed-shot.yaml -o out.mp4
        mondo generate Scenes/balls/missed-shot.yaml -o out.mp4 \\
          --style anime --seconds 2
        mondo generate Scenes/balls/missed-shot.yaml -o out.mp4 --size 144x256
        mondo generate Scenes/balls/missed-shot.yaml --extend half.mp4 -o out.mp4
        mondo generate --video clip.mp4 --style anime -o out.mp4
        mondo generate --prompt "a ball falls on a wooden floor" -o out.mp4
        mondo generate --image first.png --prompt "the ball rolls" -o out.mp4
        mondo generate --image first.png --image last.png@2 --seconds 2 -o out.mp4
      """)

  @Argument(help: ArgumentHelp("The scene file.", valueName: "scene"), completion: .file(extensions: ["yaml", "yml"]))
  var scene: String?

  @OptionGroup var changes: SceneChanges

  @Option(name: [.short, .customLong("output")], help: ArgumentHelp("The clip.", valueName: "file"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "Words for the network; with a scene, instead of those that tell what the simulation does.", valueName: "text"))
  var prompt: String?

  @Option(
    help: ArgumentHelp(
      "A picture that the clip begins with, or shows at a time in seconds, as in last.png@2. Repeatable.",
      valueName: "file[@seconds]"))
  var image: [TimedPicture] = []

  @Option(
    help: ArgumentHelp(
      "A clip to go on from, up to --seconds in all; a scene's simulation goes on where the clip ends.", valueName: "clip"))
  var extend: String?

  @Option(help: ArgumentHelp("A clip to draw anew, its motion kept.", valueName: "clip"))
  var video: String?

  @Option(help: ArgumentHelp("Look: realistic, cinematic or anime. Default: the scene's.", valueName: "style"))
  var style: StyleName?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Length, at most the scene's. Default: all of it; without a scene, 4.", valueName: "n"))
  var seconds: Double?

  @Option(help: ArgumentHelp("Pixels, as in 256x144. Default: the scene's, the picture's or 256x144.", valueName: "WxH"))
  var size: PictureSize?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Steps of the denoising, to 100. Default: none where there is a scene or --video, for Mondo's own weights add more errors "
        + "than texture; 2 where it begins with an --image and passes through no other; without a scene 4 with pictures or a beginning, "
        + "20 for words alone.",
      valueName: "n"))
  var steps: Int?

  @Flag(help: "Ask the student, distilled to 1 to 4 steps. Default: 1 with a scene or --video, else 4.")
  var student = false

  @Option(
    help: ArgumentHelp(
      "How strongly a condition is followed, as in words=2 or motion=1.5; one of controls, motion, words. "
        + "From 0 to 20, 1 is as trained; each that is named costs as much again. Repeatable.",
      valueName: "condition=strength"))
  var guidance: [ConditionStrength] = []

  @Option(
    help: ArgumentHelp(
      "Where the sound comes from: simulator or network. Default: the simulator where there is a scene, else the network; "
        + "--video keeps its own.",
      valueName: "source"))
  var sound: SoundSourceName?

  @Option(help: ArgumentHelp("Folder with weights of your own training.", valueName: "folder"), completion: .directory)
  var weights: String?

  @OptionGroup var outputOptions: OutputOptions

  func run() throws {
    try checkUsage()
    let record = GenerationOutcome.record(of: output)
    try OutputPath.check([output, record], against: [scene, video, extend] + image.map(\.path))
    guard GenerationOutcome.isAbsentOrRecord(record) else {
      throw UsageError("'\(record)' is there already and is no record of a generated clip", remedy: "choose another output")
    }
    var settings = GenerationSettings()
    if let weights { settings.weights = try GeneratorWeights(folder: weights) }
    settings.prompt = prompt
    settings.isStudent = student
    settings.guidance = guidance.map { ($0.condition, $0.scale) }
    settings.style = style.flatMap { GeneratorStyle(rawValue: $0.rawValue) }
    let outcome = try scene.map { try runScene($0, settings) } ?? runFree(settings)
    if outputOptions.json { try outputOptions.print(outcome) }
    try outputOptions.summarize(Self.summary(outcome))
  }

  // MARK: From a scene

  private func runScene(_ path: String, _ settings: GenerationSettings) throws -> GenerationOutcome {
    let world = try changes.load(path)
    if let seconds, seconds > world.duration {
      throw UsageError(
        "--seconds is positive and at most the scene's \(Numbers.short(world.duration)), not \(Numbers.short(seconds))")
    }
    let (width, height) = size.map { ($0.width, $0.height) } ?? (world.stage.picture.width, world.stage.picture.height)
    var settings = settings
    (settings.steps, settings.seed) = (steps ?? usualSteps, changes.seed ?? world.seed)
    let (fps, length) = (world.stage.picture.framesPerSecond, seconds ?? world.duration)
    settings.keyframes = try keyframes(width: width, height: height, framesPerSecond: fps, seconds: length)
    if let extend {
      let clip = try source(extend)
      try check(clip, extend, width: width, height: height, framesPerSecond: fps)
      try checkRoom(clip, extend, seconds: length)
      settings.extended = clip
    }
    let (trajectory, _) = try Simulate.run(Simulation(of: world, seed: changes.seed), quiet: outputOptions.quiet)
    (settings.size, settings.seconds, settings.sound) = ((width, height), seconds, (sound ?? .simulator).source)
    let generation = SceneGeneration(world, trajectory: trajectory, options: settings)
    return try shown { try generation.write(to: output, progress: $0) }
  }

  // MARK: Without a scene

  private func runFree(_ settings: GenerationSettings) throws -> GenerationOutcome {
    var settings = settings
    (settings.steps, settings.seed) = (steps ?? usualSteps, changes.seed ?? 0)
    if let video {
      let source = try source(video)
      guard source.frames[0].width % 2 + source.frames[0].height % 2 == 0 else {
        throw UsageError("\(video) has odd sides, which can't be written", remedy: "scale it to even ones")
      }
      let generation = FreeGeneration(settings, drawing: source)
      return try shown { try generation.write(to: output, progress: $0) }
    }
    let seconds = seconds ?? 4
    if let extend {
      let clip = try source(extend)
      let (width, height) = size.map { ($0.width, $0.height) } ?? (clip.frames[0].width, clip.frames[0].height)
      try check(clip, extend, width: width, height: height, framesPerSecond: clip.framesPerSecond)
      try checkRoom(clip, extend, seconds: seconds)
      settings.extended = clip
      settings.keyframes = try keyframes(
        width: width, height: height, framesPerSecond: clip.framesPerSecond, seconds: seconds)
      let generation = FreeGeneration(
        settings, size: (width, height), framesPerSecond: clip.framesPerSecond, seconds: seconds)
      return try shown { try generation.write(to: output, progress: $0) }
    }
    let picture = try image.first.map { try StillPicture.read($0.path) }
    let (width, height) = size.map { ($0.width, $0.height) } ?? picture.map { ($0.width, $0.height) } ?? (256, 144)
    settings.keyframes = try keyframes(
      width: width, height: height, framesPerSecond: FreeGeneration.usualRate, seconds: seconds)
    let generation = FreeGeneration(settings, size: (width, height), seconds: seconds)
    return try shown { try generation.write(to: output, progress: $0) }
  }

  /// Where there is a picture to add to, diffusion is left out unless something depends on it.
  var usualSteps: Int {
    if student { return scene == nil && video == nil ? 4 : 1 }
    if scene == nil && video == nil { return image.isEmpty && extend == nil ? 20 : 4 }
    // A view passes through several pictures by itself; of one alone only the network tells.
    return image.count == 1 && image[0].seconds == 0 ? 2 : 0
  }

  private func shown(
    _ work: ((GenerationOutcome.Progress) throws -> Void) throws -> GenerationOutcome
  ) throws -> GenerationOutcome {
    let line = ProgressLine("generating", quiet: outputOptions.quiet)
    defer { line.finish() }
    return try work { progress in
      try Interruption.check()
      switch progress {
      case .filming(let done, let total):
        line.show(0.2 * Double(done), of: Double(total), "filming \(done) of \(total)") { _, _ in "" }
      case .generating(let done, let total):
        line.show(0.2 + 0.8 * Double(done) / Double(total), of: 1, "step \(done) of \(total)") { _, _ in "" }
      }
    }
  }

  private static func summary(_ outcome: GenerationOutcome) -> String {
    let facts =
      [
        "\(outcome.width)×\(outcome.height)", Numbers.count(outcome.frames, "frame"), "\(Numbers.short(outcome.fps)) fps",
        "\(Numbers.short(outcome.duration)) s",
      ] + outcome.styles
    let seconds = outcome.secondsFilming + outcome.secondsGenerating
    return [
      outcome.clip.emphasized(.strong) + "  " + facts.joined(separator: ", ").emphasized(.faint),
      "made in \(Numbers.short(seconds, digits: 2)) s, \(Numbers.short(outcome.duration / seconds, digits: 2))× real time"
        .emphasized(.faint),
      [("simulator", outcome.fromSimulator), ("networks", outcome.fromNetwork)].filter { !$0.1.isEmpty }
        .map { "\($0.0): \($0.1.joined(separator: ", "))" }.joined(separator: "\n").emphasized(.faint),
    ].joined(separator: "\n")
  }
}
