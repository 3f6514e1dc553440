import Foundation
public import WorldCore

/// Many simulations, run on all cores.
public struct SimulationSweep: Sendable {
  public var simulations: [Simulation]
  /// How many run at once.
  public var width: Int

  /// - Parameter width: nil is one a core.
  public init(_ simulations: [Simulation], width: Int? = nil) {
    self.simulations = simulations
    self.width = max(1, width ?? ProcessInfo.processInfo.activeProcessorCount)
  }

  /// Runs them all and hands each trajectory on in the order of the simulations, whichever is done first.
  ///
  /// - Parameter body: called once a simulation, never twice at once. What it throws, or what a simulation throws, ends the
  ///   sweep.
  public func run(_ body: (Int, Trajectory) async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: (Int, Trajectory).self) { group in
      var started = 0
      func startNext() {
        guard started < simulations.count else { return }
        let index = started
        var simulation = simulations[index]
        // Side by side they have a core each.
        if width > 1 { simulation.threads = 1 }
        group.addTask { [simulation] in (index, try simulation.run()) }
        started += 1
      }
      for _ in 0..<width { startNext() }

      // Trajectories that overtook a slower predecessor wait here.
      var waiting: [Int: Trajectory] = [:]
      var next = 0
      while let (index, trajectory) = try await group.next() {
        waiting[index] = trajectory
        while let ready = waiting.removeValue(forKey: next) {
          try await body(next, ready)
          next += 1
        }
        startNext()
      }
    }
  }
}
