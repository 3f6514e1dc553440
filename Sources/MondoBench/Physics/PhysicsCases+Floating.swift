import Foundation
import Mondo
import ParticleFluids

/// Bodies that move in water: each as experiments and theory know it.
extension PhysicsCase {
  static let floating = [
    waterHeave, waterBall, waterRoll, waterCapsize, waterSurfaceHeave, waterSurfaceBall, waterSurfaceRoll,
  ]

  /// The first period of something let go at rest: until it turns round in the same direction as at the start. A drift of its
  /// middle moves where it crosses that, but hardly when it turns.
  static func firstPeriod(_ values: [Double], _ times: [Double]) -> Double {
    let isFalling = values[values.count / 40] < values[0]
    // The first turn is on the other side, the next one ends the period; the parabola through three samples tells when.
    var turns: [Double] = []
    // A turn is the extreme of the samples for 50 ms to both sides: splashes are shorter.
    let reach = max(Int(0.05 / (times[1] - times[0])), 1)
    for k in reach..<values.count - reach {
      let around = values[k - reach...k + reach]
      let wantsLow = turns.count % 2 == (isFalling ? 0 : 1)
      guard values[k] == (wantsLow ? around.min() : around.max()) else { continue }
      let (a, b, c) = (values[k - 1], values[k], values[k + 1])
      let bend = a - 2 * b + c
      turns.append(times[k] + (bend != 0 ? (a - c) / (2 * bend) : 0) * (times[k] - times[k - 1]))
    }
    return turns.count > 1 ? turns[1] : .nan
  }

  /// How high the water of a tank stands once a volume in it is displaced, m.
  private static func restLevel(_ scene: Scene, _ trajectory: Trajectory, displaced: Double) -> Double {
    guard case .tank(let size, _) = scene.bodies[0].shape else { return .nan }
    return (trajectory.fluids[0].mass / scene.fluids[0].liquid.density + displaced) / (size.x * size.y)
  }

  /// T = 1.149 s as OpenFOAM has it for the same tank, k = ρ g A/(1 − A/A_tank); draft 0.2505 m.
  static let waterHeave = PhysicsCase(name: "water-heave") {
    let scene = try Scene(contentsOf: "Scenes/validation/water-heave.yaml")
    guard case .box(let size) = scene.bodies[1].shape, let mass = scene.bodies[1].massProperties?.mass else { return [] }
    let trajectory = try Simulation(of: scene).run()
    let volume = mass / scene.fluids[0].liquid.density
    let level = restLevel(scene, trajectory, displaced: volume)
    let heights = trajectory.bodies[1].states.map(\.position.z)
    let settled = heights.suffix(240).reduce(0, +) / 240
    return [
      .relative(
        "water-heave", "first heave period (s)", firstPeriod(heights, trajectory.times), expected: 1.149, within: 0.05),
      .relative(
        "water-heave", "draft over the last second (m)", level - (settled - size.z / 2), expected: 0.2505, within: 0.03),
    ]
  }

  /// The first period of Kramer et al. 2021's ball, 0.76 s, let go three tenths of its diameter above its draft.
  static let waterBall = PhysicsCase(name: "water-ball") {
    let trajectory = try Simulation(of: try Scene(contentsOf: "Scenes/validation/water-ball.yaml")).run()
    let heights = trajectory.bodies[1].states.map(\.position.z)
    return [
      .relative("water-ball", "first heave period (s)", firstPeriod(heights, trajectory.times), expected: 0.76, within: 0.05)
    ]
  }

  /// The box of water-heave on `kind: surface`, in a basin as large.
  static let waterSurfaceHeave = PhysicsCase(name: "water-surface-heave") {
    let trajectory = try Simulation(of: try Scene(contentsOf: "Scenes/validation/water-surface-heave.yaml")).run()
    let heights = trajectory.bodies[1].states.map(\.position.z)
    return [
      .relative(
        "water-surface-heave", "first heave period (s)", firstPeriod(heights, trajectory.times), expected: 1.149, within: 0.05)
    ]
  }

  /// The ball of water-ball on `kind: surface`, in a basin as large as Kramer et al. 2021 had.
  static let waterSurfaceBall = PhysicsCase(name: "water-surface-ball") {
    let trajectory = try Simulation(of: try Scene(contentsOf: "Scenes/validation/water-surface-ball.yaml")).run()
    let heights = trajectory.bodies[0].states.map(\.position.z)
    return [
      .relative(
        "water-surface-ball", "first heave period (s)", firstPeriod(heights, trajectory.times), expected: 0.76, within: 0.05)
    ]
  }

  static let waterRoll = PhysicsCase(name: "water-roll") {
    let scene = try Scene(contentsOf: "Scenes/validation/water-roll.yaml")
    let trajectory = try Simulation(of: scene).run()
    guard let mass = scene.bodies[1].massProperties?.mass else { return [] }
    let depth = restLevel(scene, trajectory, displaced: mass / scene.fluids[0].liquid.density)
    return try roll("water-roll", scene, trajectory, body: 1, depth: depth)
  }

  /// The board of water-roll on `kind: surface`, in a basin as large.
  static let waterSurfaceRoll = PhysicsCase(name: "water-surface-roll") {
    let scene = try Scene(contentsOf: "Scenes/validation/water-surface-roll.yaml")
    guard case .box(let basin)? = scene.fluids[0].region else { return [] }
    return try roll("water-surface-roll", scene, try Simulation(of: scene).run(), body: 0, depth: basin.z)
  }

  /// T = 2π √((I + A)/(m g GM)) with GM = b²/12 d − (h − d)/2, and the added inertia A of a panel method.
  private static func roll(_ name: String, _ scene: Scene, _ trajectory: Trajectory, body: Int, depth: Double) throws
    -> [PhysicsMeasurement]
  {
    guard case .box(let size) = scene.bodies[body].shape, let properties = scene.bodies[body].massProperties else { return [] }
    let density = scene.fluids[0].liquid.density
    let draft = properties.mass / density / (size.x * size.y)
    let metacentric = size.y * size.y / (12 * draft) - (size.z - draft) / 2

    // The same board at rest on a still surface.
    let surface = try SurfaceWorld(
      SurfaceDefinition(
        name: "still", liquid: FluidLiquid(density: density), center: .zero, size: SIMD2(4, 4), depth: depth, spacing: 0.5),
      solids: [FluidSolid(name: "board", shape: scene.bodies[body].shape, massProperties: properties)])
    _ = try surface.step(
      1e-3, bodies: [FluidBody(worldFromShape: RigidTransform(translation: Vector3(0, 0, size.z / 2 - draft)))])
    let added = surface.addedMass(of: 0)[3 * 7]
    let inertia = properties.mass * (size.y * size.y + size.z * size.z) / 12
    let period = 2 * .pi * ((inertia + added) / (properties.mass * scene.gravity.length * metacentric)).squareRoot()

    let heel = trajectory.bodies[body].states.map { $0.orientation.rotate(.unitY).z }
    let bare = 2 * .pi * (inertia / (properties.mass * scene.gravity.length * metacentric)).squareRoot()
    return [
      .relative(
        name, "roll period (s; \(String(format: "%.3f", bare)) without added inertia)",
        firstPeriod(heel, trajectory.times), expected: period, within: 0.08)
    ]
  }

  /// A cube of half water's density floats where its middle lies in the surface and what is under water lies highest: a corner
  /// up, 54.7° from flat, hardly better than an edge up. Flat it is 6.6 % above that.
  static let waterCapsize = PhysicsCase(name: "water-capsize") {
    let scene = try Scene(contentsOf: "Scenes/validation/water-capsize.yaml")
    let trajectory = try Simulation(of: scene).run()
    let end = trajectory.bodies[1].states.last!
    let up = end.orientation.unrotate(.unitZ)
    // The mean depth under water of the cube's parts, in its sides: over 64³ places.
    func depth(_ n: Vector3) -> Double {
      let steps = 64
      return (0..<steps * steps * steps).reduce(0) { sum, k in
        let cell = Vector3(Double(k % steps), Double(k / steps % steps), Double(k / steps / steps))
        return sum + abs(((cell + 0.5) / Double(steps) - 0.5).dot(n)) / Double(steps * steps * steps)
      }
    }
    let tilt = acos(min([abs(up.x), abs(up.y), abs(up.z)].max()!, 1)) * 180 / .pi
    return [
      .absolute("water-capsize", "flat attitudes at the end", tilt < 30 ? 1 : 0, expected: 0, within: 0),
      .relative(
        "water-capsize", "potential of the attitude at \(String(format: "%.0f", tilt))° over the least",
        depth(up) / depth(Vector3(1, 1, 1).normalized),
        expected: 1, within: 0.015),
    ]
  }
}
