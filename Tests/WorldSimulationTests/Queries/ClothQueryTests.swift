import SceneDescription
import Testing
import WorldCore
import WorldSimulation

@Suite("Questions about cloth") struct ClothQueryTests {
  /// A sheet that falls freely from z = 1, and a ball beside it.
  static func history(sheetHeight: Double = 1) throws -> WorldHistory {
    let sheet = ClothSimulationTests.sheet(at: Vector3(0, 0, sheetHeight))
    let ball = ClothSimulationTests.ball(at: Vector3(3, 0, 1), velocity: .zero)
    return WorldHistory(try Simulation(of: ClothSimulationTests.scene([ball], [sheet], duration: 0.3)).run())
  }

  @Test("state tells where a cloth is, alone or among the rest")
  func state() throws {
    let history = try Self.history()
    let all = try history.state(at: 0.2)
    let cloth = try #require(all.cloths?.first)
    #expect(all.bodies.map(\.name) == ["ball"] && cloth.name == "sheet" && all.cloths?.count == 1)
    let z = 1 - 9.81 * 0.02
    // Free nodes fall by half of g·t·substep too far: the first order of the method.
    #expect(abs(cloth.centerOfMass.value[2] - z) < 1.2e-3 && cloth.centerOfMass.unit == "m")
    #expect(abs(cloth.lower.value[0] + 0.3) < 1e-4 && abs(cloth.upper.value[1] - 0.3) < 1e-4)
    let alone = try history.state(at: 0.2, body: "sheet")
    #expect(alone.bodies.isEmpty && alone.cloths == all.cloths)
    #expect(try history.state(at: 0.2, body: "ball").cloths == nil)
    #expect(throws: QueryError.self) { try history.state(at: 0.2, body: "shet") }
  }

  @Test("compare tells which cloth moves otherwise, from when and by how much")
  func compare() throws {
    let (a, b) = (try Self.history(), try Self.history(sheetHeight: 1.1))
    let same = try a.comparison(with: a)
    #expect(!same.differs && same.cloths == [])
    let answer = try a.comparison(with: b)
    #expect(answer.differs && answer.bodies.isEmpty && answer.firstDifference?.bodies == ["sheet"])
    let cloth = try #require(answer.cloths?.first)
    #expect(cloth.from.value == 0 && abs(cloth.largestDistance.value - 0.1) < 1e-4)
    #expect(abs(cloth.finalDistance.value - 0.1) < 1e-4)
  }
}
