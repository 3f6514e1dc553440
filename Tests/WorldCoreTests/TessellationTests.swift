import Foundation
import Testing
import WorldCore

@Suite("Tessellation") struct TessellationTests {
  static let solids: [Shape] = [
    .sphere(radius: 0.8), .box(size: Vector3(1, 0.6, 1.4)), .cylinder(radius: 0.5, height: 1.2),
    .capsule(radius: 0.4, height: 0.9),
    .cone(radius: 0.9, height: 1.6), .torus(radius: 0.6, tube: 0.3), .tank(size: Vector3(1, 0.8, 0.6), wall: 0.1),
  ]

  @Test("is closed, wound outwards, and fills the shape in the limit of many facets", arguments: solids)
  func volume(shape: Shape) throws {
    let exact = try #require(shape.massProperties(density: 1))
    var errors: [Double] = []
    for segments in [24, 96] {
      let mesh = shape.tessellated(segments: segments)
      #expect(mesh.isClosed)
      let filled = try #require(Shape.mesh(mesh).massProperties(density: 1))
      errors.append(abs(filled.mass - exact.mass) / exact.mass)
      #expect((filled.centerOfMass - exact.centerOfMass).length < 1e-3)
    }
    // Chords miss arcs by a part that falls with the square of the number of facets; flat shapes have no error at all.
    #expect(errors[1] < 0.005 && errors[1] <= errors[0] / 12 + 1e-12)
  }

  @Test("a plane becomes a square that faces its normal; a compound is its placed parts")
  func planeAndCompound() {
    let plane = Shape.plane(normal: Vector3(1, 2, 2)).tessellated(planeExtent: 6)
    let (a, b, c) = plane.corners(0)
    #expect(((b - a).cross(c - a).normalized - Vector3(1, 2, 2) / 3).length < 1e-12)
    #expect(abs((b - a).length - 6) < 1e-12)
    let part = Shape.Part(shape: .box(size: Vector3(1, 1, 1)), compoundFromPart: RigidTransform(translation: Vector3(5, 0, 0)))
    let compound = Shape.compound([part, part]).tessellated()
    #expect(compound.triangles.count == 24 && compound.vertices.allSatisfy { abs($0.x - 5) <= 0.5 })
  }
}
