import ArgumentParser
import Foundation
import Mondo

/// `mondo`: the command line.
@main
struct MondoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mondo",
    abstract: "Simulate, render, hear and judge physical worlds.",
    discussion: """
      One text file describes a scene. Mondo simulates it, renders it with exact
      ground truth, synthesises its sound, answers questions about it, and judges
      any clip for physical plausibility.

      EXAMPLES
        mondo plan "a ball falls" -o s.yaml     a scene of a prompt
        mondo validate scene.yaml               every mistake, with its place
        mondo simulate scene.yaml -o run.json   what happens, in numbers
        mondo render scene.yaml -o clip.mp4     what it looks and sounds like
        mondo query scene.yaml events           who hits whom, when, how hard
        mondo query scene.yaml first --when "bodies.ball.position.z < 0.12"
        mondo query scene.yaml compare --set bodies.ball.mass=2
        mondo score clip.mp4 --scale 100        could this have been filmed?
        mondo evaluate suite.yaml -o report     how good is a generator, or the judge
        mondo dataset scene.yaml -n 100 -o data training data, with captions
        mondo train autoencoder data -o w.safetensors

      Wherever a scene is read, --set PATH=VALUE changes it and --seed N seeds it.
      With --json, standard output carries JSON and nothing else.

      EXIT CODES
        0 done               1 ran, and the answer is no
        64 usage             65 bad input             66 no such input
        70 internal fault    74 input or output failed
      """,
    version: "mondo \(Release.version)",
    subcommands: [
      Plan.self, Validate.self, Simulate.self, Render.self, Query.self, Score.self, Evaluate.self, Dataset.self, Train.self,
      Generate.self,
      SchemaCommand.self,
    ])

  static func main() {
    Interruption.listen()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      Failure.end(with: error)
    }
  }
}
