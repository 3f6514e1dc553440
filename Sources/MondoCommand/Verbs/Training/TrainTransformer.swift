import ArgumentParser
import Mondo

struct TrainTransformer: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transformer", abstract: "Train the network that makes picture and sound from what is simulated.",
    discussion: """
      Learns the latents of the two autoencoders, which stay as they are: weights
      of the transformer fit those they were trained with and no others.
      """)

  @OptionGroup var generator: GeneratorTraining
  @OptionGroup var outputOptions: OutputOptions

  func run() throws {
    try generator.run(
      "transformer", outputOptions, { FlowMatching(on: $0) },
      measuring: { (try generator.generator(generator.weights), student: nil) })
  }
}
