import Foundation
import Mondo
import ParticleFluids

/// Bodies that move in water, and a dam that breaks upon one: each as exact experiments and theory know it.
extension PhysicsCase {
  static let floating = [waterHeave, waterSphere, waterRoll, waterCapsize]

  /// The first period of something let go at rest: until it turns round in the same direction as at the start. A drift of its middle moves
  /// where it crosses that, but hardly when it turns.
  private static func firstPeriod(_ values: [Double], _ times: [Double]) -> Double {
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

  /// The first period of a ball let go above its draft: 0.76 s (Kramer et al. 2021).
  static let waterSphere = PhysicsCase(name: "water-sphere") {
    let scene = try Scene(contentsOf: "Scenes/validation/water-sphere.yaml")
    let trajectory = try Simulation(of: scene).run()
    let period = firstPeriod(trajectory.bodies[1].states.map(\.position.z), trajectory.times)
    return [.relative("water-sphere", "first heave period (s)", period, expected: 0.76, within: 0.05)]
  }

  /// T = 2π √((I + A)/(m g GM)) with GM = b²/12 d − (h − d)/2, and the added inertia A of a panel method.
  static let waterRoll = PhysicsCase(name: "water-roll") {
    let scene = try Scene(contentsOf: "Scenes/validation/water-roll.yaml")
    guard case .box(let size) = scene.bodies[1].shape, let properties = scene.bodies[1].massProperties else { return [] }
    let trajectory = try Simulation(of: scene).run()
    let density = scene.fluids[0].liquid.density
    let draft = properties.mass / density / (size.x * size.y)
    let metacentric = size.y * size.y / (12 * draft) - (size.z - draft) / 2
    let depth = restLevel(scene, trajectory, displaced: properties.mass / density)

    // The same board at rest on a still surface.
    let surface = try SurfaceWorld(
      SurfaceDefinition(
        name: "still", liquid: FluidLiquid(density: density), center: .zero, size: SIMD2(4, 4), depth: depth, spacing: 0.5),
      solids: [FluidSolid(name: "board", shape: scene.bodies[1].shape, massProperties: properties)])
    _ = try surface.step(
      1e-3, bodies: [FluidBody(worldFromShape: RigidTransform(translation: Vector3(0, 0, size.z / 2 - draft)))])
    let added = surface.addedMass(of: 0)[3 * 7]
    let inertia = properties.mass * (size.y * size.y + size.z * size.z) / 12
    let period = 2 * .pi * ((inertia + added) / (properties.mass * scene.gravity.length * metacentric)).squareRoot()

    let heel = trajectory.bodies[1].states.map { $0.orientation.rotate(.unitY).z }
    let bare = 2 * .pi * (inertia / (properties.mass * scene.gravity.length * metacentric)).squareRoot()
    return [
      .relative(
        "water-roll", "roll period (s; \(String(format: "%.3f", bare)) without added inertia)",
        firstPeriod(heel, trajectory.times), expected: period, within: 0.08)
    ]
  }

  /// A cube of half water's density floats where its middle lies in the surface and what is under water lies highest: a corner up, 54.7°
  /// from flat, hardly better than an edge up. Flat it is 6.6 % above that.
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

  /// SPHERIC's second test, the dam break of MARIN (Kleefsman et al. 2005): the front's arrival at the box, and the water's heights in
  /// front of it (H2, x = 0.992 m) and in the reservoir (H4, x = 2.638 m) as their wires measured them.
  static let waterObstacle = PhysicsCase(name: "water-obstacle") {
    let tables: [(name: String, x: Double, points: [(time: Double, height: Double)])] = [
      (
        "H2", 0.992,
        [
          (0.50, 0.0988), (0.55, 0.1163), (0.60, 0.1194), (0.75, 0.1395), (0.80, 0.1467), (0.85, 0.1567), (0.90, 0.1664),
          (0.94, 0.1735),
        ]
      ),
      (
        "H4", 2.638,
        [
          (0.09, 0.5353), (0.12, 0.5269), (0.15, 0.5223), (0.18, 0.5167), (0.20, 0.5110), (0.45, 0.4430), (0.50, 0.4261),
          (0.55, 0.4112),
          (0.60, 0.3947), (0.75, 0.3474), (0.80, 0.3321), (0.85, 0.3173), (0.90, 0.3027), (0.94, 0.2937),
        ]
      ),
    ]
    let scene = try Scene(contentsOf: "Scenes/validation/water-obstacle.yaml")
    guard case .box(let size) = scene.bodies[1].shape else { return [] }
    let face = scene.bodies[1].worldFromShape.translation.x + size.x / 2
    let trajectory = try Simulation(of: scene).run()
    let water = trajectory.fluids[0]
    let d = water.spacing

    // The front along the middle, with the half spacing between the last centre and the edge.
    let fronts = (0..<water.records).map { record in
      water.particles(record: record).reduce(Float.infinity) { abs($1.y) < 0.1 && $1.z < Float(3 * d) ? min($0, $1.x) : $0 }
    }.map { Double($0) - d / 2 }
    let arrival = fronts.indices.dropFirst().first { fronts[$0] <= face }.map { k in
      let (a, b) = (fronts[k - 1], fronts[k])
      let (before, after) = (trajectory.times[(k - 1) * water.stride], trajectory.times[k * water.stride])
      return before + (after - before) * (a - face) / (a - b)
    }
    var lines = [
      PhysicsMeasurement.relative("water-obstacle", "arrival at the box (s)", arrival ?? .nan, expected: 0.393, within: 0.05)
    ]

    // What stands round a wire, as a column of water.
    let (halfWidth, halfBreadth) = (2 * d, 4 * d)
    for (name, x, points) in tables {
      let errors = points.map { time, height in
        let near = trajectory.particles(of: water, at: time).count {
          abs(Double($0.x) - x) < halfWidth && abs(Double($0.y)) < halfBreadth
        }
        return Double(near) * d * d * d / (4 * halfWidth * halfBreadth) / height - 1
      }
      let mean = (errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)).squareRoot()
      lines.append(.absolute("water-obstacle", "RMS error of the height \(name)", mean, expected: 0, within: 0.1))
    }
    return lines
  }
}
