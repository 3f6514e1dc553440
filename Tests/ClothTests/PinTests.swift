import Cloth
import Foundation
import Testing
import WorldCore

@Suite("Pins") struct PinTests {
  static func flag(_ pins: [ClothPin]) -> ClothDefinition {
    ClothDefinition(name: "flag", size: SIMD2(1.2, 0.8), spacing: 0.1, material: .cotton, pins: pins)
  }

  @Test("the grid follows from size and spacing")
  func grid() {
    let flag = ClothDefinition(name: "flag", size: SIMD2(1.2, 0.8), spacing: 0.03, material: .cotton)
    #expect(flag.rows == 28 && flag.columns == 41)
  }

  @Test("names, nodes and points find the nodes they mean")
  func places() throws {
    func held(_ place: ClothPin.Place) throws -> [Int] { try ClothWorld([Self.flag([ClothPin(place)])]).heldNodes(of: 0) }
    // 9 rows of 13.
    #expect(try held(.name("top-left")) == [0])
    #expect(try held(.name("top-right")) == [12])
    #expect(try held(.name("bottom-left")) == [104])
    #expect(try held(.name("bottom-right")) == [116])
    #expect(try held(.name("center")) == [58])
    #expect(try held(.name("left-center")) == [52])
    #expect(try held(.name("top-center")) == [6])
    #expect(try held(.name("top")) == Array(0...12))
    #expect(try held(.name("right")) == (0..<9).map { 13 * $0 + 12 })
    #expect(try held(.node(row: 2, column: 3)) == [29])
    #expect(try held(.point(Vector3(-0.58, 0, 0.41))) == [0])
    for name in ClothPin.names { #expect(try !held(.name(name)).isEmpty) }
  }

  @Test("a pin tears off where the load exceeds its strength, and says when")
  func tear() throws {
    // 0.12 · 0.96 · 9.81 = 1.13 N hang from two corners.
    let weak = Self.flag([ClothPin(.name("top-left"), strength: 0.3), ClothPin(.name("top-right"), strength: 50)])
    let world = try ClothWorld([weak])
    var tears: [ClothStepReport.Tear] = []
    for _ in 0..<240 { tears += try world.step(1.0 / 240).tears }
    #expect(tears.count == 1)
    let tear = try #require(tears.first)
    #expect(tear.cloth == "flag" && tear.row == 0 && tear.column == 0)
    #expect(tear.force > 0.3 && tear.time > 0 && tear.time < 1)
    #expect(world.heldNodes(of: 0) == [12])
    #expect(world.positions(of: 0)[0].z < 0.3)
  }

  @Test("a pin on a moving body follows it, and pulls it with all that the cloth needs")
  func carried() throws {
    let world = try ClothWorld([Self.flag([ClothPin(.name("top"), to: .body(3))])])
    let mass = world.masses(of: 0).reduce(0, +)
    var position = Vector3(0, 0, 1)
    for step in 0..<120 {
      let before = world.momentum.linear
      let speed = Vector3(0.5, 0, 0)
      let holder = ClothCollider(
        id: 3, field: SignedDistanceField(.sphere(radius: 0.1)), worldFromShape: RigidTransform(translation: position),
        velocity: speed)
      let report = try world.step(1.0 / 240, colliders: [holder])
      position += speed / 240
      let balance = world.momentum.linear - before + report.bodies[0].linear - Vector3(0, 0, -9.81) * (mass / 240)
      #expect(balance.length < 1e-11)
      if step == 119 { #expect((world.positions(of: 0)[0] - Vector3(-0.6 + 0.25, 0, 0.4)).length < 1e-9) }
    }
  }

  @Test("a body hung from a cloth swings below it, momentum balanced")
  func hung() throws {
    var sheet = Self.flag([ClothPin(.name("top")), ClothPin(.name("bottom-center"), to: .body(0))])
    sheet.size = SIMD2(0.4, 0.4)
    sheet.spacing = 0.05
    let world = try ClothWorld([sheet], air: ClothAir())
    let properties = try #require(Shape.sphere(radius: 0.03).massProperties(density: 1000))
    let gravity = Vector3(0, 0, -9.81)
    let mass = world.masses(of: 0).reduce(0, +)
    var ball = BodyState(position: Vector3(0, 0, -0.23))
    for _ in 0..<480 {
      let before = world.momentum.linear
      let report = try world.step(
        1.0 / 240,
        colliders: [
          ClothCollider(
            id: 0, field: SignedDistanceField(.sphere(radius: 0.03)), worldFromShape: ball.worldFromBody,
            velocity: ball.velocity,
            angularVelocity: ball.angularVelocity, acceleration: gravity, massProperties: properties)
        ])
      let impulse = report.bodies[0]
      let outer = report.pinImpulse + report.airImpulse + gravity * (mass / 240)
      #expect((world.momentum.linear - before + impulse.linear - outer).length < 1e-11)
      ball.velocity += impulse.linear / properties.mass + gravity / 240
      ball.angularVelocity += impulse.angular / properties.inertia.diagonal.x
      ball.position += ball.velocity / 240
      ball.orientation = (Quaternion(rotationVector: ball.angularVelocity / 240) * ball.orientation).normalized
    }
    #expect(abs(ball.position.z + 0.23) < 0.02)
    // A pendulum in still air: it swings on, by less than half a centimetre.
    #expect(ball.velocity.length < 0.3)
  }

  @Test("bad input is refused with what, where and what to do")
  func errors() {
    func fault(_ change: (inout ClothDefinition) -> Void) -> String {
      var cloth = Self.flag([])
      change(&cloth)
      do {
        _ = try ClothWorld([cloth])
        return "accepted"
      } catch { return error.description }
    }
    #expect(fault { $0.size.x = -1 } == "cloth 'flag': size and spacing must be positive and finite lengths in metres")
    #expect(
      fault { $0.spacing = 0.6 }
        == "cloth 'flag': a spacing of 0.6 m leaves fewer than two cells along an edge; take at most 0.4 m")
    #expect(
      fault { $0.spacing = 1e-4 }
        == "cloth 'flag': the spacing asks for 96020001 nodes, more than 1000000; take a wider spacing")
    #expect(fault { $0.material.arealDensity = 0 } == "cloth 'flag': the material's areal density is 0.0, which no cloth has")
    #expect(fault { $0.material.shear = .nan } == "cloth 'flag': the material's shear is nan, which no cloth has")
    #expect(
      fault { $0.pins = [ClothPin(.name("topleft"))] }
        == "cloth 'flag': no pin is called 'topleft'; the names are top-left, top-right, bottom-left, bottom-right, "
        + "top-center, bottom-center, left-center, right-center, center, top, bottom, left, right")
    #expect(
      fault { $0.pins = [ClothPin(.node(row: 9, column: 0))] }
        == "cloth 'flag': a pin at row 9, column 0 is outside the 9 rows and 13 columns")
    #expect(
      fault { $0.pins = [ClothPin(.point(Vector3(1.6, 0, 0.4)))] }.hasPrefix(
        "cloth 'flag': a pin's point is 1.0 m from the cloth"))
  }

  @Test("a world that can't go on says so")
  func running() throws {
    let world = try ClothWorld([Self.flag([ClothPin(.name("top"), to: .body(5))])])
    #expect(throws: ClothError.noSuchBody(cloth: "flag", body: 5)) { try world.step(0.01) }
    #expect(
      ClothError.noSuchBody(cloth: "flag", body: 5).description
        == "cloth 'flag': a pin holds on to collider 5, which the step was not given")
    let falling = try ClothWorld([Self.flag([])])
    #expect(throws: ClothError.badDuration(0)) { try falling.step(0) }
    #expect(ClothError.badDuration(0).description == "a step of 0.0 s can't be taken; its duration must be positive and finite")
    #expect(throws: ClothError.self) { try falling.relax(limit: 0.1) }
    #expect(
      ClothError.notAtRest(time: 2, kineticEnergy: 0.5).description
        == "the cloths still move after 2.0 s (kinetic energy 0.5 J); pin them or give them something to rest on")
    // A node put nowhere.
    var nodes = falling.positions(of: 0)
    nodes[15].x = .nan
    falling.set(positions: nodes, velocities: falling.velocities(of: 0), of: 0)
    do {
      _ = try falling.step(1.0 / 240)
      Issue.record("a node that is nowhere went unnoticed")
    } catch {
      #expect("\(error)".hasPrefix("cloth 'flag': the node at row "))
      #expect("\(error)".contains("has no finite place at "))
    }
  }
}
