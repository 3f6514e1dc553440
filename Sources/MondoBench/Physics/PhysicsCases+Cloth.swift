import Foundation
import Mondo

/// The cloth cases: scenes of `Scenes/validation`, judged by what their trajectories record and nothing else.
extension PhysicsCase {
  static let cloth = [clothElastica, clothSphere, clothBox, clothFlag, clothBall, clothCollision]

  /// A strip clamped at one end under its own weight: Γ = ρgL³/D, tip drop and reach over length, on two grids.
  static let clothElastica = PhysicsCase(name: "cloth-elastica") {
    let table: [(gamma: Double, drop: Double, reach: Double)] = [
      (1, 0.1235, 0.9912), (2, 0.2385, 0.9669), (5, 0.4959, 0.8467), (10, 0.7002, 0.6564), (20, 0.8299, 0.4452),
      (50, 0.9079, 0.2450),
    ]
    let length = 0.2
    var measurements: [PhysicsMeasurement] = []
    for (gamma, drop, reach) in table {
      for cells in [20, 40] {
        var scene = try ClothRecord.scene("cloth-elastica")
        let h = length / Double(cells)
        scene.cloths[0].spacing = h
        scene.cloths[0].size = SIMD2(length + h, 2 * h)
        let bending = scene.cloths[0].fabric.arealDensity * scene.gravity.length * length * length * length / gamma
        scene.cloths[0].fabric.bendStiffness = SIMD2(bending, bending)
        let cloth = try ClothRecord(scene)
        let row = cloth.track.rows / 2, last = cloth.trajectory.times.count - 1
        let clamp = cloth.track.vertex(row: row, column: 1, sample: last)
        let tip = cloth.track.vertex(row: row, column: cloth.track.columns - 1, sample: last)
        let name = "Γ \(Int(gamma)), \(cells) cells"
        measurements.append(
          .relative("cloth-elastica", "drop / length, \(name)", (clamp.z - tip.z) / length, expected: drop, within: 0.03))
        measurements.append(
          .relative("cloth-elastica", "reach / length, \(name)", (tip.x - clamp.x) / length, expected: reach, within: 0.03))
      }
    }
    return measurements
  }

  static let clothSphere = drape("cloth-sphere")
  static let clothBox = drape("cloth-box")

  /// A sheet falls over a body, keeps out of it, keeps its length and comes to rest.
  private static func drape(_ name: String) -> PhysicsCase {
    PhysicsCase(name: name) {
      let cloth = try ClothRecord(ClothRecord.scene(name))
      let kinetic = cloth.trajectory.energy.kinetic
      let rest = kinetic.suffix(240).max() ?? .nan
      return [
        .absolute(name, "depth in the body (m)", cloth.greatestDepth(), expected: 0, within: 2e-3),
        .absolute(name, "stretch", cloth.greatestStretch(), expected: 0, within: 0.02),
        .absolute(name, "kinetic energy at the end / greatest", rest / (kinetic.max() ?? .nan), expected: 0, within: 5e-3),
      ]
    }
  }

  /// A flag pinned along its hoist in a wind of 8 m/s.
  static let clothFlag = PhysicsCase(name: "cloth-flag") {
    let cloth = try ClothRecord(ClothRecord.scene("cloth-flag"))
    let kinetic = cloth.trajectory.energy.kinetic.max() ?? .nan
    return [
      .absolute("cloth-flag", "stretch", cloth.greatestStretch(), expected: 0, within: 0.02),
      // Nothing stays faster than the wind: ½ m v².
      .absolute(
        "cloth-flag", "kinetic energy / that at the wind's speed", kinetic / (0.5 * cloth.track.mass * 65), expected: 0,
        within: 1),
    ]
  }

  /// A ball dropped in a sheet held along its edges.
  static let clothBall = PhysicsCase(name: "cloth-ball") {
    let scene = try ClothRecord.scene("cloth-ball")
    let cloth = try ClothRecord(scene)
    let ball = cloth.trajectory.bodies[0]
    let drop = ball.mass * scene.gravity.length * (ball.states[0].position.z - scene.cloths[0].worldFromCloth.translation.z)
    let kinetic = ball.states.suffix(240).map { 0.5 * ball.mass * $0.velocity.lengthSquared }.max() ?? .nan
    return [
      .absolute("cloth-ball", "depth in the ball (m)", cloth.greatestDepth(), expected: 0, within: 2e-3),
      // It rolls to and fro in the hollow for long: rolling friction on cloth isn't modelled.
      .absolute("cloth-ball", "the ball's kinetic energy at the end / mgh", kinetic / drop, expected: 0, within: 0.01),
    ]
  }

  /// A ball and a free sheet meet in empty space.
  static let clothCollision = PhysicsCase(name: "cloth-collision") {
    let cloth = try ClothRecord(ClothRecord.scene("cloth-collision"))
    let momentum = cloth.trajectory.momentum
    let scale = cloth.trajectory.bodies[0].mass * cloth.trajectory.bodies[0].states[0].velocity.length
    let change = momentum.linear.map { ($0 - momentum.linear[0]).length }.max() ?? .nan
    let given = (cloth.trajectory.bodies[0].states.last!.velocity - cloth.trajectory.bodies[0].states[0].velocity).length
    return [
      .absolute("cloth-collision", "linear momentum lost / the ball's", change / scale, expected: 0, within: 1e-9),
      .absolute("cloth-collision", "depth in the ball (m)", cloth.greatestDepth(), expected: 0, within: 2e-3),
      .absolute("cloth-collision", "balls that gave the sheet nothing", given > 0.01 ? 0 : 1, expected: 0, within: 0),
    ]
  }
}

/// The only cloth of a scene and what became of it.
private struct ClothRecord {
  let scene: Scene
  let trajectory: Trajectory
  var track: ClothTrack { trajectory.cloths[0] }

  static func scene(_ name: String) throws -> Scene { try Scene(contentsOf: "Scenes/validation/\(name).yaml") }

  init(_ scene: Scene) throws {
    self.scene = scene
    trajectory = try Simulation(of: scene).run()
  }

  /// Every tenth of a second.
  private var samples: StrideTo<Int> { stride(from: 0, to: trajectory.times.count, by: 24) }

  /// The greatest elongation of a thread between neighbours, over its length at rest.
  func greatestStretch() -> Double {
    let size = scene.cloths[0].size
    let (weft, warp) = (size.x / Double(track.columns - 1), size.y / Double(track.rows - 1))
    var greatest = 0.0
    for sample in samples {
      let x = track.vertices(at: sample)
      for row in 0..<track.rows {
        for column in 0..<track.columns {
          let here = row * track.columns + column
          if column + 1 < track.columns { greatest = max(greatest, (x[here + 1] - x[here]).length / weft - 1) }
          if row + 1 < track.rows { greatest = max(greatest, (x[here + track.columns] - x[here]).length / warp - 1) }
        }
      }
    }
    return greatest
  }

  /// How far the surface, on triangles between the vertices, reaches into a body, m.
  func greatestDepth() -> Double {
    var deepest = 0.0
    for (body, moved) in zip(scene.bodies, trajectory.bodies) {
      let field = SignedDistanceField(body.shape)
      for sample in samples {
        let worldFromShape = moved.states[sample].worldFromBody * RigidTransform(translation: -moved.centerOfMass)
        let x = track.vertices(at: sample).map(worldFromShape.inverse.point)
        for row in 0..<track.rows - 1 {
          for column in 0..<track.columns - 1 {
            let a = row * track.columns + column
            let (b, c, d) = (a + 1, a + track.columns, a + track.columns + 1)
            // The diagonals alternate, as in the engine.
            let halves = (row + column) % 2 == 0 ? [(a, c, d), (a, d, b)] : [(a, c, b), (b, c, d)]
            for (i, j, k) in halves { deepest = max(deepest, depth(x[i], x[j], x[k], in: field)) }
          }
        }
      }
    }
    return deepest
  }

  private func depth(_ a: Vector3, _ b: Vector3, _ c: Vector3, in field: SignedDistanceField) -> Double {
    let parts = 5
    var deepest = 0.0
    for i in 0...parts {
      for j in 0...parts - i {
        let (u, v) = (Double(i) / Double(parts), Double(j) / Double(parts))
        let point = a * u + b * v + c * (1 - u - v)
        deepest = max(deepest, -field.sample(at: point).distance)
      }
    }
    return deepest
  }
}
