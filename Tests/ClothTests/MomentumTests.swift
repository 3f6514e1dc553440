import Cloth
import Foundation
import Testing
import WorldCore

@Suite("Momentum") struct MomentumTests {
  @Test("a free sheet falls by gravity alone, and keeps its spin")
  func free() throws {
    var sheet = TestCloths.flat(0.5, spacing: 0.05)
    sheet.velocity = Vector3(1, 2, 3)
    sheet.angularVelocity = Vector3(2, 1, 4)
    let world = try ClothWorld([sheet])
    let mass = world.masses(of: 0).reduce(0, +)
    #expect(abs(mass - 0.03) < 1e-12)
    let start = world.momentum
    for _ in 0..<120 { _ = try world.step(1.0 / 240) }
    let end = world.momentum
    #expect((end.linear - start.linear - Vector3(0, 0, -9.81) * (mass * 0.5)).length < 1e-9 * start.linear.length)
    // About the centre of mass: subtract what gravity does about the origin.
    let center = zip(world.positions(of: 0), world.masses(of: 0)).reduce(Vector3.zero) { $0 + $1.0 * $1.1 } / mass
    let spin = end.angular - center.cross(end.linear)
    // Implicit bending and shear cost some; the rigid part of a substep is exact.
    #expect((spin - start.angular).length < 0.02 * start.angular.length)
  }

  @Test("pins and air answer for every change of momentum")
  func pinned() throws {
    let flag = ClothDefinition(
      name: "flag", size: SIMD2(0.6, 0.4), spacing: 0.05, material: .cotton,
      pins: [ClothPin(.name("top-left")), ClothPin(.name("bottom-left"))])
    let world = try ClothWorld([flag], air: ClothAir(wind: Vector3(3, 1, 0)))
    let mass = world.masses(of: 0).reduce(0, +)
    for _ in 0..<60 {
      let before = world.momentum.linear
      let report = try world.step(1.0 / 240)
      let given = report.pinImpulse + report.airImpulse + Vector3(0, 0, -9.81) * (mass / 240)
      #expect((world.momentum.linear - before - given).length < 1e-12)
    }
  }

  @Test("at rest the pins bear the weight")
  func weight() throws {
    let sheet = ClothDefinition(
      name: "sheet", size: SIMD2(0.4, 0.4), spacing: 0.05, material: .canvas, pins: [ClothPin(.name("top"))])
    let world = try ClothWorld([sheet])
    try world.relax()
    let report = try world.step(0.1)
    #expect(abs(report.pinImpulse.z / (0.5 * 0.16 * 9.81 * 0.1) - 1) < 1e-3)
  }

  /// A ball and a sheet held at its edges: every impulse that the sheet reports is applied to the ball.
  @Test("a ball dropped into a held sheet: momentum balances and the ball comes to rest", arguments: [0.0, 3.0])
  func ballInSheet(spin: Double) throws {
    let pins = ["top", "bottom", "left", "right"].map { ClothPin(.name($0)) }
    let world = try ClothWorld([TestCloths.flat(0.8, spacing: 0.05, material: .rubberSheet, pins: pins)], air: ClothAir())
    let field = SignedDistanceField(.sphere(radius: 0.1))
    let properties = try #require(Shape.sphere(radius: 0.1).massProperties(density: 100))
    var ball = BodyState(position: Vector3(0, 0, 0.2), angularVelocity: Vector3(0, spin, 0))
    let gravity = Vector3(0, 0, -9.81)
    let dt = 1.0 / 240
    let clothMass = world.masses(of: 0).reduce(0, +)
    var worst = (linear: 0.0, angular: 0.0), deepest = 0.0
    for step in 0..<1920 {
      let clothBefore = world.momentum
      let collider = ClothCollider(
        id: 7, field: field, worldFromShape: ball.worldFromBody, velocity: ball.velocity, angularVelocity: ball.angularVelocity,
        acceleration: gravity, friction: 0.5, massProperties: properties)
      let report = try world.step(dt, colliders: [collider])
      let impulse = report.bodies[0]
      let linear = world.momentum.linear - clothBefore.linear + impulse.linear
      let outer = report.pinImpulse + report.airImpulse + gravity * (clothMass * dt)
      worst.linear = max(worst.linear, (linear - outer).length)
      ball.velocity += impulse.linear / properties.mass + gravity * dt
      #expect((ball.velocity - impulse.velocity).length < 1e-9)
      ball.angularVelocity = impulse.angularVelocity
      ball.position = impulse.worldFromShape.translation
      ball.orientation = impulse.worldFromShape.rotation
      if step % 4 == 0 { deepest = max(deepest, TestCloths.penetration(world, field, ball.worldFromBody)) }
    }
    #expect(worst.linear < 1e-9)
    #expect(deepest < 2e-3)
    // The bounce is over; it rolls on in the hollow, which no rolling friction ends soon: a hundredth of the drop's energy.
    #expect(ball.velocity.lengthSquared < 0.01 * 2 * 9.81 * (0.2 - ball.position.z) * (spin == 0 ? 1 : 3))
    #expect(abs(ball.velocity.z) < 0.1)
    #expect(ball.position.z < 0.1 && ball.position.z > -0.3)
  }

  @Test("the exchange of angular momentum is exact where only contact acts")
  func contactMoment() throws {
    // A cloth without stiffness: within one step only the impact acts on it.
    var sheet = TestCloths.flat(0.4, spacing: 0.05)
    sheet.material.warpStretch = 1e-12
    sheet.material.weftStretch = 1e-12
    sheet.material.shear = 0
    sheet.material.warpBending = 0
    sheet.material.weftBending = 0
    let world = try ClothWorld([sheet], gravity: .zero)
    let properties = try #require(Shape.sphere(radius: 0.05).massProperties(density: 200))
    let center = Vector3(0.02, 0.01, 0.051)
    let collider = ClothCollider(
      id: 0, field: SignedDistanceField(.sphere(radius: 0.05)), worldFromShape: RigidTransform(translation: center),
      velocity: Vector3(0.3, 0, -1), friction: 0.4, massProperties: properties)
    let report = try world.step(1.0 / 240, colliders: [collider])
    let (linear, angular) = world.momentum
    let body = report.bodies[0]
    #expect(body.touched && body.linear.z > 0)
    #expect((linear + body.linear).length < 1e-12)
    let moment = body.angular + center.cross(body.linear)
    #expect((angular + moment).length < 1e-12)
  }
}
