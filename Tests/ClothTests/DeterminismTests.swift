import Cloth
import Foundation
import Testing
import WorldCore

@Suite("Determinism") struct DeterminismTests {
  @Test("the same world gives the same bits on one worker and on several")
  func workers() throws {
    func end(_ workers: Int) throws -> ([Vector3], ClothStepReport) {
      var sheet = TestCloths.flat(0.6, spacing: 0.04, height: 0.27, turned: 0.2)
      sheet.pins = [ClothPin(.name("top-left"))]
      let world = try ClothWorld([sheet], air: ClothAir(wind: Vector3(2, 0, 0)), workers: workers)
      let ball = ClothCollider(
        id: 0, field: SignedDistanceField(.sphere(radius: 0.25)), worldFromShape: .identity,
        massProperties: Shape.sphere(radius: 0.25).massProperties(density: 500))
      var report = try world.step(1.0 / 240, colliders: [ball])
      for _ in 0..<60 { report = try world.step(1.0 / 240, colliders: [ball]) }
      return (world.positions(of: 0), report)
    }
    let one = try end(1)
    for workers in [1, 2, 3, 7] {
      let other = try end(workers)
      #expect(one.0 == other.0)
      #expect(one.1 == other.1)
    }
  }

  @Test("a surface has rows × columns vertices, outward normals and texture coordinates from corner to corner")
  func surface() throws {
    let world = try ClothWorld([ClothDefinition(name: "s", size: SIMD2(0.5, 0.3), spacing: 0.1, material: .silk)])
    let surface = world.surface(of: 0)
    #expect(surface.mesh.vertices.count == 24 && surface.mesh.triangles.count == 30)
    for normal in surface.normals { #expect((normal + .unitY).length < 1e-12) }
    #expect(surface.textureCoordinates.first == SIMD2(0, 1))
    #expect(surface.textureCoordinates.last == SIMD2(1, 0))
    let area = surface.mesh.triangles.indices.reduce(0.0) { sum, index in
      let (a, b, c) = surface.mesh.corners(index)
      return sum + (b - a).cross(c - a).length / 2
    }
    #expect(abs(area - 0.15) < 1e-12)
  }
}
