import Foundation
import Mondo
import ParticleFluids

/// The water cases: scenes of `Scenes/validation`, judged by what their trajectories record; pressure, which no trajectory
/// holds, by the engine's own read-out.
extension PhysicsCase {
  static let water = [waterRest, waterDraft, waterSink, waterDam, waterObstacle, waterSplash, waterDrop] + floating

  /// Mass of the fill, how high it stands, and ρ g (h − z) at every depth below two spacings, with h twice the height of its
  /// middle.
  static let waterRest = PhysicsCase(name: "water-rest") {
    let scene = try Scene(contentsOf: "Scenes/validation/water-rest.yaml")
    let (fluid, tank) = (scene.fluids[0], scene.bodies[0])
    guard case .box(let size) = fluid.region else { return [] }
    let liquid = FluidLiquid(density: fluid.liquid.density, viscosity: fluid.liquid.viscosity)
    var options = FluidOptions(spacing: fluid.spacing)
    options.workers = ProcessInfo.processInfo.activeProcessorCount
    let body = FluidBody(worldFromShape: tank.worldFromShape)
    let world = try FluidWorld(
      [FluidDefinition(name: fluid.name, liquid: liquid, region: fluid.region, worldFromRegion: fluid.worldFromRegion)],
      solids: [FluidSolid(name: tank.name, shape: tank.shape)], bodies: [body], options: options)
    var sums = [SIMD3<Double>](repeating: .zero, count: Int(size.z / fluid.spacing) + 2)
    var (force, samples) = (0.0, 0.0)
    while world.time < scene.duration {
      let report = try world.step(1.0 / 240, bodies: [body])
      guard world.time > scene.duration / 2 else { continue }
      for (p, pressure) in zip(world.positions(of: 0), world.pressures(of: 0)) {
        let layer = Int(Double(p.z) / world.particleSpacing)
        if sums.indices.contains(layer) { sums[layer] += SIMD3(Double(p.z), Double(pressure), 1) }
      }
      force -= report.bodies[0].linear.z * 240
      samples += 1
    }
    var worst = PhysicsMeasurement.relative("water-rest", "pressure (Pa)", 1, expected: 1, within: 0.02)
    let (heights, weights) = sums.reduce((0.0, 0.0)) { ($0.0 + $1.x, $0.1 + $1.z) }
    let level = 2 * heights / weights
    for sum in sums where sum.z > 0 {
      let depth = level - sum.x / sum.z
      guard depth > 2 * world.particleSpacing else { continue }
      let expected = liquid.density * scene.gravity.length * depth
      let line = PhysicsMeasurement.relative(
        "water-rest", "pressure of the layer that is worst (Pa)", sum.y / sum.z, expected: expected, within: 0.02)
      if line.error > worst.error { worst = line }
    }
    let mass = liquid.density * size.x * size.y * size.z
    return [
      .relative("water-rest", "mass of the fill (kg)", world.mass(of: 0), expected: mass, within: 0.005),
      .relative("water-rest", "level (m)", level, expected: size.z, within: 0.01), worst,
      .relative(
        "water-rest", "force on the tank (N)", force / samples, expected: mass * scene.gravity.length, within: 0.005),
    ]
  }

  /// The draft of a box of many densities, started in its place and left to itself.
  static let waterDraft = PhysicsCase(name: "water-draft") {
    var lines: [PhysicsMeasurement] = []
    for share in [0.2, 0.4, 0.6, 0.8, 0.9] {
      var scene = try Scene(contentsOf: "Scenes/validation/water-draft.yaml")
      guard case .box(let size) = scene.bodies[1].shape, case .tank(var tank, let wall) = scene.bodies[0].shape,
        case .box(var fill) = scene.fluids[0].region
      else { return [] }
      // The lightest needs particles half as large, and no more water than it floats in.
      if share == 0.2 {
        (tank, fill) = (Vector3(0.6, 0.6, tank.z), Vector3(0.6, 0.6, 0.12))
        scene.bodies[0].shape = .tank(size: tank, wall: wall)
        scene.fluids[0].region = .box(size: fill)
        scene.fluids[0].worldFromRegion.translation.z = fill.z / 2
        scene.fluids[0].spacing /= 2
      }
      let density = scene.fluids[0].liquid.density
      let draft = share * size.z
      let area = tank.x * tank.y
      // The box takes its room out of the fill, whose top is the level.
      scene.bodies[1].density = share * density
      scene.bodies[1].worldFromShape.translation.z = fill.z - draft + size.z / 2
      scene.duration = 3
      let trajectory = try Simulation(of: scene).run()
      let water = trajectory.fluids[0]
      let surface = (water.mass / density + draft * size.x * size.y) / area
      let settled = trajectory.bodies[1].states.suffix(400).map { surface - ($0.position.z - size.z / 2) }
      let depth = draft / scene.fluids[0].spacing
      lines.append(
        .relative(
          "water-draft", "draft at \(share) of water's density, \(String(format: "%.1f", depth)) particles (m)",
          settled.reduce(0, +) / Double(settled.count), expected: draft, within: depth >= 6 ? 0.03 : 0.08))
    }
    return lines
  }

  /// A box of twice water's density reaches the floor.
  static let waterSink = PhysicsCase(name: "water-sink") {
    let scene = try Scene(contentsOf: "Scenes/validation/water-sink.yaml")
    guard case .box(let size) = scene.bodies[1].shape else { return [] }
    let trajectory = try Simulation(of: scene).run()
    let end = trajectory.bodies[1].states.last!
    return [
      .absolute("water-sink", "gap under the box at the end (m)", end.position.z - size.z / 2, expected: 0, within: 1e-3),
      .absolute("water-sink", "its speed at the end (m/s)", end.velocity.length, expected: 0, within: 1e-2),
    ]
  }

  /// The front of a collapsing column against Martin & Moyce 1952, with one constant shift of the clock: theirs starts when the
  /// gate is gone.
  static let waterDam = PhysicsCase(name: "water-dam") {
    let table = [
      (0.832, 1.217), (1.219, 1.474), (1.997, 2.292), (2.547, 2.995), (3.345, 4.134), (4.034, 4.944), (4.418, 5.881),
      (5.091, 6.980), (5.685, 7.945), (6.306, 8.966),
    ]
    let scene = try Scene(contentsOf: "Scenes/validation/water-dam.yaml")
    guard case .box(let size) = scene.fluids[0].region else { return [] }
    let left = scene.fluids[0].worldFromRegion.translation.x - size.x / 2
    let trajectory = try Simulation(of: scene).run()
    let water = trajectory.fluids[0]
    let scale = (2 * scene.gravity.length / size.x).squareRoot()
    let fronts = (0..<water.records).map { record in
      // Half a spacing lies between the last centre and the edge; one particle in five hundred may be a drop apart.
      let x = water.particles(record: record).map { Double($0.x) }.sorted()
      let front = x[x.count - 1 - x.count / 500] + water.spacing / 2 - left
      return (T: trajectory.times[record * water.stride] * scale, Z: front / size.x)
    }
    func error(_ shift: Double) -> Double {
      var (sum, count) = (0.0, 0.0)
      for (T, Z) in table {
        guard let after = fronts.firstIndex(where: { $0.T > T - shift }), after > 0 else { continue }
        let (a, b) = (fronts[after - 1], fronts[after])
        let front = a.Z + (b.Z - a.Z) * (T - shift - a.T) / (b.T - a.T)
        sum += (front / Z - 1) * (front / Z - 1)
        count += 1
      }
      return (sum / count).squareRoot()
    }
    let shift = stride(from: 0.0, through: 0.5, by: 0.01).min { error($0) < error($1) }!
    return [
      .absolute(
        "water-dam", "RMS of the front's error, clock shifted by \(String(format: "%.2f", shift)) √(a/2g)", error(shift),
        expected: 0,
        within: 0.05)
    ]
  }

  /// A drop and a ball that meet in empty space.
  static let waterSplash = PhysicsCase(name: "water-splash") {
    let scene = try Scene(contentsOf: "Scenes/validation/water-splash.yaml")
    let trajectory = try Simulation(of: scene).run()
    let momentum = trajectory.momentum.linear
    let scale = momentum[0].length
    let step = zip(momentum, momentum.dropFirst()).map { ($1 - $0).length }.max() ?? .nan
    let given = trajectory.bodies[0].mass * trajectory.bodies[0].states.last!.velocity.length
    return [
      .absolute("water-splash", "momentum lost in a sample / the drop's", step / scale, expected: 0, within: 1e-6),
      .absolute("water-splash", "balls that the drop gave nothing", given > 0.01 * scale ? 0 : 1, expected: 0, within: 0),
    ]
  }
}
