import Foundation
import ParticleFluids
import Testing
import WorldCore

@Suite("Surface tension")
struct TensionTests {
  /// How far a drop is from round: its mean z² − (x² + y²)/2 over the square of the radius of a ball of its volume.
  private func elongation(_ tension: Double, time: Double) throws -> (start: Double, end: Double, drift: Double) {
    let spacing = 0.002
    var options = FluidOptions(spacing: spacing)
    options.gravity = .zero
    options.workers = 2
    let liquid = FluidLiquid(density: 1000, viscosity: 1e-3, surfaceTension: tension)
    let world = try FluidWorld(
      [FluidDefinition(name: "drop", liquid: liquid, region: .capsule(radius: 0.011, height: 0.0125))], options: options)
    let square = pow(world.mass(of: 0) / 1000 * 3 / (4 * .pi), 2.0 / 3)
    func elongation() -> Double {
      let p = world.positions(of: 0)
      return p.reduce(0.0) { $0 + Double($1.z * $1.z - 0.5 * ($1.x * $1.x + $1.y * $1.y)) } / Double(p.count) / square
    }
    let start = elongation()
    while world.time < time { _ = try world.step(1.0 / 240) }
    return (start, elongation(), world.momentum.linear.length / world.mass(of: 0))
  }

  @Test("an elongated drop becomes rounder, and pulls itself nowhere")
  func dropsBecomeRound() throws {
    let water = try elongation(0.0728, time: 0.4)
    #expect(water.end < 0.9 * water.start, "\(water.start) to \(water.end)")
    // Momentum stays to the rounding of single precision.
    #expect(water.drift < 1e-5)
    let none = try elongation(0, time: 0.4)
    #expect(abs(none.end / none.start - 1) < 0.02)
  }
}
