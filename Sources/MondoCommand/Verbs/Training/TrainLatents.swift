import ArgumentParser
import Mondo

struct TrainLatents: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "latents", abstract: "Write a data set's clips as what the transformer learns from.",
    discussion: """
      The clips' latents with all that is told of them, a safetensors file each:
      what Evaluation/Twin trains the transformer on in PyTorch, on as many GPUs
      as there are, without an autoencoder, a shader or a decoder of its own.
      Held-out samples are marked. Run again after any end, or with more data
      behind, it goes on where it stopped. Several folders fit together: give
      each machine or process its own shards.

      EXAMPLES
        mondo train latents data -o latents
        mondo train latents data/*-0000[0-3].tar -o latents-0
        torchrun --nproc-per-node 8 Evaluation/Twin/train_transformer.py \\
          latents -o transformer.safetensors
      """)

  @Argument(help: ArgumentHelp("Folders of data sets, or shards.", valueName: "data"), completion: .file())
  var data: [String]

  @Option(name: [.short, .customLong("output")], help: ArgumentHelp("The folder.", valueName: "folder"))
  var output: String

  @OptionGroup var networks: LatentNetworks
  @OptionGroup var outputOptions: OutputOptions

  func run() throws {
    let production = LatentProduction(
      of: try networks.clips(of: SampleShards(data)), networks: networks.digests)
    let line = ProgressLine("writing latents", quiet: outputOptions.quiet)
    var (there, all) = (0, 0)
    let outcome: LatentProduction.Outcome
    do {
      defer { line.finish() }
      outcome = try production.write(to: output) { done, found, total in
        (there, all) = (done, total)
        try Interruption.check()
        line.show(Double(done - found), of: Double(total - found), "clip \(done + 1) of \(total)") {
          "\(Numbers.short($0 / $1, digits: 2)) clips/s"
        }
      }
    } catch let request as Interruption.Requested {
      throw Interruption.Requested(
        signal: request.signal, remark: "\(there) of \(all) clips are kept; the same command goes on from there")
    }
    if outputOptions.json { try outputOptions.print(outcome) }
    try outputOptions.summarize(Self.summary(outcome, seconds: line.elapsed))
  }

  private static func summary(_ outcome: LatentProduction.Outcome, seconds: Double) -> String {
    let facts = [
      Numbers.count(outcome.clips, "clip"), "\(outcome.heldOut) held out", Numbers.bytes(outcome.bytes),
      "\(outcome.made) made in \(Numbers.short(seconds, digits: 3)) s",
    ]
    return outcome.folder.emphasized(.strong) + "  " + facts.joined(separator: ", ").emphasized(.faint)
  }
}
