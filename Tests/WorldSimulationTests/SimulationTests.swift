import Foundation
import SceneDescription
import Testing
import WorldCore
import WorldSimulation

@Suite("Simulation") struct SimulationTests {
  /// Bodies in free space, in the order given.
  static func scene(
    _ bodies: [Body], gravity: Vector3 = .zero, duration: Double = 1, joints: [Joint] = [], events: [Event] = []
  ) -> Scene {
    Scene(name: "test", seed: 3, duration: duration, gravity: gravity, bodies: bodies, joints: joints, events: events)
  }

  static func ball(_ name: String = "ball", mass: Double = 2, at position: Vector3 = .zero, velocity: Vector3 = .zero) -> Body {
    Body(
      name: name, shape: .sphere(radius: 0.1), mass: mass, worldFromShape: RigidTransform(translation: position),
      velocity: velocity)
  }

  @Test(
    "samples lie exactly on the grid k/rate, from 0 to the duration",
    arguments: [(240.0, 1.0, 241), (100, 0.35, 36), (1000, 0.1, 101), (30, 0.05, 2), (7, 1, 8)])
  func grid(rate: Double, duration: Double, count: Int) throws {
    let trajectory = try Simulation(of: Self.scene([Self.ball()], duration: duration), rate: rate).run()
    #expect(trajectory.times == (0..<count).map { Double($0) / rate })
    #expect(trajectory.bodies[0].states.count == count && trajectory.energy.kinetic.count == count)
    #expect(trajectory.momentum.angular.count == count)
  }

  @Test("free fall is the parabola, whatever the rate", arguments: [24.0, 100, 240, 1000])
  func freeFall(rate: Double) throws {
    let scene = Self.scene([Self.ball(velocity: Vector3(1, 2, 3))], gravity: Vector3(0, 0, -9.81))
    let trajectory = try Simulation(of: scene, rate: rate).run()
    let last = trajectory.bodies[0].states.last!
    let t = trajectory.times.last!
    #expect((last.position - Vector3(t, 2 * t, 3 * t - 9.81 * t * t / 2)).length < 1e-9)
    #expect((last.velocity - Vector3(1, 2, 3 - 9.81 * t)).length < 1e-9)
  }

  @Test("an impulse acts at its very time, between samples", arguments: [0.0, 0.1, 0.123456, 0.5, 0.99])
  func impulse(time: Double) throws {
    let event = Event(time: time, action: .impulse(body: "ball", vector: Vector3(4, 0, 0), point: nil))
    let trajectory = try Simulation(of: Self.scene([Self.ball()], events: [event]), rate: 100).run()
    for (t, state) in zip(trajectory.times, trajectory.bodies[0].states) {
      #expect(abs(state.position.x - 2 * max(0, t - time)) < 1e-9)
    }
  }

  @Test("an impulse beside the centre of mass turns the body too")
  func offCentre() throws {
    // 2 kg, r 0.1: I = 0.4 m r² = 0.008; r × J = (0, 0.1, 0) × (4, 0, 0) = (0, 0, −0.4).
    let event = Event(time: 0.25, action: .impulse(body: "ball", vector: Vector3(4, 0, 0), point: Vector3(0, 0.1, 0)))
    let state = try Simulation(of: Self.scene([Self.ball()], events: [event])).run().bodies[0].states.last!
    #expect((state.velocity - Vector3(2, 0, 0)).length < 1e-9)
    #expect((state.angularVelocity - Vector3(0, 0, -50)).length < 1e-6)
  }

  @Test("a force acts for its time and no longer", arguments: [0.2, 0.123456])
  func force(duration: Double) throws {
    let event = Event(time: 0.3, action: .force(body: "ball", vector: Vector3(0, 10, 0), point: nil, duration: duration))
    let trajectory = try Simulation(of: Self.scene([Self.ball()], events: [event])).run()
    #expect((trajectory.bodies[0].states.last!.velocity - Vector3(0, 5 * duration, 0)).length < 1e-9)
    #expect(trajectory.bodies[0].states[60].velocity == .zero)
  }

  @Test("a torque, an angular impulse and a set velocity do what they say")
  func otherEvents() throws {
    let events = [
      Event(time: 0.1, action: .torque(body: "ball", vector: Vector3(0, 0, 0.008), duration: 0.5)),
      Event(time: 0.7, action: .angularImpulse(body: "ball", vector: Vector3(0.008, 0, 0))),
      Event(time: 0.9, action: .setVelocity(body: "ball", velocity: Vector3(7, 0, 0), spin: nil)),
    ]
    let state = try Simulation(of: Self.scene([Self.ball()], events: events)).run().bodies[0].states.last!
    #expect((state.angularVelocity - Vector3(1, 0, 0.5)).length < 1e-6)
    #expect(state.velocity == Vector3(7, 0, 0))
  }

  @Test("events of one instant act in the order of the scene")
  func order() throws {
    let push = Event(time: 0.5, action: .impulse(body: "ball", vector: Vector3(2, 0, 0), point: nil))
    let stop = Event(time: 0.5, action: .setVelocity(body: "ball", velocity: .zero, spin: nil))
    let stopped = try Simulation(of: Self.scene([Self.ball()], events: [push, stop])).run()
    let pushed = try Simulation(of: Self.scene([Self.ball()], events: [stop, push])).run()
    #expect(stopped.bodies[0].states.last!.velocity == .zero)
    #expect(pushed.bodies[0].states.last!.velocity == Vector3(1, 0, 0))
  }

  @Test("a released joint holds until then")
  func release() throws {
    let joint = Joint(name: "nail", between: "ball", and: nil, anchors: .init(.zero), kind: .fixed)
    let event = Event(time: 0.5, action: .release(joint: "nail"))
    let scene = Self.scene([Self.ball()], gravity: Vector3(0, 0, -9.81), joints: [joint], events: [event])
    let trajectory = try Simulation(of: scene).run()
    #expect(trajectory.bodies[0].states[120].position.length < 1e-6)
    #expect(abs(trajectory.bodies[0].states[240].position.z + 9.81 / 8) < 0.03)
  }

  @Test("mass properties are recorded: density or mass, principal moments, their axes")
  func massProperties() throws {
    let turned = RigidTransform(rotation: Quaternion(axis: .unitZ, angle: .pi / 6))
    let compound = Shape.compound([.init(shape: .box(size: Vector3(1, 0.2, 0.1)), compoundFromPart: turned)])
    let bodies = [
      Body(name: "dense", shape: .box(size: Vector3(1, 2, 3)), density: 10), Body(name: "turned", shape: compound, mass: 12),
      Body(
        name: "ground", shape: .plane(normal: .unitZ), motion: .fixed,
        worldFromShape: RigidTransform(translation: Vector3(0, 0, -9))),
    ]
    let tracks = try Simulation(of: Self.scene(bodies, duration: 0.1)).run().bodies
    #expect(abs(tracks[0].mass - 60) < 1e-12 && tracks[0].inertia == Vector3(65, 50, 25))
    #expect(tracks[1].mass == 12)
    let inertia = SymmetricMatrix3(diagonal: tracks[1].inertia).rotated(by: tracks[1].inertiaAxes)
    let expected = SymmetricMatrix3(diagonal: Vector3(0.05, 1.01, 1.04)).rotated(by: turned.rotation)
    #expect((inertia.diagonal - expected.diagonal).length < 1e-9 && (inertia.offDiagonal - expected.offDiagonal).length < 1e-9)
    #expect(tracks[2].mass == 0 && tracks[2].motion == .fixed)
  }

  @Test("a scripted body's shape goes straight from key to key though its centre of mass lies elsewhere")
  func scripted() throws {
    let shape = Shape.cone(radius: 0.5, height: 1)
    let path = [
      Body.Keyframe(time: 0, worldFromShape: .identity),
      Body.Keyframe(
        time: 1,
        worldFromShape: RigidTransform(rotation: Quaternion(axis: .unitY, angle: .pi / 2), translation: Vector3(2, 0, 0))),
    ]
    let body = Body(name: "cone", shape: shape, motion: .scripted, path: path)
    let trajectory = try Simulation(of: Self.scene([body])).run()
    let track = trajectory.bodies[0]
    #expect(track.centerOfMass == Vector3(0, 0, -0.25))
    for (t, state) in zip(trajectory.times, track.states) {
      let origin = state.worldFromBody.point(-track.centerOfMass)
      #expect((origin - Vector3(2 * t, 0, 0)).length < 1e-4)
      #expect(abs(state.orientation.rotationVector.y - t * .pi / 2) < 1e-9)
    }
  }

  @Test("the same scene gives the same bytes; a sweep gives what single runs give, in order", arguments: [1, 2, 4])
  func sweep(width: Int) async throws {
    let floor = Body(name: "floor", shape: .plane(normal: .unitZ), motion: .fixed)
    let simulations = (0..<6).map { i in
      let ball = Self.ball(at: Vector3(0, 0, 0.3 + 0.1 * Double(i)))
      return Simulation(of: Self.scene([floor, ball], gravity: Vector3(0, 0, -9.81)), seed: UInt64(i))
    }
    var seen: [Data] = []
    try await SimulationSweep(simulations, width: width).run { index, trajectory in
      #expect(index == seen.count)
      seen.append(try trajectory.json())
    }
    #expect(try seen == simulations.map { try $0.run().json() })
  }

  @Test("what a progress callback throws ends the run")
  func cancellation() throws {
    struct Stop: Error {}
    var last = -1.0
    #expect(throws: Stop.self) {
      try Simulation(of: Self.scene([Self.ball()])).run { progress in
        #expect(progress.duration == 1)
        last = progress.time
        if progress.time >= 0.5 { throw Stop() }
      }
    }
    #expect(last == 0.5)
  }

  @Test("everything that no engine can do is refused at once, each with its place")
  func gaps() throws {
    var scene = Self.scene([Self.ball()])
    func place(_ line: Int) -> WorldCore.SourceLocation { WorldCore.SourceLocation(file: "s.yaml", line: line, column: 3) }
    scene.figures = [Figure(name: "athlete", location: place(9)), Figure(name: "coach", location: place(12))]
    let error = #expect(throws: SceneError.self) { try Simulation(of: scene).run() }
    #expect(
      error?.diagnostics.map(\.message) == ["figure 'athlete' is not simulated yet", "figure 'coach' is not simulated yet"])
    #expect(error?.diagnostics.map(\.location.line) == [9, 12])
  }

  @Test("the digest depends on values, not on places in a file")
  func digest() throws {
    func digest(_ change: (inout Scene) -> Void) throws -> String {
      var scene = Self.scene([Self.ball()], duration: 0.01)
      change(&scene)
      return try Simulation(of: scene).run().scene.digest
    }
    let plain = try digest { _ in }
    #expect(plain.wholeMatch(of: /sha256:[0-9a-f]{64}/) != nil)
    #expect(try digest { $0.bodies[0].location = WorldCore.SourceLocation(file: "a", line: 1, column: 1) } == plain)
    let others = [
      try digest { $0.bodies[0].mass = 2.0.nextUp },
      try digest {
        $0.bodies[0].mass = nil; $0.bodies[0].density = 2
      },
      try digest { $0.bodies[0].material.surface.color.x = 0.25 }, try digest { $0.gravity.z = -0.1 },
      try digest { $0.name = "other" }, try digest { $0.air = Scene.Air() },
      try digest { $0.bodies[0].shape = .box(size: .one) },
    ]
    #expect(Set(others + [plain]).count == others.count + 1)
  }
}
