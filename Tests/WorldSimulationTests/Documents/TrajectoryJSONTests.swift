import Foundation
import Testing
import WorldCore
import WorldSimulation

@Suite("Trajectory document in JSON") struct TrajectoryJSONTests {
  static let text = String(decoding: try! SampleTrajectories.random(seed: 3).json(), as: UTF8.self)

  @Test("reads back to the same bits and writes the same bytes", arguments: 0..<40 as Range<UInt64>)
  func roundTrip(seed: UInt64) throws {
    let trajectory = SampleTrajectories.random(seed: seed)
    let json = try trajectory.json()
    let back = try Trajectory(json: json)
    #expect(back == trajectory)
    // Equality takes −0 for 0; the bytes don't.
    #expect(try back.json() == json)
  }

  @Test("is JSON with the documented keys for readers from elsewhere")
  func documentedKeys() throws {
    let trajectory = SampleTrajectories.bounce()
    let document = try #require(try JSONSerialization.jsonObject(with: trajectory.json()) as? [String: Any])
    #expect(document["format"] as? String == "mondo-trajectory/1")
    #expect(Set(document.keys) == ["format", "scene", "times", "bodies", "contacts", "energy", "momentum"])
    let scene = try #require(document["scene"] as? [String: Any])
    #expect(Set(scene.keys) == ["name", "seed", "duration", "digest"])
    let ball = try #require((document["bodies"] as? [[String: Any]])?.first)
    let documented: Set = [
      "name", "motion", "mass", "inertia", "positions", "orientations", "velocities", "angular_velocities",
    ]
    #expect(documented.isSubset(of: Set(ball.keys)))
    #expect((ball["positions"] as? [[Double]])?[17] == [0.5 * 17 / 240, 0, trajectory.bodies[0].states[17].position.z])
    #expect((ball["orientations"] as? [[Double]])?[17] == [1, 0, 0, 0])
    let contact = try #require((document["contacts"] as? [[String: Any]])?.first)
    #expect(
      Set(contact.keys) == [
        "time", "bodies", "point", "normal", "impulse", "approach_speed", "restitution", "friction", "kind",
      ])
    #expect((document["momentum"] as? [String: Any])?.keys.sorted() == ["angular", "linear"])
  }

  @Test("passes over keys it doesn't know, and reads any spacing and order")
  func foreign() throws {
    let text = """
      { "extra" : {"a": [1, {"b": null}], "c": true},
        "bodies" : [ {"positions": [ [ 1 , 2e0 , 3.0E+0 ] ], "angular_velocities": [[0,0,0]], "velocities": [[0,0,0]],
          "orientations": [[1,0,0,0]], "inertia": [1,1,1], "mass": 1, "motion": "dynamic", "name": "b\\u00e4ll", "color": "red"} ],
        "times": [0], "scene": {"name": "x", "seed": 18446744073709551615, "duration": 0},
        "fluids": [], "format": "mondo-trajectory/1"}
      """
    let trajectory = try Trajectory(json: Data(text.utf8))
    #expect(trajectory.bodies[0].name == "bäll")
    #expect(trajectory.bodies[0].states[0].position == Vector3(1, 2, 3))
    #expect(trajectory.scene.seed == .max)
    #expect(trajectory.contacts.isEmpty && trajectory.energy.kinetic.isEmpty)
  }

  @Test("any truncation throws, with a place", arguments: Array(stride(from: 0, to: text.utf8.count - 2, by: 61)))
  func truncated(length: Int) throws {
    let error = #expect(throws: TrajectoryFileError.self) {
      try Trajectory(json: Data(Self.text.utf8.prefix(length)), file: "cut.json")
    }
    #expect(error?.location?.file == "cut.json")
  }

  @Test("any damaged byte is refused or read, never a crash", arguments: 0..<300 as Range<UInt64>)
  func damaged(seed: UInt64) {
    var stream = RandomStream(seed: seed, "damage")
    var bytes = Array(Self.text.utf8)
    for _ in 0..<3 { bytes[stream.index(below: bytes.count)] = UInt8(truncatingIfNeeded: stream.next()) }
    do { _ = try Trajectory(json: Data(bytes)) } catch { #expect(error is TrajectoryFileError) }
  }

  struct Mistake: CustomTestStringConvertible {
    var find: String
    var replace: String
    var message: String
    var testDescription: String { message }
  }

  static let mistakes = [
    Mistake(
      find: "mondo-trajectory/1", replace: "mondo-trajectory/9",
      message:
        "d.json:1:12: error: format: the format is \"mondo-trajectory/9\", not \"mondo-trajectory/1\"; it was written by another version of Mondo"
    ),
    Mistake(
      find: "\"format\": \"mondo-trajectory/1\",", replace: "",
      message: "d.json:19:1: error: the document has no \"format\"; a trajectory opens with {\"format\": \"mondo-trajectory/1\""
    ),
    Mistake(
      find: "\"dynamic\"", replace: "\"free\"",
      message: "d.json:4:40: error: bodies[0].motion: \"free\" is none of \"dynamic\", \"fixed\", \"scripted\""),
    Mistake(
      find: "[0.0,0.0,1.0]", replace: "[0.0,0.0]",
      message: "d.json:5:18: error: bodies[0].positions[0]: expected an array of 3 numbers"),
    Mistake(
      find: "[0.0,0.0,1.0]", replace: "[0.0,null,1.0]",
      message: "d.json:5:23: error: bodies[0].positions[0]: expected a number, found 'n'"),
    Mistake(
      find: "[0.0,0.0,1.0]", replace: "[0.0,1e999,1.0]",
      message: "d.json:5:23: error: bodies[0].positions[0]: 1e999 is beyond the range of a number"),
    Mistake(
      find: "[1.0,0.0,0.0,0.0]", replace: "[2.0,0.0,0.0,0.0]",
      message:
        "d.json:4:109: error: bodies[0].inertia_axes: a rotation is a unit quaternion [w, x, y, z]; this one has length 2.0"),
    Mistake(
      find: "\"mass\": 0.5, ", replace: "",
      message: "d.json:8:56: error: bodies[0]: \"mass\" is missing"),
    Mistake(
      find: "\"impact\"", replace: "\"bump\"",
      message: "d.json:14:254: error: contacts[0].kind: \"bump\" is none of \"impact\", \"begin\", \"end\", \"break\""),
    Mistake(
      find: "\"floor-1\", \"motion\"", replace: "\"ball\", \"motion\"",
      message: "d.json: error: bodies[1].name: two bodies are called \"ball\""),
    Mistake(
      find: "\"times\": [0.0,", replace: "\"times\": [0.0,0.0,",
      message: "d.json: error: times[1]: 0.0 s does not come after 0.0 s"),
    Mistake(
      find: "\"times\": [0.0,", replace: "\"times\": [",
      message: "d.json: error: times[0]: time starts at 0, not 0.5"),
    Mistake(
      find: "\"seed\": 7", replace: "\"seed\": -7",
      message: "d.json:2:38: error: scene.seed: expected a whole number from 0 to 18446744073709551615, found '-'"),
    Mistake(
      find: "\"seed\": 7", replace: "\"seed\": 7, \"seed\": 8",
      message: "d.json:2:41: error: scene.seed: the key appears twice"),
    Mistake(
      find: "]}}", replace: "]}} {}",
      message: "d.json:18:46: error: text follows the end of the document"),
  ]

  @Test("mistakes are told with their place and value", arguments: mistakes)
  func mistake(_ mistake: Mistake) throws {
    let sound = String(decoding: try SampleTrajectories.bounce(rate: 2, duration: 0.5).json(), as: UTF8.self)
    let range = try #require(sound.range(of: mistake.find))
    let text = sound.replacingCharacters(in: range, with: mistake.replace)
    let error = #expect(throws: TrajectoryFileError.self) { try Trajectory(json: Data(text.utf8), file: "d.json") }
    #expect(error?.description == mistake.message)
  }

  @Test("content that would be lost is refused")
  func unreadContent() {
    let text = #"{"format": "mondo-trajectory/1", "figures": [{"name": "athlete"}]}"#
    let error = #expect(throws: TrajectoryFileError.self) { try Trajectory(json: Data(text.utf8)) }
    #expect(error?.message == "figures are not read yet")
  }

  @Test("numbers that JSON has no word for are refused before a byte is written")
  func notFinite() {
    var trajectory = SampleTrajectories.bounce()
    trajectory.bodies[0].states[3].velocity.y = .nan
    let error = #expect(throws: TrajectoryFileError.self) { try trajectory.json() }
    #expect(error?.message == "the state of \"ball\" at 0.0125 s is not finite")
  }

  @Test("nesting without end is refused")
  func deep() {
    let text = "{\"x\": " + String(repeating: "[", count: 100_000)
    let error = #expect(throws: TrajectoryFileError.self) { try Trajectory(json: Data(text.utf8)) }
    #expect(error?.message == "values nest more than 64 deep")
  }
}
