import Foundation
import Testing
import WorldCore

@Suite("Signed distance") struct SignedDistanceTests {
  /// A shape and an independent way to draw points of its surface.
  struct Case: Sendable, CustomTestStringConvertible {
    var shape: Shape
    var surface: @Sendable (inout RandomStream) -> Vector3
    var testDescription: String { String("\(shape)".prefix(40)) }
  }

  static func direction(_ stream: inout RandomStream) -> Vector3 {
    Vector3(stream.normal(), stream.normal(), stream.normal()).normalized
  }

  static func turn(_ stream: inout RandomStream) -> Vector3 {
    let angle = stream.uniform(in: 0...(2 * .pi))
    return Vector3(cos(angle), sin(angle), 0)
  }

  static func onBox(_ half: Vector3, _ stream: inout RandomStream) -> Vector3 {
    var p = Vector3(stream.uniform(in: -1...1), stream.uniform(in: -1...1), stream.uniform(in: -1...1))
    p[stream.index(below: 3)] = stream.uniform() < 0.5 ? -1 : 1
    return p * half
  }

  static let cases = [
    Case(shape: .sphere(radius: 0.7)) { direction(&$0) * 0.7 },
    Case(shape: .box(size: Vector3(1, 0.6, 1.4))) { onBox(Vector3(0.5, 0.3, 0.7), &$0) },
    Case(shape: .cylinder(radius: 0.5, height: 1.2)) { stream in
      let t = turn(&stream)
      return stream.uniform() < 0.5
        ? t * 0.5 + Vector3(0, 0, stream.uniform(in: -0.6...0.6))
        : t * (0.5 * stream.uniform()) + Vector3(0, 0, stream.uniform() < 0.5 ? -0.6 : 0.6)
    },
    Case(shape: .capsule(radius: 0.4, height: 0.9)) { stream in
      let d = direction(&stream)
      return stream.uniform() < 0.5
        ? d * 0.4 + Vector3(0, 0, d.z < 0 ? -0.45 : 0.45)
        : turn(&stream) * 0.4 + Vector3(0, 0, stream.uniform(in: -0.45...0.45))
    },
    Case(shape: .cone(radius: 0.9, height: 1.6)) { stream in
      let t = turn(&stream), u = stream.uniform()
      return stream.uniform() < 0.5 ? t * (0.9 * u) + Vector3(0, 0, -0.8) : t * (0.9 * u) + Vector3(0, 0, 0.8 - 1.6 * u)
    },
    Case(shape: .torus(radius: 0.6, tube: 0.3)) { stream in
      let t = turn(&stream), angle = stream.uniform(in: 0...(2 * .pi))
      return t * (0.6 + 0.3 * cos(angle)) + Vector3(0, 0, 0.3 * sin(angle))
    },
    Case(shape: .tank(size: Vector3(1, 0.8, 0.6), wall: 0.1)) { stream in
      // Outside and inside faces of the walls and floor; the rim follows from their edges.
      if stream.uniform() < 0.5 {
        var p = onBox(Vector3(0.6, 0.5, 0.35), &stream) + Vector3(0, 0, 0.25)
        if p.z > 0.599 { p.z = -0.1 }
        return p
      }
      var p = onBox(Vector3(0.5, 0.4, 0.3), &stream) + Vector3(0, 0, 0.3)
      if p.z > 0.599 { p.z = 0 }
      return p
    },
  ]

  @Test("a primitive's distance is exact: its foot is on the surface, and no surface point is nearer", arguments: cases)
  func exact(example: Case) {
    var stream = RandomStream(seed: 3, "surface")
    let surface = (0..<4000).map { _ in example.surface(&stream) }
    for point in surface.prefix(500) { #expect(abs(example.shape.signedDistance(at: point).distance) < 1e-12) }
    for _ in 0..<300 {
      let p = Vector3(stream.uniform(in: -1.2...1.2), stream.uniform(in: -1.2...1.2), stream.uniform(in: -1.2...1.2))
      let sample = example.shape.signedDistance(at: p)
      #expect(abs(sample.normal.length - 1) < 1e-12)
      let foot = p - sample.normal * sample.distance
      #expect(abs(example.shape.signedDistance(at: foot).distance) < 1e-9)
      let nearest = surface.map { ($0 - p).length }.min()!
      #expect(abs(sample.distance) < nearest + 1e-12)
    }
  }

  @Test("the normal is the gradient", arguments: cases)
  func gradient(example: Case) {
    var stream = RandomStream(seed: 4, "gradient")
    var bad = 0
    for _ in 0..<300 {
      let p = Vector3(stream.uniform(in: -1...1), stream.uniform(in: -1...1), stream.uniform(in: -1...1))
      func d(_ q: Vector3) -> Double { example.shape.signedDistance(at: q).distance }
      let e = 1e-6
      let slope = Vector3(
        d(p + .unitX * e) - d(p - .unitX * e), d(p + .unitY * e) - d(p - .unitY * e), d(p + .unitZ * e) - d(p - .unitZ * e))
      if (slope / (2 * e) - example.shape.signedDistance(at: p).normal).length > 1e-4 { bad += 1 }
    }
    // A draw within 1e-6 of the medial axis would differ.
    #expect(bad <= 1)
  }

  @Test("inside is negative, outside positive", arguments: cases)
  func sign(example: Case) throws {
    // The volume where the distance is negative is the shape's.
    let volume = try #require(example.shape.massProperties(density: 1)).mass
    var stream = RandomStream(seed: 7, "volume")
    var inside = 0
    let draws = 400_000
    for _ in 0..<draws {
      let p = Vector3(stream.uniform(in: -1.3...1.3), stream.uniform(in: -1.3...1.3), stream.uniform(in: -1.3...1.3))
      if example.shape.signedDistance(at: p).distance < 0 { inside += 1 }
    }
    let counted = Double(inside) * 17.576 / Double(draws)
    // Counting so many draws is good to 2 % of the smallest of the volumes (one standard deviation).
    #expect(abs(counted - volume) < 0.06 * volume)
  }

  /// A closed box with its faces split into a grid, twisted so that it has sharp edges and hollows.
  static let twisted: TriangleMesh = {
    let n = 6
    var vertices: [Vector3] = []
    var numbers: [SIMD3<Int>: Int32] = [:]
    var triangles: [SIMD3<Int32>] = []
    func vertex(_ p: SIMD3<Int>) -> Int32 {
      if let known = numbers[p] { return known }
      let q = Vector3(Double(p.x), Double(p.y), Double(p.z)) / Double(n) - 0.5
      let turn = Quaternion(axis: .unitZ, angle: 1.5 * q.z)
      vertices.append(turn.rotate(q * (1 + 0.6 * sin(9 * q.z))))
      numbers[p] = Int32(vertices.count - 1)
      return Int32(vertices.count - 1)
    }
    for axis in 0..<3 {
      for side in [0, n] {
        for i in 0..<n {
          for j in 0..<n {
            func corner(_ di: Int, _ dj: Int) -> Int32 {
              var p = SIMD3<Int>.zero
              p[axis] = side
              p[(axis + 1) % 3] = i + di
              p[(axis + 2) % 3] = j + dj
              return vertex(p)
            }
            let (a, b, c, d) = (corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1))
            triangles += side == n ? [SIMD3(a, b, c), SIMD3(a, c, d)] : [SIMD3(a, c, b), SIMD3(a, d, c)]
          }
        }
      }
    }
    return TriangleMesh(vertices: vertices, triangles: triangles)
  }()

  @Test("a mesh's distance is that of its nearest triangle, signed by the solid angle it subtends")
  func mesh() {
    let mesh = Self.twisted
    #expect(mesh.isClosed)
    let field = SignedDistanceField(.mesh(mesh))
    var stream = RandomStream(seed: 5, "mesh")
    for _ in 0..<800 {
      let p = Vector3(stream.uniform(in: -0.9...0.9), stream.uniform(in: -0.9...0.9), stream.uniform(in: -0.9...0.9))
      var nearest = Double.infinity
      var solidAngle = 0.0
      for index in mesh.triangles.indices {
        let (a, b, c) = mesh.corners(index)
        nearest = min(nearest, (TriangleClosestPoint(to: p, on: a, b, c).point - p).length)
        // Van Oosterom & Strackee 1983.
        let (u, v, w) = (a - p, b - p, c - p)
        let (lu, lv, lw) = (u.length, v.length, w.length)
        let denominator = lu * lv * lw + u.dot(v) * lw + u.dot(w) * lv + v.dot(w) * lu
        solidAngle += 2 * atan2(u.dot(v.cross(w)), denominator)
      }
      let expected = abs(solidAngle) > 2 * .pi ? -nearest : nearest
      #expect(abs(field.sample(at: p).distance - expected) < 1e-12)
    }
  }

  @Test("a point's foot on a triangle is the nearest of a fine sample")
  func triangle() {
    var stream = RandomStream(seed: 6, "triangle")
    for _ in 0..<100 {
      func point() -> Vector3 { Vector3(stream.normal(), stream.normal(), stream.normal()) }
      let (a, b, c, p) = (point(), point(), point(), point())
      let hit = TriangleClosestPoint(to: p, on: a, b, c)
      #expect((a * hit.weights.x + b * hit.weights.y + c * hit.weights.z - hit.point).length < 1e-12)
      #expect(hit.weights.min() >= 0 && abs(hit.weights.sum() - 1) < 1e-12)
      for _ in 0..<200 {
        let u = stream.uniform(), v = stream.uniform()
        let (s, t) = u + v < 1 ? (u, v) : (1 - u, 1 - v)
        #expect((a + (b - a) * s + (c - a) * t - p).length >= (hit.point - p).length - 1e-12)
      }
    }
  }

  @Test("a compound is the union of its parts, an empty one nowhere")
  func compound() {
    let ball = Shape.Part(shape: .sphere(radius: 0.3), compoundFromPart: RigidTransform(translation: Vector3(1, 0, 0)))
    let turned = RigidTransform(rotation: Quaternion(axis: .unitZ, angle: .pi / 2), translation: .zero)
    let bar = Shape.Part(shape: .box(size: Vector3(2, 0.2, 0.2)), compoundFromPart: turned)
    let shape = Shape.compound([ball, bar])
    #expect(abs(shape.signedDistance(at: Vector3(1.5, 0, 0)).distance - 0.2) < 1e-12)
    let above = shape.signedDistance(at: Vector3(0, 0.9, 0.5))
    #expect(abs(above.distance - 0.4) < 1e-12)
    #expect((above.normal - .unitZ).length < 1e-12)
    #expect(Shape.compound([]).signedDistance(at: .zero).distance == .infinity)
    #expect(Shape.plane(normal: Vector3(0, 0, 2)).signedDistance(at: Vector3(1, 2, -3)).distance == -3)
  }
}
