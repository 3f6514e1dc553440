import ArgumentParser
import Foundation
import Mondo
import RigidBodies

/// Steps per second on the lattice of boxes of `Evaluation/Peers/rigid_peer.py`: 0.2 m, 1 kg, ten by ten in a layer, 0.25 m
/// apart and 5 mm above each other over a plane, dt 1/240 s, nothing asleep. 20 steps to settle, then `steps` timed ones.
struct RigidBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rigid", abstract: "Time the box lattices, or a sweep of bouncing-ball worlds.")

  @Option(parsing: .upToNextOption, help: "Numbers of boxes.")
  var boxes: [Int] = [100, 500]

  @Option(help: "Timed steps.")
  var steps = 240

  @Option(help: "Threads; the engine uses one.")
  var threads = 1

  @Flag(help: "Time the lattice as a scene file too, recorded as `mondo simulate` records it.")
  var scene = false

  @Option(help: "Simulate so many worlds with a bouncing ball on one core and on all, instead of the lattices.")
  var sweep: Int?

  @Flag(help: "One JSON object a line, which is what is printed anyway.")
  var json = false

  private struct Line: Encodable {
    var engine: String
    var boxes: Int
    var steps_per_second: Double
    /// Deepest overlap of neighbouring layers and farthest sideways drift at the end, m.
    var penetration: Double
    var drift: Double
  }

  private struct SweepLine: Encodable {
    var engine = "mondo"
    var worlds: Int
    var threads: Int
    var worlds_per_second: Double
    var same_bytes: Bool
  }

  func run() throws {
    if let sweep { return try runSweep(sweep) }
    for count in boxes {
      try Self.tell(try lattice(count))
      if scene { try Self.tell(try sceneLattice(count)) }
    }
  }

  private static func tell(_ line: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    print(String(decoding: try encoder.encode(line), as: UTF8.self))
  }

  private static func place(_ k: Int) -> Vector3 {
    Vector3(Double(k % 10) * 0.25, Double(k / 10 % 10) * 0.25, 0.1 + Double(k / 100) * 0.205)
  }

  private func lattice(_ count: Int) throws -> Line {
    let material = ContactMaterial(restitution: 0, friction: 0.5)
    let floor = RigidBodyDefinition(
      name: "floor", shape: .plane(normal: .unitZ), motion: .fixed, mass: 0, inertia: .zero,
      initialState: BodyState(position: .zero), material: material)
    let cubes = (0..<count).compactMap { k in
      RigidBodyDefinition(
        name: "\(k)", shape: .box(size: Vector3(repeating: 0.2)), mass: 1,
        worldFromShape: RigidTransform(translation: Self.place(k)), material: material)
    }
    let step = 1.0 / 240
    var world = try RigidWorld(RigidWorldDefinition(bodies: [floor] + cubes, timeStep: step))
    for k in 1...20 { try world.advance(to: Double(k) * step) }
    let start = ContinuousClock.now
    for k in 21...(20 + steps) { try world.advance(to: Double(k) * step) }
    let elapsed = start.duration(to: .now) / .seconds(1)
    return Self.line("mondo", Double(steps) / elapsed, world.states.dropFirst().map(\.position))
  }

  /// The same through the scene language and the recorder; the steps that settle are timed too.
  private func sceneLattice(_ count: Int) throws -> Line {
    let yaml = """
      mondo: 1
      name: lattice
      duration: \(Double(20 + steps) / 240)
      materials: {block: {restitution: 0, friction: 0.5, rolling_friction: 0, spinning_friction: 0}}
      bodies:
        floor: {shape: {plane: {}}, motion: fixed, material: block}
        box: {shape: {box: {size: [0.2, 0.2, 0.2]}}, mass: 1, material: block, position: [0, 0, 0.1],
          repeat: {grid: {count: [10, 10, \((count + 99) / 100)], step: [0.25, 0.25, 0.205]}}}
      """
    let scene = try Scene(yaml: yaml)
    let start = ContinuousClock.now
    let trajectory = try Simulation(of: scene).run()
    let elapsed = start.duration(to: .now) / .seconds(1)
    return Self.line(
      "mondo simulate", Double(20 + steps) / elapsed,
      trajectory.bodies.dropFirst().map { $0.states[$0.states.count - 1].position })
  }

  private static func line(_ engine: String, _ rate: Double, _ positions: [Vector3]) -> Line {
    var (penetration, drift) = (0.0, 0.0)
    for (k, position) in positions.enumerated() {
      let below = k < 100 ? -0.1 : positions[k - 100].z
      penetration = max(penetration, 0.2 - (position.z - below))
      let aside = position - place(k)
      drift = max(drift, (aside.x * aside.x + aside.y * aside.y).squareRoot())
    }
    return Line(
      engine: engine, boxes: positions.count, steps_per_second: (rate * 10).rounded() / 10, penetration: penetration,
      drift: drift)
  }

  // MARK: Sweep

  private func runSweep(_ count: Int) throws {
    let yaml = """
      mondo: 1
      name: sweep
      duration: 4 s
      bodies:
        floor: {shape: {plane: {}}, motion: fixed, material: rubber}
        ball: {shape: {sphere: {radius: 10 cm}}, mass: 1, material: rubber, position: [0, 0, 1.1], spin: [0, 9, 0]}
      vary: {"bodies.ball.position[2]": {uniform: [0.5, 3]}, "bodies.ball.velocity[0]": {uniform: [-2, 2]}}
      """
    let simulations = try (0..<count).map { Simulation(of: try Scene.sample(yaml: yaml, seed: UInt64($0))) }
    var ends: [[Vector3]] = []
    for threads in [1, ProcessInfo.processInfo.activeProcessorCount] {
      let start = ContinuousClock.now
      let end = try SimulationSweep.finalPositions(SimulationSweep(simulations, width: threads))
      let elapsed = start.duration(to: .now) / .seconds(1)
      ends.append(end)
      try Self.tell(
        SweepLine(
          worlds: count, threads: threads, worlds_per_second: (Double(count) / elapsed * 10).rounded() / 10,
          same_bytes: ends[0] == end))
    }
  }
}

extension SimulationSweep {
  /// Where the last body of each world ends.
  fileprivate static func finalPositions(_ sweep: SimulationSweep) throws -> [Vector3] {
    final class Box: @unchecked Sendable { var result: Result<[Vector3], any Error> = .success([]) }
    // Written by the task, read after it has signalled.
    let box = Box()
    let done = DispatchSemaphore(value: 0)
    Task {
      do {
        var ends: [Vector3] = []
        try await sweep.run { _, trajectory in ends.append(trajectory.bodies.last?.states.last?.position ?? .zero) }
        box.result = .success(ends)
      } catch { box.result = .failure(error) }
      done.signal()
    }
    done.wait()
    return try box.result.get()
  }
}
