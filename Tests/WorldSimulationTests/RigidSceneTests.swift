import Foundation
import SceneDescription
import Testing
import WorldCore
import WorldSimulation

/// Rigid bodies as the scene language asks for them, judged by the trajectory that comes out.
@Suite struct RigidSceneTests {
  private func run(_ text: String, step: Double = 1.0 / 240, rate: Double? = nil) throws -> Trajectory {
    var simulation = Simulation(of: try Scene(yaml: "mondo: 1\nname: test\n" + text), rate: rate ?? 1 / step)
    simulation.timeStep = step
    return try simulation.run()
  }

  @Test("a 5 mm ball at 300 m/s does not pass a 1 mm plate", arguments: [1.0 / 60, 1.0 / 240, 1.0 / 1000], [0, 0.7, 12.3])
  func neverTunnels(step: Double, aside: Double) throws {
    let trajectory = try run(
      """
      duration: 0.05 s
      bodies:
        plate: {shape: {box: {size: [1 mm, 2, 2]}}, motion: fixed, material: steel}
        ball: {shape: {sphere: {radius: 2.5 mm}}, mass: 0.5 g, material: steel, position: [-2.013, 0, 0], velocity: [300, \(aside), 0]}
      """, step: step)
    let ball = try #require(trajectory.body("ball"))
    #expect(ball.states.allSatisfy { $0.position.x < -0.003 + 1e-6 })
    #expect(trajectory.contacts.contains { $0.kind == .impact })
  }

  @Test("joints break by force or blow, once, and the trajectory says when", arguments: ["25 N", "0.25 N*s", "35 N"])
  func breaksAreRecorded(strength: String) throws {
    let trajectory = try run(
      """
      duration: 1 s
      bodies: {lamp: {shape: {sphere: {radius: 5 cm}}, mass: 3, position: [0, 0, 2]}}
      joints: {cord: {rope: {between: [lamp, world], anchors: [[0, 0, 2], [0, 0, 3]], breaks_at: \(strength)}}}
      """)
    let holds = strength == "35 N"
    #expect(trajectory.breaks.map(\.joint) == (holds ? [] : ["cord"]))
    let end = try #require(trajectory.body("lamp")?.states.last)
    #expect(holds ? abs(end.position.z - 2) < 1e-6 : end.position.z < 0)
    // And so do the documents.
    #expect(try Trajectory(json: trajectory.json()).breaks == trajectory.breaks)
    #expect(try Trajectory(safetensors: Data(trajectory.safetensors())).breaks == trajectory.breaks)
  }

  private let vase = """
    duration: 1 s
    bodies:
      floor: {shape: {plane: {}}, motion: fixed, material: {restitution: 0.2}}
      vase: {shape: {cylinder: {radius: 8 cm, height: 25 cm}}, mass: 1.5, position: [0, 0, 1], rotation: {axis: [1, 0.3, 0], angle: 40 deg},
        spin: [0, 2, 1], breaks_at: 2 N*s, pieces: 7, material: {restitution: 0.2}}
    """

  @Test("a body breaks into pieces; the trajectory says which, when and under what")
  func bodiesBreak() throws {
    let trajectory = try run(vase)
    let event = try #require(trajectory.contacts.first { $0.kind == .break })
    #expect(event.bodies == ["vase", "floor"] && abs(event.impulse - 2) < 1e-9)
    let pieces = trajectory.bodies.filter { $0.pieceOf == "vase" }
    #expect(pieces.map(\.name) == (1...7).map { "vase-piece-\($0)" })
    #expect(pieces.allSatisfy { $0.appears == event.time && $0.vanishes == .infinity })
    let whole = try #require(trajectory.body("vase"))
    #expect(whole.appears == 0 && whole.vanishes == event.time)
    #expect(abs(pieces.reduce(0) { $0 + $1.mass } - 1.5) < 1e-12)
    // Across the break the recorded sums, and those over what is there, go on; horizontal momentum is the floor's doing only.
    for (k, time) in trajectory.times.enumerated() {
      var (linear, angular) = (Vector3.zero, Vector3.zero)
      for body in trajectory.bodies where body.motion == .dynamic && body.isPresent(at: time) {
        let state = body.states[k]
        let axes = state.orientation * body.inertiaAxes
        linear += state.velocity * body.mass
        angular +=
          axes.rotate(axes.unrotate(state.angularVelocity) * body.inertia) + state.position.cross(state.velocity) * body.mass
      }
      #expect((linear - trajectory.momentum.linear[k]).length < 1e-9)
      #expect((angular - trajectory.momentum.angular[k]).length < 1e-9)
    }
    // A piece rides on the whole before, and the whole is the middle of its pieces after.
    let early = try #require(trajectory.times.lastIndex { $0 < event.time })
    for piece in pieces {
      let (a, b) = (piece.states[0], piece.states[early])
      let offset = whole.states[0].orientation.unrotate(a.position - whole.states[0].position)
      #expect((whole.states[early].worldFromBody.point(offset) - b.position).length < 1e-9)
    }
    let middle = pieces.reduce(Vector3.zero) { $0 + $1.states.last!.position * ($1.mass / 1.5) }
    #expect((middle - whole.states.last!.position).length < 1e-9)
    // Documents say all of it.
    #expect(try Trajectory(json: trajectory.json()) == trajectory)
    #expect(try Trajectory(safetensors: Data(trajectory.safetensors())) == trajectory)
    // And questions know who is there.
    let history = WorldHistory(trajectory)
    let (before, after) = (try history.state(at: 0.1).bodies.map(\.name), try history.state(at: 0.9).bodies.map(\.name))
    #expect(before == ["floor", "vase"] && after == ["floor"] + pieces.map(\.name))
    #expect(try history.state(at: 0.9, body: "vase").bodies[0].exists == false)
    #expect(try history.events(kind: .break).count == 1)
  }

  @Test("the same scene breaks the same way, at any recording rate at the same time")
  func breaksAreDeterministic() throws {
    let trajectory = try run(vase)
    #expect(try run(vase) == trajectory)
    let fine = try run(vase, step: 1.0 / 1000)
    let times = [trajectory, fine].map { $0.contacts.first { $0.kind == .break }!.time }
    #expect(abs(times[0] - times[1]) < 1e-7)
  }

  /// A block pulled by a spring whose end moves on: it sticks until the spring pulls with µ m g, then slips.
  @Test func sticksAndSlips() throws {
    let trajectory = try run(
      """
      duration: 6 s
      materials: {rough: {restitution: 0, friction: 0.5, rolling_friction: 0, spinning_friction: 0}}
      bodies:
        floor: {shape: {plane: {}}, motion: fixed, material: rough}
        block: {shape: {box: {size: [0.3, 0.3, 0.1]}}, mass: 1, material: rough, position: [0, 0, 0.05]}
        hand: {shape: {sphere: {radius: 1 cm}}, motion: scripted, position: [0.5, 0, 0.05],
          path: [{at: 0 s, position: [0.5, 0, 0.05]}, {at: 6 s, position: [1.1, 0, 0.05]}]}
      joints: {pull: {spring: {between: [block, hand], stiffness: 100}}}
      """)
    let states = try #require(trajectory.body("block")?.states)
    let moving = states.map { $0.velocity.x > 1e-3 }
    let slips = zip(moving, moving.dropFirst()).count { !$0 && $1 }
    // The hand at v = 0.1 m/s stretches the spring by µ m g / k = 49 mm in 0.4905 s. Then the block goes with v (1 − cos ωt),
    // ω² = k/m, and stands still for an instant once a period: after 6 s it has started 1 + ⌊(6 − 0.4905) ω / 2π⌋ = 9 times.
    #expect(slips == 9)
    let first = try #require(moving.firstIndex(of: true))
    #expect(abs(trajectory.times[first] - 0.4905) < 0.03)
    #expect(states.allSatisfy { $0.velocity.x > -1e-3 })
  }

  @Test(
    "rolling friction stops a ball after v²/(2 µr g) · 7/5, spinning friction a top by its torque",
    arguments: [1.0 / 60, 1.0 / 240])
  func rollsAndSpinsToRest(step: Double) throws {
    let trajectory = try run(
      """
      duration: 4 s
      materials: {felt: {restitution: 0, friction: 0.6, rolling_friction: 0.04, spinning_friction: 0.02}}
      bodies:
        floor: {shape: {plane: {}}, motion: fixed, material: felt}
        roller: {shape: {sphere: {radius: 0.1}}, mass: 2, material: felt, position: [0, 0, 0.1], velocity: [1, 0, 0], spin: [0, 10, 0]}
        top: {shape: {sphere: {radius: 0.1}}, mass: 2, material: felt, position: [0, 3, 0.1], spin: [0, 0, 20]}
      """, step: step)
    let roller = try #require(trajectory.body("roller")?.states.last)
    // m a = F, I α = r F − µr m g r, a = −α r: a = 5/7 µr g.
    #expect(abs(roller.position.x - 1 / (2 * 5.0 / 7 * 0.04 * 9.81)) < 0.01)
    #expect(roller.velocity.length < 1e-6)
    let top = try #require(trajectory.body("top"))
    let time = 1.0
    let slowed = 20 - 0.02 * 9.81 * 0.1 / (0.4 * 0.01) * time
    #expect(abs(top.states[Int(time / step)].angularVelocity.z - max(0, slowed)) < 0.02)
  }

  @Test(
    "each pair's coefficients follow the declared rule",
    arguments: [("geometric", 0.4), ("min", 0.2), ("max", 0.8), ("product", 0.16)])
  func combinesCoefficients(rule: String, expected: Double) throws {
    let trajectory = try run(
      """
      duration: 1 s
      contact: {restitution: \(rule), friction: \(rule)}
      bodies:
        floor: {shape: {plane: {}}, motion: fixed, material: {restitution: 0.2, friction: 0.2}}
        ball: {shape: {sphere: {radius: 0.1}}, mass: 1, material: {restitution: 0.8, friction: 0.8}, position: [0, 0, 0.6]}
      """)
    let impact = try #require(trajectory.contacts.first { $0.kind == .impact })
    #expect(abs(impact.restitution - expected) < 1e-12 && abs(impact.friction - expected) < 1e-12)
    #expect(abs(impact.impulse - (1 + expected) * impact.approachSpeed) < 1e-6)
  }

  /// Velocities are the derivative of positions, and the recorded sums are those of the states.
  @Test func trajectoriesAreConsistent() throws {
    let trajectory = try run(
      """
      duration: 2 s
      gravity: [0, 0, -3]
      bodies:
        a: {shape: {box: {size: [0.3, 0.2, 0.1]}}, mass: 2, position: [0, 0, 5], velocity: [1, 0, 2], spin: [1, 5, 0.3]}
        b: {shape: {cylinder: {radius: 0.1, height: 0.4}}, mass: 1, position: [1, 0, 5], velocity: [0, 1, 0], spin: [3, 0, 1]}
      joints: {link: {ball: {between: [a, b], anchor: [0.5, 0, 5]}}}
      """)
    let times = trajectory.times
    for k in 1..<times.count - 1 {
      var (linear, angular) = (Vector3.zero, Vector3.zero)
      var energy = 0.0
      for body in trajectory.bodies {
        let state = body.states[k]
        let slope = (body.states[k + 1].position - body.states[k - 1].position) * 120
        #expect((slope - state.velocity).length < 2e-3)
        let axes = state.orientation * body.inertiaAxes
        let spin = axes.rotate(axes.unrotate(state.angularVelocity) * body.inertia)
        linear += state.velocity * body.mass
        angular += spin + state.position.cross(state.velocity) * body.mass
        energy += 0.5 * (body.mass * state.velocity.lengthSquared + spin.dot(state.angularVelocity))
      }
      #expect((linear - trajectory.momentum.linear[k]).length < 1e-9)
      #expect((angular - trajectory.momentum.angular[k]).length < 1e-9)
      #expect(abs(energy - trajectory.energy.kinetic[k]) < 1e-9)
      // Linear momentum falls by the weight alone.
      let expected = trajectory.momentum.linear[0] + Vector3(0, 0, -9) * times[k]
      #expect((linear - expected).length < 1e-8)
    }
  }
}
