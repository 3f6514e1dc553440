import Cloth
import Foundation
import SceneDescription
import Testing
import WorldCore
import WorldSimulation

@Suite("Cloth beside rigid bodies") struct ClothSimulationTests {
  static func sheet(
    _ name: String = "sheet", fabric: String = "cotton", size: Double = 0.6, at position: Vector3 = .zero,
    pins: [SceneDescription.Cloth.Pin] = [], spacing: Double = 0.06
  ) -> SceneDescription.Cloth {
    SceneDescription.Cloth(
      name: name, size: SIMD2(size, size), fabric: Fabric.library[fabric]!,
      worldFromCloth: RigidTransform(translation: position), pins: pins, spacing: spacing)
  }

  static func scene(
    _ bodies: [Body], _ cloths: [SceneDescription.Cloth], gravity: Double = 9.81, air: Scene.Air? = nil, duration: Double = 0.5
  ) -> Scene {
    Scene(
      name: "test", seed: 3, duration: duration, gravity: Vector3(0, 0, -gravity), air: air, bodies: bodies, cloths: cloths)
  }

  static func ball(at position: Vector3, velocity: Vector3, radius: Double = 0.08, mass: Double = 0.4) -> Body {
    Body(
      name: "ball", shape: .sphere(radius: radius), mass: mass, worldFromShape: RigidTransform(translation: position),
      velocity: velocity)
  }

  @Test("the scene's fabrics are those of the engine", arguments: ClothMaterial.all)
  func fabrics(material: ClothMaterial) throws {
    let fabric = try #require(Fabric.library[material.name == "rubber sheet" ? "rubber-sheet" : material.name])
    #expect(fabric.arealDensity == material.arealDensity && fabric.thickness == material.thickness)
    #expect(fabric.stretchStiffness == SIMD2(material.weftStretch, material.warpStretch))
    #expect(fabric.bendStiffness == SIMD2(material.weftBending, material.warpBending))
    #expect(fabric.shearStiffness == material.shear && fabric.friction == material.friction)
    #expect(fabric.membraneDamping == material.membraneDamping && fabric.bendingDamping == material.bendingDamping)
    #expect(fabric.dragCoefficient == material.normalDrag && fabric.porosity == material.porosity)
    #expect(fabric.solidDensity == material.solidDensity)
  }

  @Test(
    "what a ball gives a free sheet the ball has lost, to the last bits", arguments: [2.0, 8, 30], [0.02, 0.4, 5])
  func momentum(speed: Double, mass: Double) throws {
    let ball = Self.ball(at: Vector3(0.03, -0.02, 0.1), velocity: Vector3(0.3, 0, -speed), mass: mass)
    let trajectory = try Simulation(of: Self.scene([ball], [Self.sheet()], gravity: 0, duration: 0.2)).run()
    let start = trajectory.momentum.linear[0]
    for momentum in trajectory.momentum.linear { #expect((momentum - start).length < 1e-10 * start.length) }
    let change = trajectory.bodies[0].states.last!.velocity - trajectory.bodies[0].states[0].velocity
    #expect(change.z > 0.01)
  }

  /// Free fall over the gap between the ball's and the cloth's surfaces tells when the contact begins and how fast.
  @Test("contacts of cloths begin and end as events, and documents keep them")
  func contactsAreTold() throws {
    let pins = [SceneDescription.Cloth.Part.top, .bottom, .left, .right].map { SceneDescription.Cloth.Pin(.part($0)) }
    let ball = Self.ball(at: Vector3(0, 0, 0.28), velocity: .zero)
    var sheet = Self.sheet(fabric: "rubber", pins: pins)
    sheet.spacing = 0.03
    let trajectory = try Simulation(of: Self.scene([ball], [sheet], duration: 0.6)).run()
    let told = trajectory.contacts.filter { $0.involves("ball", "sheet") }
    let begin = try #require(told.first)
    #expect(begin.kind == .begin && begin.bodies == ["ball", "sheet"])
    // The ball meets a sheet that sags meanwhile.
    let drop = 0.2 + 0.03
    #expect(begin.time > (2 * 0.2 / 9.81).squareRoot() - 0.01 && begin.time < (2 * drop / 9.81).squareRoot() + 0.01)
    #expect(abs(begin.approachSpeed - 9.81 * begin.time) < 0.6)
    #expect(begin.normal.z > 0.9 && begin.point.z < 0.02)
    for (a, b) in zip(told, told.dropFirst()) { #expect(a.kind != b.kind && a.time <= b.time) }
    #expect(try Trajectory(json: trajectory.json()).contacts == trajectory.contacts)
    #expect(try Trajectory(safetensors: Data(trajectory.safetensors())).contacts == trajectory.contacts)
    #expect(try WorldHistory(trajectory).events(of: ["sheet"]).count == told.count)
  }

  @Test("a held sheet catches a ball, which comes to hang in it, its weight on the pins")
  func caught() throws {
    let pins = [SceneDescription.Cloth.Part.top, .bottom, .left, .right].map { SceneDescription.Cloth.Pin(.part($0)) }
    let ball = Self.ball(at: Vector3(0, 0, 0.12), velocity: .zero)
    let trajectory = try Simulation(
      of: Self.scene([ball], [Self.sheet(fabric: "rubber", pins: pins)], air: Scene.Air(), duration: 3)
    ).run()
    let last = trajectory.bodies[0].states.suffix(120)
    let (heights, speeds) = (last.map(\.position.z), last.map(\.velocity.length))
    #expect(heights.min()! > -0.05 && heights.max()! < 0.08)
    #expect(speeds.max()! < 0.25)
    // Potential energy counts what the sheet stores, so that the total never grows.
    let total = zip(trajectory.energy.kinetic, trajectory.energy.potential).map { $0 + $1 }
    for (a, b) in zip(total, total.dropFirst()) { #expect(b < a + 2e-3) }
  }

  @Test("a ball that rests on the floor stays there under a sheet that falls on it")
  func covered() throws {
    let floor = Body(name: "floor", shape: .plane(normal: .unitZ), motion: .fixed)
    let ball = Self.ball(at: Vector3(0, 0, 0.08), velocity: .zero)
    let trajectory = try Simulation(
      of: Self.scene([floor, ball], [Self.sheet(at: Vector3(0, 0, 0.2))], air: Scene.Air(), duration: 1)
    ).run()
    let states = trajectory.bodies[1].states
    #expect(states.allSatisfy { abs($0.position.z - 0.08) < 2e-4 })
    let lowest = trajectory.cloths[0].vertices(at: 240).map(\.z).min()!
    #expect(lowest > 0 && lowest < 0.01)
  }

  @Test("the same bytes on one thread and on several")
  func threads() throws {
    let pins = [SceneDescription.Cloth.Pin(.part(.left)), .init(.part(.topRight))]
    let ball = Self.ball(at: Vector3(0, 0, 0.2), velocity: Vector3(0, 0, -2))
    let scene = Self.scene(
      [ball], [Self.sheet(pins: pins, spacing: 0.03)], air: Scene.Air(wind: Vector3(3, 0, 1), gustiness: 0.3), duration: 0.4)
    let bytes = try [1, 2, 5].map { threads in
      var simulation = Simulation(of: scene)
      simulation.threads = threads
      return try simulation.run().safetensors()
    }
    #expect(bytes[0] == bytes[1] && bytes[0] == bytes[2])
    #expect(try Simulation(of: scene, seed: 4).run().cloths != Simulation(of: scene).run().cloths)
  }

  @Test("a pin to a body goes with the body, and pulls on it")
  func towed() throws {
    let ball = Self.ball(at: Vector3(-0.4, 0, 0), velocity: Vector3(-2, 0, 0))
    let pin = SceneDescription.Cloth.Pin(.part(.leftCenter), to: "ball")
    let trajectory = try Simulation(of: Self.scene([ball], [Self.sheet(pins: [pin])], gravity: 0)).run()
    let cloth = trajectory.cloths[0]
    let arm = Vector3(0.1, 0, 0)
    for sample in stride(from: 0, to: 121, by: 12) {
      let state = trajectory.bodies[0].states[sample]
      let held = cloth.vertex(row: cloth.rows / 2, column: 0, sample: sample)
      #expect((held - state.worldFromBody.point(arm)).length < 1e-3)
    }
    #expect(trajectory.bodies[0].states.last!.velocity.x > -1.95)
    #expect((trajectory.momentum.linear.last! - Vector3(-0.8, 0, 0)).length < 1e-9)
  }

  @Test("pins bear what they are said to bear, and tear beyond; points and clamps hold what they should")
  func pins() throws {
    let mass = 0.06 * 0.6 * 0.6
    func run(_ strength: Double?) throws -> ClothTrack {
      let point = SceneDescription.Cloth.Pin(.point(Vector3(-0.3, 0.3, 0)), strength: strength)
      let clamp = SceneDescription.Cloth.Pin(.part(.right), isClamped: true)
      let scene = Self.scene([], [Self.sheet(fabric: "silk", pins: [point, clamp])], air: Scene.Air())
      return try Simulation(of: scene).run().cloths[0]
    }
    let held = try run(nil)
    #expect(abs(held.mass - mass) < 1e-12 && held.tears.isEmpty)
    for row in 0..<held.rows {
      for column in [held.columns - 2, held.columns - 1] {
        #expect(held.vertex(row: row, column: column, sample: 0) == held.vertex(row: row, column: column, sample: 120))
      }
    }
    #expect(held.vertex(row: 0, column: 0, sample: 120) == held.vertex(row: 0, column: 0, sample: 0))
    let torn = try run(0.02)
    #expect(torn.tears.map(\.row) == [0] && torn.tears.map(\.column) == [0])
    #expect(torn.tears[0].force > 0.02 && torn.tears[0].time > 0 && torn.tears[0].time < 0.5)
    #expect(torn.vertex(row: 0, column: 0, sample: 120).z < -0.1)
  }

  @Test("each cloth has its own friction with a body, by the scene's rule")
  func friction() throws {
    let slope = Body(
      name: "slope", shape: .plane(normal: Vector3(-0.45, 0, 1).normalized), motion: .fixed,
      material: Material(name: "m", friction: 0.5))
    func placed(_ fabric: String, _ y: Double) -> SceneDescription.Cloth {
      var cloth = Self.sheet(fabric, fabric: fabric, size: 0.3, at: .zero)
      let tilt = Quaternion(from: .unitZ, to: Vector3(-0.45, 0, 1).normalized)
      cloth.worldFromCloth = RigidTransform(rotation: tilt, translation: tilt.rotate(Vector3(0, y, 0.001)))
      return cloth
    }
    // √(0.5·0.6) > 0.45 > √(0.5·0.25).
    let trajectory = try Simulation(of: Self.scene([slope], [placed("denim", 0), placed("silk", 1)])).run()
    let slips = trajectory.cloths.map { ($0.centerOfMass(at: 120) - $0.centerOfMass(at: 0)).length }
    #expect(slips[0] < 2e-3)
    #expect(slips[1] > 0.05)
  }

  @Test("documents keep cloths: the binary form all, JSON all but the vertices")
  func documents() throws {
    let pins = [SceneDescription.Cloth.Pin(.part(.top), strength: 0.01)]
    let trajectory = try Simulation(of: Self.scene([], [Self.sheet(pins: pins)], duration: 0.1), rate: 60).run()
    #expect(!trajectory.cloths[0].tears.isEmpty)
    #expect(try Trajectory(safetensors: Data(trajectory.safetensors())) == trajectory)
    var plain = trajectory
    plain.cloths[0].positions = []
    let read = try Trajectory(json: trajectory.json())
    #expect(read == plain)
    #expect(try Trajectory(safetensors: Data(plain.safetensors())) == plain)
    let text = String(decoding: try trajectory.json(), as: UTF8.self)
    #expect(text.contains("\"cloths\": [{\"name\": \"sheet\", \"rows\": 11, \"columns\": 11, \"mass\": "))
  }

  @Test("documents with a cloth that can't be are refused, with the place")
  func wrongDocuments() throws {
    let trajectory = try Simulation(of: Self.scene([], [Self.sheet()], duration: 0.05), rate: 60).run()
    func fault(_ change: (inout Trajectory) -> Void) -> String? {
      var wrong = trajectory
      change(&wrong)
      do { _ = try wrong.json() } catch { return "\(error)" }
      return nil
    }
    #expect(fault { $0.cloths[0].rows = 1 }?.contains("a cloth has at least 2 rows and 2 columns, not 1 and 11") == true)
    #expect(fault { $0.cloths[0].positions.removeLast() }?.contains("has 1451 numbers where its samples need 1452") == true)
    #expect(fault { $0.cloths.append($0.cloths[0]) }?.contains("two things are called \"sheet\"") == true)
    #expect(fault { $0.cloths[0].positions[7] = .nan }?.contains("a number of \"sheet\" is not finite") == true)
  }

  @Test("what the engine refuses comes with the scene's name")
  func refusal() throws {
    var sheet = Self.sheet()
    sheet.spacing = 0.5
    let error = #expect(throws: SimulationError.self) { try Simulation(of: Self.scene([], [sheet])).run() }
    #expect(
      error?.description
        == "scene 'test': cloth 'sheet': a spacing of 0.5 m leaves fewer than two cells along an edge; take at most 0.3 m")
  }
}
