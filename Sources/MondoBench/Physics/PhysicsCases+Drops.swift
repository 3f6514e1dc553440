import Foundation
import Mondo
import ParticleFluids

/// Surface tension by itself.
extension PhysicsCase {
  /// A drop drawn out by a tenth rings with ω² = n (n − 1)(n + 2) σ/ρR³, n = 2 (Rayleigh 1879).
  ///
  /// Its shape is read off the second moments of its particles: a spheroid of half-axes R (1 + ε), R (1 − ε/2) has
  /// ⟨z²⟩ − ⟨x² + y²⟩/2 = 3εR²/5.
  static let waterDrop = PhysicsCase(name: "water-drop") {
    let scene = try Scene(contentsOf: "Scenes/validation/water-drop.yaml")
    let fluid = scene.fluids[0]
    guard case .sphere(let radius) = fluid.region else { return [] }
    let liquid = FluidLiquid(
      density: fluid.liquid.density, viscosity: fluid.liquid.viscosity, surfaceTension: fluid.liquid.surfaceTension)
    var options = FluidOptions(spacing: fluid.spacing)
    options.gravity = scene.gravity
    options.workers = ProcessInfo.processInfo.activeProcessorCount
    let stretch = 1.1
    var drop = Shape.sphere(radius: radius).tessellated(segments: 96)
    drop.vertices = drop.vertices.map { $0 * Vector3(1 / stretch.squareRoot(), 1 / stretch.squareRoot(), stretch) }
    let world = try FluidWorld(
      [FluidDefinition(name: fluid.name, liquid: liquid, region: .mesh(drop), worldFromRegion: fluid.worldFromRegion)],
      options: options)

    func elongation() -> Double {
      let places = world.positions(of: 0)
      let moment = places.reduce(0.0) { $0 + Double($1.z * $1.z - 0.5 * ($1.x * $1.x + $1.y * $1.y)) } / Double(places.count)
      return 5 * moment / (3 * radius * radius)
    }
    var (times, values) = ([0.0], [elongation()])
    while world.time < scene.duration {
      _ = try world.step(1.0 / 480)
      times.append(world.time)
      values.append(elongation())
    }
    let rate = (8 * liquid.surfaceTension / (liquid.density * radius * radius * radius)).squareRoot()
    let period = 2 * .pi / rate
    let later = zip(times, values).filter { (0.75 * period...1.25 * period).contains($0.0) }.map(\.1).max() ?? 0
    let lost = String(format: "%.0f %%", 100 * (1 - later / values[0]))
    let apart = world.positions(of: 0).filter { Vector3($0).length > 1.5 * radius }.count
    return [
      .relative(
        "water-drop", "period of the ringing (s), which loses \(lost) of its swing in one", firstPeriod(values, times),
        expected: period, within: 0.1),
      .absolute(
        "water-drop", "momentum at the end / (mass × radius / period)",
        world.momentum.linear.length / (world.mass(of: 0) * radius / period), expected: 0, within: 1e-6),
      .absolute(
        "water-drop", "particles that left it, of \(world.particleCount(of: 0))", Double(apart), expected: 0, within: 0),
    ]
  }
}
