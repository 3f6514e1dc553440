import ArgumentParser
import Foundation
import RigidBodies
import WorldCore

/// Steps per second on the lattice of boxes of `peers/rigid_peer.py`: 0.2 m, 1 kg, ten by ten in a layer, 0.25 m apart and 5 mm
/// above each other over a plane, dt 1/240 s, nothing asleep. 20 steps to settle, then `steps` timed ones.
struct RigidBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "rigid", abstract: "Time the box lattices.")

  @Option(parsing: .upToNextOption, help: "Numbers of boxes.")
  var boxes: [Int] = [100, 500]

  @Option(help: "Timed steps.")
  var steps = 240

  @Option(help: "Threads; the engine uses one.")
  var threads = 1

  @Flag(help: "One JSON object a line, which is what is printed anyway.")
  var json = false

  private struct Line: Encodable {
    var engine = "mondo"
    var boxes: Int
    var steps_per_second: Double
  }

  func run() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    for count in boxes {
      let rate = (try rate(count) * 10).rounded() / 10
      print(String(decoding: try encoder.encode(Line(boxes: count, steps_per_second: rate)), as: UTF8.self))
    }
  }

  private func rate(_ count: Int) throws -> Double {
    var bodies = [Props.floor(restitution: 0, friction: 0.5)]
    for k in 0..<count {
      let place = Vector3(Double(k % 10) * 0.25, Double(k / 10 % 10) * 0.25, 0.1 + Double(k / 100) * 0.205)
      bodies.append(Props.solid("\(k)", .box(size: Vector3(repeating: 0.2)), at: place, restitution: 0, friction: 0.5))
    }
    let step = 1.0 / 240
    var world = try RigidWorld(RigidWorldDefinition(bodies: bodies, timeStep: step))
    for k in 1...20 { try world.advance(to: Double(k) * step) }
    let start = ContinuousClock.now
    for k in 21...(20 + steps) { try world.advance(to: Double(k) * step) }
    let elapsed = start.duration(to: .now) / .seconds(1)
    return Double(steps) / elapsed
  }
}
