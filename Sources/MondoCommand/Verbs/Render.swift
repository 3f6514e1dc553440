import ArgumentParser
import Mondo

struct Render: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Render a scene to a clip with sound, and its ground truth.",
    discussion: """
      OUT.mp4 (or .mov, .webm) holds picture and sound. Other passes stand beside
      it in full precision, one file each, and open with any safetensors reader:
        OUT.depth.safetensors         depth (along the view) and distance (along
                                      the ray), metres, f32 [T, H, W]
        OUT.segmentation.safetensors  instance numbers, u16 [T, H, W]; their
                                      names are in the header
        OUT.normals.safetensors       world frame, f32 [T, H, W, 3]
        OUT.albedo.safetensors        linear RGB, f32 [T, H, W, 3]
        OUT.flow.safetensors          forward and backward, pixels, f32
                                      [T, H, W, 2], and their visibility, u8

      EXAMPLES
        mondo render Scenes/balls/materials.yaml -o out.mp4
        mondo render Scenes/balls/materials.yaml -o out.mp4 \\
          --passes rgb,depth,segmentation,normals,flow --size 512x288
        mondo render Scenes/balls/materials.yaml -o out.mp4 --style anime
        mondo render Scenes/balls/materials.yaml --trajectory run.json -o out.mp4
      """)

  @OptionGroup var sceneOptions: SceneOptions

  @Option(name: [.short, .customLong("output")], help: ArgumentHelp("The clip.", valueName: "file"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "What to make, separated by commas: rgb, depth, segmentation, normals, albedo, flow.", valueName: "list"))
  var passes = PassList.colorOnly

  @Option(help: ArgumentHelp("Pixels, as in 512x288. Default: the scene's.", valueName: "WxH"))
  var size: PictureSize?

  @Option(parsing: .unconditional, help: ArgumentHelp("Frames a second. Default: the scene's.", valueName: "n"))
  var fps: Double?

  @Option(parsing: .unconditional, help: ArgumentHelp("Light paths a pixel, from 1 (quick) to 1024.", valueName: "n"))
  var samples: Int?

  @Option(help: ArgumentHelp("Look: realistic, cinematic or anime.", valueName: "style"))
  var style: StyleName?

  @Option(help: ArgumentHelp("Show this recording instead of simulating the scene.", valueName: "file"))
  var trajectory: String?

  @OptionGroup var outputOptions: OutputOptions

  func run() throws {
    if let fps, !(fps.isFinite && (0.1...1000).contains(fps)) { throw UsageError("--fps is from 0.1 to 1000, not \(fps)") }
    if let samples, !(1...1024).contains(samples) { throw UsageError("--samples is from 1 to 1024, not \(samples)") }
    try OutputPath.check([output], against: [sceneOptions.scene, trajectory])
    let scene = try sceneOptions.load()
    let motion =
      try trajectory.map { try Trajectory(contentsOf: $0) }
      ?? Simulate.run(Simulation(of: scene, seed: sceneOptions.seed), quiet: outputOptions.quiet).0
    if motion.scene.name != scene.name {
      throw UsageError("the recording is of the scene '\(motion.scene.name)', not of '\(scene.name)'")
    }
    let stage = scene.stage(showing: motion)
    if let lacking = stage.items.first(where: { motion.body($0.name) == nil }) {
      throw RenderingError.missingBody(lacking.name, known: motion.bodies.map(\.name))
    }
    if let surplus = motion.bodies.first(where: { scene.body($0.name) == nil }) {
      throw RenderingError.unknownBody(surplus.name)
    }
    let options = RenderOptions(
      width: size?.width, height: size?.height, framesPerSecond: fps, samplesPerPixel: samples, passes: passes.passes,
      style: style?.style)

    let line = ProgressLine("rendering", quiet: outputOptions.quiet)
    let outcome: ClipProduction.Outcome
    do {
      defer { line.finish() }
      outcome = try ClipProduction(motion, on: stage, options: options).write(to: output) {
        done, total in
        try Interruption.check()
        line.show(Double(done), of: Double(total), "frame \(done) of \(total)") {
          "\(Numbers.short($0 / $1, digits: 2)) frames/s"
        }
      }
    }
    if outputOptions.json { try outputOptions.print(outcome) }
    try outputOptions.summarize(Self.summary(outcome, seconds: line.elapsed))
  }

  private static func summary(_ outcome: ClipProduction.Outcome, seconds: Double) -> String {
    let rate = Numbers.short(Double(outcome.frames) / max(seconds, 1e-9), digits: 2)
    var lines: [String] = []
    let facts = [
      "\(outcome.width)×\(outcome.height)", Numbers.count(outcome.frames, "frame"),
      "\(Numbers.short(outcome.framesPerSecond)) fps", "\(Numbers.short(outcome.duration)) s",
    ]
    if let clip = outcome.clip {
      lines.append(clip.emphasized(.strong) + "  " + facts.joined(separator: ", ").emphasized(.faint))
    }
    for (pass, file) in outcome.passes.sorted(by: { $0.key < $1.key }) { lines.append("\(file)  \(pass.emphasized(.faint))") }
    lines.append("rendered in \(Numbers.short(seconds, digits: 2)) s, \(rate) frames/s".emphasized(.faint))
    return lines.joined(separator: "\n")
  }
}
