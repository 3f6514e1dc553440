import ArgumentParser
import Foundation
import Mondo

/// Frames per second of colour, depth, segmentation, normals and flow on the scene of `peers/render_peer.py`.
struct RenderMeasurement: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "render", abstract: "Time the exact passes.")

  @Option(help: "Pixels a side.")
  var size = 256

  @Flag(help: "One JSON object a line, which is what is printed anyway.")
  var json = false

  func run() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    print(String(decoding: try encoder.encode(RenderBenchmark(size: size).run()), as: UTF8.self))
  }
}
