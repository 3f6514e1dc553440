import ArgumentParser
import Foundation
import Mondo

struct Plan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a scene of a prompt, in English or Italian.",
    discussion: """
      Things, what they do and where become a scene file, which the other verbs
      take. What was understood, what was decided where the prompt leaves it open,
      and which words were ignored is told beside it. Whether it happens so is up
      to the simulation: steel that is said to float sinks.

      EXAMPLES
        mondo plan "a marble knocks over a row of twenty dominoes" -o scene.yaml
        mondo plan "una palla di gomma cade da 2 m su un prato, al tramonto" -o scene.yaml
        mondo render scene.yaml -o clip.mp4
      """)

  @Argument(help: "What is to be seen.")
  var prompt: String

  @Option(
    name: [.short, .customLong("output")], help: ArgumentHelp("The scene file. Default: standard output.", valueName: "file"))
  var output: String?

  @OptionGroup var outputOptions: OutputOptions

  func run() throws {
    if let output { try OutputPath.check([output], against: []) }
    let plan = try ScenePlan(prompt)
    if let output { try AtomicFile.write(plan.yaml, to: output) }
    if outputOptions.json {
      try outputOptions.print(Document(plan, scene: output == nil ? plan.yaml : nil, file: output))
    } else if output == nil {
      try StandardStream.output.write(Array(plan.yaml.utf8))
    }
    guard !outputOptions.json, !outputOptions.quiet else { return }
    for (name, told) in [("understood", plan.understood), ("decided", plan.assumed), ("ignored", plan.ignored)]
    where !told.isEmpty {
      remark("\(name): ".emphasized(.strong) + told.joined(separator: name == "ignored" ? ", " : "; "))
    }
  }

  private struct Document: Encodable {
    let format = "mondo-plan/1"
    let scene: String?
    let file: String?
    let understood, decided, ignored: [String]

    init(_ plan: ScenePlan, scene: String?, file: String?) {
      (self.scene, self.file) = (scene, file)
      (understood, decided, ignored) = (plan.understood, plan.assumed, plan.ignored)
    }
  }
}
