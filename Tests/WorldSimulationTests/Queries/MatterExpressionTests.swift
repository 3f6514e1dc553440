import Testing
import WorldCore
import WorldSimulation

@Suite("Expressions of fluids and cloths") struct MatterExpressionTests {
  /// A fluid that rises by 10 cm a sample and loses half of its ten particles at the last.
  static let history: WorldHistory = {
    let pool = FluidTrack(
      name: "pool-1", mass: 10, count: 10, spacing: 0.1,
      centersOfMass: [Vector3(0, 0, 0.1), Vector3(0.2, 0, 0.2), Vector3(0.2, 0.4, 0.3)], levels: [0.2, 0.3, 0.4],
      presentCounts: [10, 10, 5])
    let silent = ClothTrack(name: "flag", rows: 2, columns: 2, mass: 1)
    var trajectory = Trajectory(
      scene: .init(name: "pool", seed: 0, duration: 2, digest: "sha256:00"), times: [0, 1, 2], bodies: [],
      contacts: [])
    (trajectory.fluids, trajectory.cloths) = ([pool], [silent])
    return WorldHistory(trajectory)
  }()

  /// Whether a quantity has a value at a time, to a hundredth of a micrometre or milligram.
  static func expect(_ text: String, _ value: Double, at time: Double, in history: WorldHistory) throws {
    let first = try history.first(when: "time >= \(time) and abs(\(text) - \(value)) < 1e-8")
    #expect(abs((first.time?.value ?? .infinity) - time) < 1e-7, "\(text) is not \(value) at \(time) s")
  }

  @Test("are those of the state, between samples too", arguments: [0, 0.25, 1, 1.75, 2])
  func agreement(time: Double) throws {
    let pool = try #require(try Self.history.state(at: time).fluids?.first)
    try Self.expect("fluids.pool-1.level", pool.level.value, at: time, in: Self.history)
    try Self.expect("fluids.pool-1.mass", pool.mass.value, at: time, in: Self.history)
    for (k, axis) in ["x", "y", "z"].enumerated() {
      try Self.expect("fluids.pool-1.center_of_mass.\(axis)", pool.centerOfMass.value[k], at: time, in: Self.history)
    }
  }

  @Test("have units, first instants and extrema")
  func answers() throws {
    let first = try Self.history.first(when: "fluids.pool-1.level > 0.35")
    #expect(abs(try #require(first.time?.value) - 1.5) < 1e-6)
    #expect(first.fluids?.map(\.name) == ["pool-1"] && abs((first.fluids?.first?.level.value ?? 0) - 0.35) < 1e-6)
    let least = try Self.history.extremum(of: "fluids.pool-1.mass", .minimum)
    #expect(least.extremum == Measured(5, "kg") && least.time.value == 2 && least.initial.value == 10)
    #expect(try Self.history.extremum(of: "fluids.pool-1.level", .maximum).extremum == Measured(0.4, "m"))
  }

  @Test("a cloth's are those of the state")
  func cloth() throws {
    let history = try ClothQueryTests.history()
    let sheet = try #require(try history.state(at: 0.2).cloths?.first)
    try Self.expect("cloths.sheet.center_of_mass.z", sheet.centerOfMass.value[2], at: 0.2, in: history)
    try Self.expect("cloths.sheet.lower.x", sheet.lower.value[0], at: 0.2, in: history)
    try Self.expect("cloths.sheet.upper.y", sheet.upper.value[1], at: 0.2, in: history)
    let first = try history.first(when: "cloths.sheet.lower.z < 0.9")
    #expect(abs(try #require(first.time?.value) - (0.2 / 9.81).squareRoot()) < 2e-3)
  }

  @Test(
    "mistakes name what is known",
    arguments: [
      ("fluids.pol.level > 1", 8, "there is no fluid 'pol' (known: pool-1)"),
      ("fluids.pool-1.levl > 1", 15, "a fluid has no 'levl' (did you mean 'level'?)"),
      ("fluids.pool-1.speed > 1", 15, "a fluid has no 'speed' (known: center_of_mass, level, mass)"),
      ("fluids.pool-1.center_of_mass[2] > 1", 29, "'[' means nothing here (a vector's components are .x, .y and .z)"),
      ("fluids > 1", 8, "expected '.' and a fluid's name after 'fluids'"),
      (
        "cloths.flag.lower.z > 1", 8,
        "this trajectory records no vertices of 'flag' (ask the scene, or a trajectory in .safetensors)"
      ),
      ("cloths.sail.lower.z > 1", 8, "there is no cloth 'sail' (known: flag)"),
      ("water.level > 1", 1, "nothing is called 'water' (known: bodies, cloths, energy, fluids, momentum, time)"),
    ])
  func mistakes(text: String, column: Int, message: String) {
    let error = #expect(throws: ExpressionError.self) { try Self.history.first(when: text) }
    let told = (error?.message ?? "") + (error?.suggestion.map { " (\($0))" } ?? "")
    #expect(told == message)
    #expect(error?.column == column)
  }
}
