import ArgumentParser
import Mondo

struct Dataset: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make training data: worlds drawn from scenes, with ground truth and captions.",
    discussion: """
      Draws what each scene lets `vary`, and looks and cameras besides; simulates, \
      renders, and writes tar shards that WebDataset readers take. \
      A sample's members stand together:
        KEY.mp4          picture and sound
        KEY.json         captions (English, Italian), events, what was drawn
        KEY.preview.mp4  the same view in the plainest shading
        KEY.safetensors  controls, in the layout of a transformer's tokens; the
                         motion of bodies and camera; contacts

      Run again after any end, it goes on where it stopped. With --shard 2/4 it makes
      the second of four shares, here or on another machine; the shares fit together.
      Job arrays that count from 0 may: 0/4 is the same share as 4/4.
      An author's choice stays: what `vary` says of camera, light, style or
      colours is drawn as it says, and no further.

      EXAMPLES
        mondo dataset Scenes/balls/*.yaml -n 100 -o data
        mondo dataset Scenes/balls/*.yaml -n 100 -o data --shard 2/4
        mondo dataset Scenes/phyworld/parabola.yaml -n 50 -o data --samples 4
      """)

  @Argument(help: ArgumentHelp("Scene files.", valueName: "scene"), completion: .file(extensions: ["yaml", "yml"]))
  var scenes: [String]

  @Option(
    name: [.customShort("n"), .customLong("count")], parsing: .unconditional,
    help: ArgumentHelp("Samples in all.", valueName: "n"))
  var count: Int

  @Option(name: [.short, .customLong("output")], help: ArgumentHelp("The folder.", valueName: "folder"))
  var output: String

  @Option(help: ArgumentHelp("Make only this share, as in 2/4.", valueName: "i/n"))
  var shard: ShareName?

  @Option(help: ArgumentHelp("Samples in a tar file.", valueName: "n"))
  var perShard = 64

  @Option(
    help: ArgumentHelp(
      "Pixels, or several sizes to draw from, as in 256x144,144x256. Default: each scene's.", valueName: "WxH,…"))
  var size: PictureSizes?

  @Option(parsing: .unconditional, help: ArgumentHelp("Light paths a pixel, from 1 (quick) to 1024.", valueName: "n"))
  var samples: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("Samples made at once. Default: one a core.", valueName: "n"))
  var threads: Int?

  @OptionGroup var changes: SceneChanges
  @OptionGroup var outputOptions: OutputOptions

  func run() throws {
    if let samples, !(1...1024).contains(samples) { throw UsageError("--samples is from 1 to 1024, not \(samples)") }
    if let threads, !(1...1024).contains(threads) { throw UsageError("--threads is from 1 to 1024, not \(threads)") }
    if let seed = changes.seed, seed > UInt64(Int64.max) { throw UsageError("--seed is at most \(Int64.max), not \(seed)") }
    let plan = try DatasetPlan(
      scenes: scenes, sampleCount: count, seed: changes.seed ?? 0, overrides: SceneChanges.parse(changes.assignments),
      sizes: size?.texts ?? [], samplesPerPixel: samples, shareCount: shard?.count ?? 1, samplesPerShard: perShard)

    let line = ProgressLine("making samples", quiet: outputOptions.quiet)
    let shown = Shown(line)
    let outcome: DatasetProduction.Outcome
    do {
      defer { line.finish() }
      outcome = try DatasetProduction(plan, share: shard?.index ?? 0, width: threads).write(
        to: output, progress: { shown.show($0) }, check: { try Interruption.check() })
    } catch let request as Interruption.Requested {
      let state = shown.state
      throw Interruption.Requested(
        signal: request.signal, remark: "\(state.done) of \(state.total) samples are kept; the same command goes on from there")
    }
    if outputOptions.json { try outputOptions.print(outcome) }
    try outputOptions.summarize(Self.summary(outcome, seconds: line.elapsed))
  }

  private static func summary(_ outcome: DatasetProduction.Outcome, seconds: Double) -> String {
    var facts = [
      Numbers.count(outcome.samples, "sample"), Numbers.count(outcome.shards.count, "shard"), Numbers.bytes(outcome.bytes),
    ]
    if outcome.shares > 1 { facts.append("share \(outcome.share) of \(outcome.shares)") }
    let rate = Numbers.short(Double(outcome.made) / max(seconds, 1e-9), digits: 2)
    let found = outcome.samples - outcome.made
    return [
      outcome.folder.emphasized(.strong) + "  " + facts.joined(separator: ", ").emphasized(.faint),
      (outcome.made == 0
        ? "nothing was missing"
        : "made \(Numbers.count(outcome.made, "sample")) in \(Numbers.short(seconds, digits: 2)) s, \(rate) samples/s"
          + (found > 0 ? "; \(found) were there" : "")).emphasized(.faint),
    ].joined(separator: "\n")
  }
}

/// `2/4`: the second of four shares. Counted from 0 it means the same division, 0/4 being 4/4.
struct ShareName: ExpressibleByArgument {
  var index: Int
  var count: Int

  init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let share = parts[0], let count = parts[1], count >= 1, (0...count).contains(share) else {
      return nil
    }
    index = (share + count - 1) % count
    self.count = count
  }
}

/// `256x144,144x256`.
struct PictureSizes: ExpressibleByArgument {
  var texts: [String]

  init?(argument: String) {
    let sizes = argument.split(separator: ",", omittingEmptySubsequences: false).map { PictureSize(argument: String($0)) }
    guard
      sizes.allSatisfy({ size in
        guard let size else { return false }
        return [size.width, size.height].allSatisfy { (16...1920).contains($0) && $0.isMultiple(of: 2) }
      })
    else { return nil }
    texts = sizes.compactMap { $0 }.map { "\($0.width)x\($0.height)" }
  }
}

/// The progress on its way to the terminal.
///
/// `@unchecked Sendable`: the production calls from one thread at a time.
private final class Shown: @unchecked Sendable {
  private let line: ProgressLine
  private(set) var state = DatasetProduction.Progress()

  init(_ line: ProgressLine) { self.line = line }

  func show(_ progress: DatasetProduction.Progress) {
    state = progress
    // The rate is that of this run's own work.
    let found = Double(progress.found)
    line.show(Double(progress.done) - found, of: Double(progress.total) - found, "\(progress.done) of \(progress.total)") {
      [frames = progress.frames] in
      "\(Numbers.short($0 / $1, digits: 2)) samples/s, \(Numbers.short(Double(frames) / $1, digits: 2)) frames/s"
    }
  }
}
