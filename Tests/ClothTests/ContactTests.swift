import Cloth
import Foundation
import Testing
import WorldCore

@Suite("Contact") struct ContactTests {
  static let mesh: TriangleMesh = {
    // A tetrahedron, closed and sharp.
    let s = 0.3
    let v = [Vector3(s, s, s), Vector3(s, -s, -s), Vector3(-s, s, -s), Vector3(-s, -s, s)]
    return TriangleMesh(vertices: v, triangles: [SIMD3(0, 1, 2), SIMD3(0, 3, 1), SIMD3(0, 2, 3), SIMD3(1, 3, 2)])
  }()

  static let shapes: [Shape] = [
    .sphere(radius: 0.25), .box(size: Vector3(0.4, 0.4, 0.3)), .cylinder(radius: 0.2, height: 0.3),
    .capsule(radius: 0.12, height: 0.3), .cone(radius: 0.25, height: 0.3), .torus(radius: 0.2, tube: 0.06),
    .plane(normal: .unitZ), .tank(size: Vector3(0.4, 0.4, 0.2), wall: 0.03), .mesh(mesh),
    .compound([
      Shape.Part(shape: .sphere(radius: 0.15), compoundFromPart: RigidTransform(translation: Vector3(0.12, 0, 0))),
      Shape.Part(
        shape: .box(size: Vector3(0.2, 0.2, 0.2)), compoundFromPart: RigidTransform(translation: Vector3(-0.15, 0, 0))),
    ]),
  ]

  static func top(_ shape: Shape) -> Double {
    switch shape {
    case .sphere: 0.25
    case .capsule: 0.27
    case .torus: 0.06
    case .plane: 0
    case .tank: 0.2
    case .mesh: 0.3
    default: 0.15
    }
  }

  @Test("a cloth falls on every shape, stays out of it, and keeps its length", arguments: shapes)
  func drape(shape: Shape) throws {
    let world = try ClothWorld(
      [TestCloths.flat(0.6, spacing: 0.04, height: Self.top(shape) + 0.02, turned: 0.3)], air: ClothAir())
    let collider = ClothCollider(id: 0, field: SignedDistanceField(shape), worldFromShape: .identity, friction: 0.5)
    var (deepest, strain) = (-1.0, 0.0)
    for step in 0..<240 {
      _ = try world.step(1.0 / 240, colliders: [collider])
      guard step % 12 == 11 else { continue }
      deepest = max(deepest, TestCloths.penetration(world, collider.field, .identity))
      strain = max(strain, world.greatestStrain(of: 0))
    }
    #expect(deepest < 2e-3)
    #expect(strain < 0.02)
  }

  @Test("on a sphere and over a box it comes to rest", arguments: [shapes[0], shapes[1]])
  func rest(shape: Shape) throws {
    let world = try ClothWorld([TestCloths.flat(0.6, spacing: 0.05, height: Self.top(shape) + 0.02)], air: ClothAir())
    let collider = ClothCollider(id: 0, field: SignedDistanceField(shape), worldFromShape: .identity, friction: 0.5)
    var fallen = 0.0
    for step in 0..<960 {
      _ = try world.step(1.0 / 240, colliders: [collider])
      if step < 240 { fallen = max(fallen, world.energy.kinetic) }
    }
    // Over the box, whose corners lie right under nodes, a tremor of some 0.1 mm remains.
    #expect(world.energy.kinetic < 5e-3 * fallen)
  }

  @Test("friction holds a sheet on a slope below atan µ and lets it slide above", arguments: [(0.4, true), (0.6, false)])
  func slope(tangent: Double, holds: Bool) throws {
    let normal = Vector3(-tangent, 0, 1).normalized
    let tilt = Quaternion(from: .unitZ, to: normal)
    var sheet = TestCloths.flat(0.3, spacing: 0.05, material: .denim)
    sheet.worldFromCloth = RigidTransform(
      rotation: tilt * TestCloths.lying, translation: normal * (sheet.material.thickness / 2))
    let world = try ClothWorld([sheet])
    let plane = ClothCollider(
      id: 0, field: SignedDistanceField(.plane(normal: normal)), worldFromShape: .identity, friction: 0.5)
    let start = world.positions(of: 0)
    for _ in 0..<240 { _ = try world.step(1.0 / 240, colliders: [plane]) }
    let moved = zip(world.positions(of: 0), start).map { ($0 - $1).length }.max()!
    // ½(g sin θ − µ g cos θ)t² down the slope.
    let expected = 0.5 * 9.81 * (tangent - 0.5) / (1 + tangent * tangent).squareRoot()
    if holds { #expect(moved < 1e-4) } else { #expect(abs(moved / expected - 1) < 0.02) }
  }

  @Test("a small fast ball doesn't slip through", arguments: [5.0, 20.0])
  func fastBall(speed: Double) throws {
    let pins = ["top", "bottom", "left", "right"].map { ClothPin(.name($0)) }
    let world = try ClothWorld([TestCloths.flat(0.4, spacing: 0.04, pins: pins)])
    let properties = try #require(Shape.sphere(radius: 0.01).massProperties(density: 1000))
    let field = SignedDistanceField(.sphere(radius: 0.01))
    var ball = BodyState(position: Vector3(0.011, 0.013, 0.08), velocity: Vector3(0, 0, -speed))
    for _ in 0..<24 {
      let report = try world.step(
        1.0 / 240,
        colliders: [
          ClothCollider(
            id: 0, field: field, worldFromShape: ball.worldFromBody, velocity: ball.velocity, friction: 0.3,
            massProperties: properties)
        ])
      // So fast a ball takes its place from the report: its own step would carry it on with the speed it has lost.
      ball.velocity = report.bodies[0].velocity
      ball.position = report.bodies[0].worldFromShape.translation
    }
    // It is thrown back, or at least still above the cloth beneath it.
    let nearest = world.positions(of: 0).min { ($0 - ball.position).length < ($1 - ball.position).length }!
    #expect(ball.velocity.z > -0.5)
    #expect(ball.position.z > nearest.z - 0.02)
  }

  @Test("a sheet folded onto itself keeps its layers apart")
  func fold() throws {
    // A strip bent over into a U on its side, let go above the floor: the upper layer falls on the lower one.
    let sheet = TestCloths.flat(0.4, spacing: 0.025, material: .denim)
    let world = try ClothWorld([sheet], air: ClothAir())
    let flat = world.positions(of: 0)
    let radius = 0.03
    let folded = flat.map { p in
      let s = p.x
      if s < 0 { return Vector3(s, p.y, 0.0005) }
      let angle = s / radius
      if angle < .pi { return Vector3(radius * sin(angle), p.y, 0.0005 + radius * (1 - cos(angle))) }
      return Vector3(.pi * radius - s, p.y, 0.0005 + 2 * radius)
    }
    world.set(positions: folded, velocities: [Vector3](repeating: .zero, count: flat.count), of: 0)
    let floor = ClothCollider(
      id: 0, field: SignedDistanceField(.plane(normal: .unitZ)), worldFromShape: .identity, friction: 0.5)
    for _ in 0..<360 { _ = try world.step(1.0 / 240, colliders: [floor]) }
    let nodes = world.positions(of: 0)
    let (rows, columns) = (world.rows(of: 0), world.columns(of: 0))
    // Where the right half lies over the left one, it is above it.
    var covered = 0
    for row in 1..<rows - 1 {
      for column in columns * 3 / 4..<columns - 1 {
        let upper = nodes[row * columns + column]
        let below = (0..<columns / 2).map { nodes[row * columns + $0] }.min { abs($0.x - upper.x) < abs($1.x - upper.x) }!
        guard abs(below.x - upper.x) < 0.0125 else { continue }
        covered += 1
        #expect(upper.z - below.z > 0.5 * sheet.material.thickness)
      }
    }
    #expect(covered > 20)
    #expect(world.energy.kinetic < 1e-4)
  }
}
