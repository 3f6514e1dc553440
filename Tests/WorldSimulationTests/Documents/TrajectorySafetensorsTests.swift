import Foundation
import Testing
import WorldCore
import WorldSimulation

@Suite("Trajectory document in safetensors") struct TrajectorySafetensorsTests {
  static func bytes(_ trajectory: Trajectory) throws -> Data { Data(try trajectory.safetensors()) }

  static let sound = try! bytes(SampleTrajectories.random(seed: 3))

  @Test("memory, JSON and safetensors say the same, to the bit", arguments: 0..<40 as Range<UInt64>)
  func roundTrip(seed: UInt64) throws {
    let trajectory = SampleTrajectories.random(seed: seed)
    let bytes = try Self.bytes(trajectory)
    let back = try Trajectory(safetensors: bytes)
    #expect(back == trajectory)
    #expect(try Self.bytes(back) == bytes)
    #expect(try back.json() == trajectory.json())
    #expect(try Self.bytes(Trajectory(json: trajectory.json())) == bytes)
  }

  @Test("an empty list of contacts and of bodies is no trouble")
  func empty() throws {
    var trajectory = SampleTrajectories.random(seed: 1)
    (trajectory.contacts, trajectory.bodies, trajectory.energy, trajectory.momentum) = ([], [], .init(), .init())
    #expect(try Trajectory(safetensors: Self.bytes(trajectory)) == trajectory)
    #expect(try Trajectory(json: trajectory.json()) == trajectory)
  }

  @Test("tensors lie on multiples of 8 bytes, behind a header of the documented form")
  func header() throws {
    let length = Int(Self.sound.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    #expect(length % 8 == 0)
    let header = try #require(try JSONSerialization.jsonObject(with: Self.sound[8..<8 + length]) as? [String: [String: Any]])
    #expect(header["times"]?["dtype"] as? String == "F64" && header["times"]?["shape"] as? [Int] == [7])
    #expect(header["bodies.ball.positions"]?["shape"] as? [Int] == [7, 3])
    #expect(header["bodies.ball.orientations"]?["shape"] as? [Int] == [7, 4])
    #expect(header["__metadata__"]?["format"] as? String == "mondo-trajectory/1")
  }

  @Test("any truncation throws", arguments: Array(stride(from: 0, to: sound.count - 1, by: 97)))
  func truncated(length: Int) {
    #expect(throws: TrajectoryFileError.self) { try Trajectory(safetensors: Self.sound.prefix(length)) }
  }

  @Test("any damaged byte is refused or read, never a crash", arguments: 0..<300 as Range<UInt64>)
  func damaged(seed: UInt64) {
    var stream = RandomStream(seed: seed, "damage")
    var bytes = Self.sound
    for _ in 0..<3 { bytes[stream.index(below: 3000)] = UInt8(truncatingIfNeeded: stream.next()) }
    do { _ = try Trajectory(safetensors: bytes) } catch { #expect(error is TrajectoryFileError) }
  }

  @Test(
    "mistakes are told",
    arguments: [
      (
        "\"times\":{\"dtype\":\"F64\"", "\"times\":{\"dtype\":\"I64\"",
        "x.safetensors: error: times: expected F64 of shape [n], found I64 of [7]"
      ),
      (
        "mondo-trajectory/1", "mondo-trajectory/2",
        "x.safetensors: error: this is no trajectory: its format is \"mondo-trajectory/2\", not \"mondo-trajectory/1\""
      ),
      (
        "\"times\":{\"dtype\":\"F64\"", "\"times\":{\"dtype\":\"Q64\"",
        "x.safetensors: error: no sound safetensors file: 'times' is of the type 'Q64', which is not supported; write or download it again"
      ),
      (
        "\"times\":{\"dtype\":\"F64\",\"shape\":[7],", "\"times\":{\"dtype\":\"F64\",\"shape\":[8],",
        "x.safetensors: error: no sound safetensors file: 'times' has 56 bytes, its shape needs 64; write or download it again"
      ),
      ("energy.kinetic", "energy.cynetic", "x.safetensors: error: energy.kinetic: the tensor is missing"),
    ])
  func mistakes(find: String, replace: String, message: String) throws {
    var bytes = Self.sound
    let range = try #require(bytes.range(of: Data(find.utf8)))
    bytes.replaceSubrange(range, with: Data(replace.utf8))
    let error = #expect(throws: TrajectoryFileError.self) { try Trajectory(safetensors: bytes, file: "x.safetensors") }
    #expect(error?.description == message)
  }
}
