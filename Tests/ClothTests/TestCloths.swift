import Cloth
import Foundation
import WorldCore

/// Cloths and bodies that several suites use.
enum TestCloths {
  /// Turns the upright sheet flat: its front up, its top toward +y.
  static let lying = Quaternion(axis: .unitX, angle: -.pi / 2)

  static func flat(
    _ size: Double, spacing: Double, material: ClothMaterial = .cotton, height: Double = 0, turned: Double = 0,
    pins: [ClothPin] = []
  ) -> ClothDefinition {
    ClothDefinition(
      name: "sheet", size: SIMD2(size, size), spacing: spacing, material: material,
      worldFromCloth: RigidTransform(
        rotation: Quaternion(axis: .unitZ, angle: turned) * lying, translation: Vector3(0, 0, height)),
      pins: pins)
  }

  /// A strip of free length `length` along +x, clamped at its left end by two columns of nodes, one cell beyond that length.
  static func strip(length: Double, cells: Int, arealDensity: Double, bending: Double) -> ClothDefinition {
    let h = length / Double(cells)
    let material = ClothMaterial(
      name: "strip", arealDensity: arealDensity, warpStretch: 1e4, weftStretch: 1e4, shear: 50, warpBending: bending,
      weftBending: bending, thickness: 1e-4, friction: 0.3)
    return ClothDefinition(
      name: "strip", size: SIMD2(length + h, 2 * h), spacing: h, material: material,
      worldFromCloth: RigidTransform(rotation: lying),
      pins: (0..<3).flatMap { row in (0..<2).map { ClothPin(.node(row: row, column: $0)) } })
  }

  /// How deep the surface of a cloth reaches into a body, m: at the nodes and at 28 points of each triangle.
  static func penetration(_ world: ClothWorld, _ field: SignedDistanceField, _ worldFromShape: RigidTransform) -> Double {
    let shapeFromWorld = worldFromShape.inverse
    let mesh = world.surface(of: 0).mesh
    var deepest = -Double.infinity
    for index in mesh.triangles.indices {
      let (a, b, c) = mesh.corners(index)
      for i in 0...6 {
        for j in 0...6 - i {
          let (u, v) = (Double(i) / 6, Double(j) / 6)
          let p = a * u + b * v + c * (1 - u - v)
          deepest = max(deepest, -field.sample(at: shapeFromWorld.point(p)).distance)
        }
      }
    }
    return deepest
  }
}
