import Testing
import WorldCore

/// What shapes break into.
@Suite struct FractureTests {
  static let shapes: [(name: String, shape: Shape)] = [
    ("pane", .box(size: Vector3(0.4, 0.6, 0.01))), ("rod", .box(size: Vector3(0.05, 0.04, 1))),
    ("cube", .box(size: Vector3(repeating: 0.3))),
    ("ball", .sphere(radius: 0.1)), ("column", .cylinder(radius: 0.1, height: 0.5)),
    ("capsule", .capsule(radius: 0.1, height: 0.2)),
    ("cone", .cone(radius: 0.1, height: 0.3)), ("ring", .torus(radius: 0.2, tube: 0.04)),
    ("tank", .tank(size: Vector3(0.4, 0.3, 0.2), wall: 0.02)),
  ]

  /// The pieces fill the whole: mass, centre of mass and inertia of their sum are its own, to the last digits where all faces
  /// are flat and to what 32 facets miss of a circle, 1 − sinc(π/16) = 0.64 % in volume, elsewhere (twice that about, in
  /// moments and for a ball).
  @Test(arguments: shapes.indices, [2, 5, 12, 40])
  func piecesFillTheWhole(index: Int, count: Int) throws {
    let (name, shape) = Self.shapes[index]
    var random = RandomStream(seed: 3, name)
    let pieces = shape.pieces(count, random: &random)
    if name != "tank" { #expect(pieces.count == count) }
    let whole = try #require(shape.massProperties(density: 1000))
    let solids = try pieces.map { try #require($0.shape.massProperties(density: 1000)).placed(by: $0.compoundFromPart) }
    let sum = MassProperties.sum(solids)
    let isFlat = ["pane", "rod", "cube", "tank"].contains(name)
    let (bound, size) = (isFlat ? 1e-9 : name == "ring" ? 0.06 : 0.035, 1.0)
    #expect(abs(sum.mass / whole.mass - 1) < bound)
    #expect((sum.centerOfMass - whole.centerOfMass).length < (isFlat ? 1e-9 : 1e-3) * size)
    for axis in 0..<3 { #expect(abs(sum.inertia.diagonal[axis] / whole.inertia.diagonal[axis] - 1) < bound) }
    #expect(sum.inertia.offDiagonal.length < 1e-3 * whole.inertia.diagonal.max())
    // Each is closed about its own centre of mass, and no sliver.
    for (piece, solid) in zip(pieces, solids) {
      guard case .mesh(let mesh) = piece.shape else { continue }
      #expect(mesh.isClosed)
      if name != "ring" { #expect(mesh.isConvex) }
      #expect((solid.centerOfMass - piece.compoundFromPart.translation).length < 1e-9)
      #expect(solid.mass > 0.02 * whole.mass / Double(count))
    }
  }

  /// Every piece of a pane is a prism as thick as the pane: it is even about the middle plane.
  @Test func thinThingsAreCutRightThrough() throws {
    var random = RandomStream(seed: 1, "pane")
    for piece in Shape.box(size: Vector3(0.4, 0.6, 0.01)).pieces(12, random: &random) {
      guard case .mesh(let mesh) = piece.shape else { continue }
      let solid = try #require(piece.shape.massProperties(density: 1000))
      #expect(abs(piece.compoundFromPart.translation.z) < 1e-12)
      #expect(max(abs(solid.inertia.offDiagonal.x), abs(solid.inertia.offDiagonal.y)) < 1e-12)
      let area = mesh.triangles.indices.reduce(0.0) { sum, index in
        let (a, b, c) = mesh.corners(index)
        return a.z > 0 && b.z > 0 && c.z > 0 && min(a.z, b.z, c.z) > 0.005 - 1e-12 ? sum + (b - a).cross(c - a).z / 2 : sum
      }
      #expect(abs(solid.mass - 1000 * area * 0.01) < 1e-9)
    }
  }

  @Test func sameSeedSamePieces() {
    func cut(_ seed: UInt64) -> [Shape.Part] {
      var random = RandomStream(seed: seed, "pane")
      return Shape.box(size: Vector3(0.4, 0.6, 0.1)).pieces(7, random: &random)
    }
    #expect(cut(4) == cut(4))
    #expect(cut(4) != cut(5))
  }

  @Test func whatCanNotBreakHasNoPieces() {
    var random = RandomStream(seed: 1, "")
    #expect(Shape.plane(normal: .unitZ).pieces(5, random: &random).isEmpty)
    // An L: closed, but not convex.
    let l = Shape.compound([.init(shape: .mesh(TriangleMesh(vertices: [], triangles: [])))])
    #expect(l.pieces(5, random: &random).isEmpty)
  }
}
