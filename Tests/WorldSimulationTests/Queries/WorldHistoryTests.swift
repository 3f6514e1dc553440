import Foundation
import Testing
import WorldCore
import WorldSimulation

@Suite("Queries") struct WorldHistoryTests {
  let history = WorldHistory(SampleTrajectories.bounce())
  static let g = SampleTrajectories.gravity

  @Test("first: the root between samples is that of the closed form", arguments: [0.9, 0.5, 0.123, 0.01, 0.001])
  func firstCrossing(height: Double) throws {
    let answer = try history.first(when: "bodies.ball.position.z < \(height)")
    // Hermite's curve is exact for a parabola; the tolerance is the bisection's.
    let expected = (2 * (1 - height) / Self.g).squareRoot()
    #expect(abs(try #require(answer.time?.value) - expected) < 2e-9)
    #expect(answer.bodies?.map(\.name) == ["ball", "floor-1"])
    #expect(abs(answer.bodies![0].position.value[2] - height) < 1e-8)
  }

  @Test("first: a contact is found at its very instant, and the velocity jumps there", arguments: [24.0, 60, 240, 1000])
  func firstContact(rate: Double) throws {
    let history = WorldHistory(SampleTrajectories.bounce(rate: rate))
    let touch = try history.first(when: "contact(floor-1, ball)")
    #expect(try #require(touch.time?.value) == SampleTrajectories.impactTime)
    let rebound = try history.first(when: "bodies.ball.velocity.z > 0")
    #expect(abs(rebound.time!.value - SampleTrajectories.impactTime) < 2e-9)
    #expect(abs(rebound.bodies![0].velocity.value[2] - 0.8 * Self.g * SampleTrajectories.impactTime) < 1e-6)
  }

  @Test("first: == is met where one side passes the other between samples, not where it jumps over it")
  func firstEquality() throws {
    // Up to the impact it falls, ever faster; the velocity jumps over 0 there, and passes it at the apex.
    let apex = try history.first(when: "bodies.ball.velocity.z == 0 and time > 0.01")
    #expect(abs(try #require(apex.time?.value) - 1.8 * SampleTrajectories.impactTime) < 1e-4)
    let height = try history.first(when: "bodies.ball.position.z == 0.123")
    #expect(abs(try #require(height.time?.value) - (2 * (1 - 0.123) / Self.g).squareRoot()) < 3e-9)
    #expect(try !history.first(when: "bodies.ball.position.z == 1.5").found)
    #expect(try history.first(when: "bodies.ball.position.z != 1").time!.value > 0)
  }

  @Test("first: a condition true from the start, and one that never holds")
  func firstEnds() throws {
    #expect(try history.first(when: "time >= 0").time?.value == 0)
    let never = try history.first(when: "bodies.ball.position.z > 1.5 or not time >= 0")
    #expect(!never.found && never.time == nil && never.bodies == nil)
  }

  @Test("extremum: the apex after the bounce is e² of the height, in closed form", arguments: [24.0, 60, 240])
  func apex(rate: Double) throws {
    let history = WorldHistory(SampleTrajectories.bounce(rate: rate))
    let t = SampleTrajectories.impactTime
    let answer = try history.extremum(of: "bodies.ball.position.z * max(0, min(1, (time - \(t)) * 1e9))", .maximum)
    #expect(abs(answer.extremum.value - 0.64) < 1e-9)
    #expect(abs(answer.time.value - 1.8 * t) < 1e-4)
    let lowest = try history.extremum(of: "bodies.ball.position.z", .minimum)
    #expect(abs(lowest.extremum.value) < 1e-9 && abs(lowest.time.value - t) < 1e-9)
    #expect(lowest.extremum.unit == "m")
  }

  @Test("state: between samples it is the closed form, on both sides of the impact", arguments: 0..<50)
  func states(index: Int) throws {
    var stream = RandomStream(seed: UInt64(index), "times")
    let t = SampleTrajectories.impactTime + stream.uniform(in: -0.006...0.006)
    let answer = try history.state(at: t, body: "ball")
    let s = t - SampleTrajectories.impactTime
    let speed = Self.g * SampleTrajectories.impactTime
    let height = s < 0 ? 1 - Self.g * t * t / 2 : 0.8 * speed * s - Self.g * s * s / 2
    #expect(abs(answer.bodies[0].position.value[2] - height) < 1e-9)
    #expect(answer.bodies.count == 1 && answer.bodies[0].position.unit == "m")
  }

  @Test("distance: value, rate and touch")
  func distance() throws {
    let answer = try history.distance(from: "ball", to: "floor-1", at: 0.2)
    let height = 1 - Self.g * 0.02
    #expect(abs(answer.distance.value - (height * height + 0.01).squareRoot()) < 1e-12)
    #expect(answer.rate.value < 0 && !answer.touching)
  }

  @Test("events: filters by body and kind")
  func events() throws {
    #expect(try history.events().count == 1)
    #expect(try history.events(of: ["ball", "floor-1"], kind: .impact).events[0].impulse?.unit == "N*s")
    #expect(try history.events(kind: .begin).count == 0)
    let error = #expect(throws: QueryError.self) { try history.events(of: ["bal"]) }
    #expect(error?.message == "there is no body 'bal'; did you mean 'ball'?")
  }

  @Test("events: a joint that breaks is told in its turn, with its name and load")
  func jointBreaks() throws {
    var trajectory = SampleTrajectories.bounce()
    let impact = SampleTrajectories.impactTime
    trajectory.breaks = [(0.9, "first"), (1.1, "second")].map {
      Trajectory.Break(time: impact * $0, joint: $1, bodies: ["ball"], force: 9, point: Vector3(0, 0, 1))
    }
    let history = WorldHistory(trajectory)
    let all = try history.events()
    #expect(all.events.map(\.kind) == [.break, .impact, .break])
    let told = try history.events(of: ["ball"], kind: .break)
    #expect(told.count == 2 && told.events[0].joint == "first" && told.events[0].load == Measured(9, "N"))
    #expect(told.events[0].impulse == nil)
    #expect(try history.events(of: ["ball", "floor-1"], kind: .break).count == 0)
  }

  @Test("times outside the recording are refused", arguments: [-0.1, 1.01, Double.nan])
  func outside(time: Double) {
    let error = #expect(throws: QueryError.self) { try history.state(at: time) }
    #expect(error?.message == "\(time) s is outside the recording, which runs from 0.0 s to 1.0 s")
  }

  @Test("compare: a world is like itself, and a change is found where it begins")
  func comparison() throws {
    #expect(try !history.comparison(with: history).differs)
    var changed = history.trajectory
    for k in changed.times.indices where k >= 120 { changed.bodies[0].states[k].position.y += 0.01 * Double(k - 119) }
    changed.contacts = []
    let answer = try history.comparison(with: WorldHistory(changed), changes: ["x=1"])
    #expect(answer.differs && answer.firstDifference?.time.value == 0.5 && answer.firstDifference?.bodies == ["ball"])
    #expect(answer.bodies.count == 1)
    #expect(abs(answer.bodies[0].largestDistance.value - 1.21) < 1e-12)
    #expect(answer.impacts.original == 1 && answer.impacts.changed == 0)
    #expect(answer.impacts.pairs.first?.bodies == ["ball", "floor-1"])
    let other = WorldHistory(SampleTrajectories.bounce(rate: 60))
    let error = #expect(throws: QueryError.self) { try history.comparison(with: other) }
    #expect(error?.message == "the two trajectories are sampled at different times; simulate both at the same rate")
  }

  @Test("lasting contacts span from their begin to their end")
  func spans() throws {
    var trajectory = SampleTrajectories.bounce()
    var begin = trajectory.contacts[0]
    (begin.kind, begin.time) = (.begin, 0.6)
    var end = begin
    (end.kind, end.time) = (.end, 0.7)
    trajectory.contacts += [begin, end]
    let history = WorldHistory(trajectory)
    #expect(try history.state(at: 0.65, body: "ball").bodies[0].touching == ["floor-1"])
    #expect(try history.state(at: 0.75, body: "ball").bodies[0].touching == [])
    #expect(try history.first(when: "contact(ball, floor-1) and time > 0.5").time?.value == 0.6)
    #expect(abs(try history.first(when: "time > 0.65 and not contact(ball, floor-1)").time!.value - 0.7) < 2e-9)
  }

  @Test("answers are JSON with units")
  func json() throws {
    let encoder = JSONEncoder()
    let data = try encoder.encode(history.state(at: 0.1, body: "ball"))
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(object["query"] as? String == "state")
    let body = try #require((object["bodies"] as? [[String: Any]])?.first)
    #expect((body["angular_velocity"] as? [String: Any])?["unit"] as? String == "rad/s")
    #expect(try JSONDecoder().decode(StateAnswer.self, from: data) == history.state(at: 0.1, body: "ball"))
  }
}
