import ArgumentParser
import Foundation
import Mondo

/// Seconds that a generated clip takes, by part: weights, simulation, filming, networks with encoding. One JSON object a line
/// for each number of steps.
struct GeneratorBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate", abstract: "Time the generator on a scene, mp4 with sound included.")

  @Argument(help: "The scene.")
  var scene = "Scenes/balls/missed-shot.yaml"

  @Option(help: "Numbers of steps, one after the other.")
  var steps = "2,20"

  @Option(help: "Runs of each, of which the median is told.")
  var runs = 3

  @Flag(help: "Time the transformer alone instead, as Evaluation/Peers/generator_ratio.py does its twin in PyTorch.")
  var network = false

  @Flag(help: "One JSON object a line, which is what is printed anyway.")
  var json = false

  private struct Result: Encodable {
    var engine = "mondo"
    var scene: String
    var steps: Int
    var frames: Int
    var duration: Double
    var load: Double
    var simulate: Double
    var film: Double
    var networks: Double
    /// Without reading the weights.
    var seconds: Double
    var realTime: Double
    var peakMegabytes: Double
  }

  func run() throws {
    if network { return try measureNetwork() }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("mondo-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    for steps in steps.split(separator: ",").compactMap({ Int($0) }) {
      let results = try (0..<max(1, runs)).map { _ in
        try measure(steps: steps, path: folder.appendingPathComponent("clip.mp4").path)
      }
      let median = results.sorted { $0.seconds < $1.seconds }[results.count / 2]
      print(String(decoding: try encoder.encode(median), as: UTF8.self))
    }
  }

  private func measure(steps: Int, path: String) throws -> Result {
    let world = try Scene(contentsOf: scene)
    let begin = ContinuousClock.now
    let trajectory = try Simulation(of: world).run()
    let simulated = begin.duration(to: .now)
    var options = SceneGeneration.Options()
    options.steps = steps
    let outcome = try SceneGeneration(world, trajectory: trajectory, options: options).write(to: path)
    let simulate = Double(simulated.components.seconds) + Double(simulated.components.attoseconds) * 1e-18
    let seconds = simulate + outcome.secondsFilming + outcome.secondsGenerating
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Result(
      scene: world.name, steps: steps, frames: outcome.frames, duration: outcome.duration, load: outcome.secondsLoading,
      simulate: simulate, film: outcome.secondsFilming, networks: outcome.secondsGenerating, seconds: seconds,
      realTime: outcome.duration / seconds, peakMegabytes: Double(usage.ru_maxrss) / 1024)
  }
}
