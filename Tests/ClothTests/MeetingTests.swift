import Cloth
import Foundation
import Testing
import WorldCore

/// Cloths among cloths, and in free fall.
@Suite("Meeting cloths") struct MeetingTests {
  @Test("a cloth that falls free follows the parabola", arguments: [1.0 / 240, 1.0 / 60])
  func freeFall(step: Double) throws {
    var sheet = TestCloths.flat(0.5, spacing: 0.05)
    sheet.velocity = Vector3(1, 0, 2)
    let world = try ClothWorld([sheet])
    let start = world.positions(of: 0)
    for _ in 0..<Int((1 / step).rounded()) { _ = try world.step(step) }
    let moved = zip(world.positions(of: 0), start).map { $0 - $1 }
    for move in moved { #expect((move - Vector3(1, 0, 2 - 9.81 / 2)).length < 1e-9) }
    for velocity in world.velocities(of: 0) { #expect((velocity - Vector3(1, 0, 2 - 9.81)).length < 1e-9) }
  }

  @Test("a sheet dropped on a held one comes to lie on it", arguments: [0.0, 0.6])
  func layers(turned: Double) throws {
    let pins = ["top", "bottom", "left", "right"].map { ClothPin(.name($0)) }
    var lower = TestCloths.flat(0.6, spacing: 0.03, material: .canvas, pins: pins)
    lower.name = "lower"
    let upper = TestCloths.flat(0.3, spacing: 0.025, height: 0.05, turned: turned)
    let world = try ClothWorld([lower, upper], air: ClothAir())
    for _ in 0..<240 { _ = try world.step(1.0 / 240) }
    let mesh = world.surface(of: 0).mesh
    let thickness = 0.5 * (lower.material.thickness + upper.material.thickness)
    for point in world.positions(of: 1) {
      // Straight below each node, the lower sheet.
      let heights = mesh.triangles.indices.compactMap { index -> Double? in
        let (a, b, c) = mesh.corners(index)
        let area = (b - a).cross(c - a).z
        let (u, v) = ((b - point).cross(c - point).z / area, (c - point).cross(a - point).z / area)
        return u >= 0 && v >= 0 && u + v <= 1 ? u * a.z + v * b.z + (1 - u - v) * c.z : nil
      }
      let height = try #require(heights.max())
      #expect(point.z - height > 0.5 * thickness && point.z - height < 0.01)
    }
  }

  @Test("two sheets that fly into each other keep their momentum and part company with none")
  func collision() throws {
    var a = TestCloths.flat(0.3, spacing: 0.03, material: .denim)
    var b = TestCloths.flat(0.3, spacing: 0.025, height: 0.03, turned: 0.4)
    (a.name, b.name) = ("a", "b")
    (a.velocity, b.velocity) = (Vector3(0, 0, 1), Vector3(0.3, 0, -1))
    let world = try ClothWorld([a, b], gravity: .zero)
    let start = world.momentum
    let energy = world.energy.total
    for _ in 0..<60 { _ = try world.step(1.0 / 240) }
    #expect((world.momentum.linear - start.linear).length < 1e-9 * start.linear.length)
    #expect(world.energy.total < energy)
    // Denim is the heavier: both go on upward, one above the other.
    let middle = { (cloth: Int) in world.positions(of: cloth).map(\.z).reduce(0, +) / Double(world.positions(of: cloth).count) }
    #expect(middle(0) < middle(1) + 1e-3)
    #expect(middle(0) > 0.02)
  }

  /// Two upright sheets across one another: only the lower edge of one and the upper edge of the other can meet, both between
  /// nodes.
  @Test("sheets that meet edge on edge don't pass", arguments: [Double.pi / 2, 1.1])
  func edgesMeet(turned: Double) throws {
    let lower = ClothDefinition(
      name: "lower", size: SIMD2(0.35, 0.2), spacing: 0.05, material: .canvas,
      pins: ["left", "right"].map { ClothPin(.name($0)) })
    let upper = ClothDefinition(
      name: "upper", size: SIMD2(0.35, 0.2), spacing: 0.05, material: .cotton,
      worldFromCloth: RigidTransform(rotation: Quaternion(axis: .unitZ, angle: turned), translation: Vector3(0, 0, 0.21)))
    let world = try ClothWorld([lower, upper])
    let start = world.momentum.linear
    // The middle of each edge, where they cross, lies between the nodes 3 and 4.
    func height(_ cloth: Int, row: Int) -> Double {
      let nodes = world.positions(of: cloth)
      return (nodes[row * 8 + 3].z + nodes[row * 8 + 4].z) / 2
    }
    var least = Double.infinity
    for _ in 0..<40 {
      _ = try world.step(1.0 / 240)
      least = min(least, height(1, row: 4) - height(0, row: 0))
    }
    // Free, it would have fallen 136 mm.
    #expect(least > -1e-3 && least < 0.01)
    #expect(start == .zero)
  }

  /// Crossed ribbons that fly into each other: what their edges give one another keeps momentum.
  @Test("edges that meet keep momentum")
  func edgesKeepMomentum() throws {
    func ribbon(_ name: String, turned: Double, z: Double, velocity: Double) -> ClothDefinition {
      ClothDefinition(
        name: name, size: SIMD2(0.35, 0.1), spacing: 0.05, material: .denim,
        worldFromCloth: RigidTransform(rotation: Quaternion(axis: .unitZ, angle: turned), translation: Vector3(0, 0, z)),
        velocity: Vector3(0, 0, velocity))
    }
    let world = try ClothWorld(
      [ribbon("a", turned: 0, z: 0, velocity: 0.5), ribbon("b", turned: 1.4, z: 0.12, velocity: -0.3)], gravity: .zero)
    let start = world.momentum.linear
    for _ in 0..<60 { _ = try world.step(1.0 / 240) }
    #expect((world.momentum.linear - start).length < 1e-9)
    let speeds = [0, 1].map { cloth in
      world.velocities(of: cloth).map(\.z).reduce(0, +) / Double(world.velocities(of: cloth).count)
    }
    #expect(speeds[0] < speeds[1] + 0.02, "the lower one no longer gains on the upper one")
  }
}
