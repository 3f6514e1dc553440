import Foundation
import Mondo
import ParticleFluids

/// A dam that breaks upon a box, as the Maritime Research Institute Netherlands measured it (Kleefsman et al. 2005; SPHERIC 2).
extension PhysicsCase {
  /// When the front reaches the box's gauge P1, and how high the water stands at H2 and H4.
  ///
  /// Until it meets the box the flow is the same across the tank, so that a slice of it tells the arrival at a finer spacing. The
  /// experiment's tip is at the first gauge, half a metre from the gate, 50 ms before any of ours: its clock may not be that of a
  /// wall that vanishes at once.
  static let waterObstacle = PhysicsCase(name: "water-obstacle") {
    let scene = try Scene(contentsOf: "Scenes/validation/water-obstacle.yaml")
    guard case .tank(let tank, let wall) = scene.bodies[0].shape, case .box(let box) = scene.bodies[1].shape,
      case .box(let fill) = scene.fluids[0].region
    else { return [] }
    let name = "water-obstacle"

    // A slice of four particles.
    var slice = scene
    let spacing = 0.0125
    slice.bodies[0].shape = .tank(size: Vector3(tank.x, 4 * spacing, tank.z), wall: wall)
    slice.fluids[0].region = .box(size: Vector3(fill.x, 4 * spacing, fill.z))
    slice.fluids[0].spacing = spacing
    let face = scene.bodies[1].worldFromShape.translation.x + box.x / 2
    var (arrival, last) = (Double.nan, (time: 0.0, front: Double.infinity))
    try run(slice, until: 0.5) { world in
      // Half a spacing lies between a centre and the edge.
      let front = Double(world.positions(of: 0).map(\.x).min()!) - world.particleSpacing / 2
      if front <= face {
        arrival = last.time + (world.time - last.time) * (last.front - face) / (last.front - front)
        return false
      }
      last = (world.time, front)
      return true
    }

    // Heights in the middle of the tank at the times of the experiment's table.
    var (heights, next) = ([SIMD2<Double>](), 0)
    try run(scene, until: gauges.last!.time + 0.01) { world in
      if world.time > gauges[next].time - 1e-6 {
        heights.append(SIMD2(height(of: world, at: 0.992), height(of: world, at: 2.638)))
        next += 1
      }
      return next < gauges.count
    }
    func error(_ gauge: Int, _ measured: [Double]) -> PhysicsMeasurement {
      let squares = zip(heights, measured).reduce(0) { $0 + ($1.0[gauge] - $1.1) * ($1.0[gauge] - $1.1) }
      return .absolute(
        name, "RMS of the height at H\(2 * gauge + 2) until 2 s / its greatest",
        (squares / Double(measured.count)).squareRoot() / measured.max()!, expected: 0, within: 0.1)
    }
    return [
      .relative(name, "arrival at P1 (s), spacing 1.25 cm", arrival, expected: 0.393, within: 0.05),
      error(0, gauges.map(\.h2)), error(1, gauges.map(\.h4)),
    ]
  }

  /// Seconds, and metres at x = 0.992 m and 2.638 m: the experiment's record (SPHERIC test 2, test_case_2_exp_data.xls) to the
  /// nearest millisecond.
  private static let gauges: [(time: Double, h2: Double, h4: Double)] = [
    (0.1, 0.0005, 0.5335), (0.2, 0.0007, 0.5110), (0.3, 0.0008, 0.4861), (0.4, 0.0464, 0.4595), (0.5, 0.0988, 0.4261),
    (0.6, 0.1195, 0.3947), (0.67, 0.1273, 0.3725), (0.8, 0.1467, 0.3321), (0.9, 0.1664, 0.3027), (1.0, 0.1791, 0.2789),
    (1.1, 0.1855, 0.2537), (1.2, 0.1954, 0.2325), (1.3, 0.2079, 0.2137), (1.4, 0.2018, 0.1967), (1.5, 0.2359, 0.1819),
    (1.6, 0.2556, 0.1700), (1.7, 0.3196, 0.1589), (1.8, 0.3331, 0.1474), (1.9, 0.2884, 0.1377), (2.0, 0.2870, 0.1295),
  ]

  /// How much water stands at x in the middle of the tank, m: weights of two spacings along and four across, which on a lattice
  /// add to the same wherever they lie.
  private static func height(of world: FluidWorld, at x: Double) -> Double {
    let d = world.particleSpacing
    let (along, across) = (2 * d, 4 * d)
    let sum = world.positions(of: 0).reduce(0.0) {
      $0 + max(1 - abs(Double($1.x) - x) / along, 0) * max(1 - abs(Double($1.y)) / across, 0)
    }
    return sum * d * d * d / (along * across)
  }

  /// Runs the first fluid of a scene among its bodies, which stay, until `goesOn` says no.
  private static func run(_ scene: Scene, until end: Double, goesOn: (FluidWorld) -> Bool) throws {
    let fluid = scene.fluids[0]
    let liquid = FluidLiquid(
      density: fluid.liquid.density, viscosity: fluid.liquid.viscosity, surfaceTension: fluid.liquid.surfaceTension)
    var options = FluidOptions(spacing: fluid.spacing)
    options.workers = ProcessInfo.processInfo.activeProcessorCount
    let bodies = scene.bodies.map { FluidBody(worldFromShape: $0.worldFromShape) }
    let world = try FluidWorld(
      [FluidDefinition(name: fluid.name, liquid: liquid, region: fluid.region, worldFromRegion: fluid.worldFromRegion)],
      solids: scene.bodies.map { FluidSolid(name: $0.name, shape: $0.shape) }, bodies: bodies, options: options)
    while world.time < end, goesOn(world) { _ = try world.step(1.0 / 240, bodies: bodies) }
  }
}
