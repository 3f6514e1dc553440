import ArgumentParser
import Mondo

struct TrainStudent: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "student", abstract: "Distil the transformer into one that takes one to four steps.",
    discussion: """
      The student begins as a copy of its teacher and learns where the teacher's
      path from a noise ends. It takes no guidance.
      """)

  @Option(help: ArgumentHelp("Weights of the transformer that teaches. Default: Mondo's own.", valueName: "file"))
  var teacher = TrainedWeights.transformer.path

  @OptionGroup var generator: GeneratorTraining
  @OptionGroup var outputOptions: OutputOptions

  func run() throws {
    try generator.run(
      "student", outputOptions, { Distillation(of: try JointTransformer(contentsOf: teacher), on: $0) },
      measuring: { (try generator.generator(teacher), student: try generator.generator(generator.weights, teacher: teacher)) })
  }
}
