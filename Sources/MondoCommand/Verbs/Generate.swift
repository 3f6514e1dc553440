import ArgumentParser
import Foundation
import Mondo

struct Generate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Generate a clip with sound by diffusion, on what a scene's simulation does.",
    discussion: """
      The scene is simulated and filmed in the plainest way; a transformer,
      trained on renders, draws the picture over it. Motion, contacts and camera
      are the simulator's; light, texture and style are the network's. It makes
      sound too, in the same pass, which is not yet as good as what is
      synthesised from the contacts: --sound network lets it be heard. OUT.json
      beside the clip says what comes from where, with all that made it. The
      same seed gives the same clip.

      EXAMPLES
        mondo generate Scenes/balls/missed-shot.yaml -o out.mp4
        mondo generate Scenes/balls/missed-shot.yaml -o out.mp4 \\
          --style anime --seconds 2
        mondo generate Scenes/balls/missed-shot.yaml -o out.mp4 --size 144x256
      """)

  @Argument(help: ArgumentHelp("The scene file.", valueName: "scene"), completion: .file(extensions: ["yaml", "yml"]))
  var scene: String?

  @OptionGroup var changes: SceneChanges

  @Option(name: [.short, .customLong("output")], help: ArgumentHelp("The clip.", valueName: "file"))
  var output: String

  @Option(help: ArgumentHelp("Words for the network, instead of those that tell what the simulation does.", valueName: "text"))
  var prompt: String?

  @Option(help: ArgumentHelp("A picture that the clip begins with.", valueName: "file"))
  var image: String?

  @Option(help: ArgumentHelp("Not there yet.", valueName: "file", visibility: .hidden))
  var extend: String?

  @Option(help: ArgumentHelp("Not there yet.", valueName: "file", visibility: .hidden))
  var video: String?

  @Option(help: ArgumentHelp("Look: realistic, cinematic or anime. Default: the scene's.", valueName: "style"))
  var style: StyleName?

  @Option(help: ArgumentHelp("Length, at most the scene's. Default: all of it.", valueName: "n"))
  var seconds: Double?

  @Option(help: ArgumentHelp("Pixels, as in 256x144. Default: the scene's.", valueName: "WxH"))
  var size: PictureSize?

  @Option(
    help: ArgumentHelp(
      "Steps of the denoising, from 1 to 100: one is nearest to the renders, more add texture and errors.", valueName: "n"))
  var steps = 1

  @Option(help: ArgumentHelp("Where the sound comes from: simulator or network.", valueName: "source"))
  var sound = SoundSourceName.simulator

  @OptionGroup var outputOptions: OutputOptions

  func run() throws {
    let generation = try prepared()
    let line = ProgressLine("generating", quiet: outputOptions.quiet)
    let outcome: SceneGeneration.Outcome
    do {
      defer { line.finish() }
      outcome = try generation.write(to: output) { progress in
        try Interruption.check()
        switch progress {
        case .filming(let done, let total):
          line.show(0.2 * Double(done), of: Double(total), "filming \(done) of \(total)") { _, _ in "" }
        case .generating(let done, let total):
          line.show(0.2 + 0.8 * Double(done) / Double(total), of: 1, "stretch \(done) of \(total)") { _, _ in "" }
        }
      }
    }
    if outputOptions.json { try outputOptions.print(outcome) }
    try outputOptions.summarize(Self.summary(outcome))
  }

  /// Everything checked before any work is done.
  private func prepared() throws -> SceneGeneration {
    for (flag, value) in [("--extend", extend), ("--video", video)] where value != nil {
      throw UsageError("\(flag) isn't there yet", remedy: "generate from a scene")
    }
    guard let scene else {
      throw UsageError(
        prompt == nil ? "generate takes a scene" : "a prompt alone can't be generated yet",
        remedy: "give a scene file; --prompt then says what the network is told of it")
    }
    guard (1...100).contains(steps) else { throw UsageError("--steps is from 1 to 100, not \(steps)") }
    if let size, !(16...1920).contains(size.width) || !(16...1920).contains(size.height) || size.width % 2 + size.height % 2 > 0
    {
      throw UsageError("--size has even sides from 16 to 1920, not \(size.width)x\(size.height)")
    }
    let world = try changes.load(scene)
    if let seconds, !(seconds.isFinite && seconds > 0 && seconds <= world.duration) {
      throw UsageError(
        "--seconds is positive and at most the scene's \(Numbers.short(world.duration)), not \(Numbers.short(seconds))")
    }
    var options = SceneGeneration.Options()
    options.size = size.map { ($0.width, $0.height) }
    (options.seconds, options.prompt, options.steps, options.seed) = (seconds, prompt, steps, changes.seed ?? world.seed)
    options.sound = sound.source
    options.style = style.flatMap { GeneratorStyle(rawValue: $0.rawValue) }
    if let image {
      let picture = try StillPicture.read(image)
      let (width, height) = options.size ?? (world.stage.picture.width, world.stage.picture.height)
      guard picture.width == width, picture.height == height else {
        throw UsageError(
          "\(image) has \(picture.width)×\(picture.height) pixels, the clip \(width)×\(height)",
          remedy: "scale it, or give its --size")
      }
      options.firstFrame = picture
    }
    let (trajectory, _) = try Simulate.run(Simulation(of: world, seed: changes.seed), quiet: outputOptions.quiet)
    return SceneGeneration(world, trajectory: trajectory, options: options)
  }

  private static func summary(_ outcome: SceneGeneration.Outcome) -> String {
    let facts = [
      "\(outcome.width)×\(outcome.height)", Numbers.count(outcome.frames, "frame"), "\(Numbers.short(outcome.fps)) fps",
      "\(Numbers.short(outcome.duration)) s", outcome.style,
    ]
    let seconds = outcome.secondsFilming + outcome.secondsGenerating
    return [
      outcome.clip.emphasized(.strong) + "  " + facts.joined(separator: ", ").emphasized(.faint),
      "made in \(Numbers.short(seconds, digits: 2)) s, \(Numbers.short(outcome.duration / seconds, digits: 2))× real time"
        .emphasized(.faint),
      (outcome.fromNetwork.contains("sound")
        ? "motion, contacts and camera: simulator; light, texture, style and sound: network"
        : "motion, contacts, camera and sound: simulator; light, texture and style: network").emphasized(.faint),
    ].joined(separator: "\n")
  }
}

/// `SceneGeneration.SoundSource` as it is typed.
enum SoundSourceName: String, ExpressibleByArgument, CaseIterable {
  case simulator, network

  var source: SceneGeneration.SoundSource { SceneGeneration.SoundSource(rawValue: rawValue)! }
}
