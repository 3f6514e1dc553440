import WorldCore

extension StateAnswer {
  /// One fluid at an instant.
  public struct Fluid: Codable, Equatable, Sendable {
    public var name: String
    /// Of what is there at that time.
    public var mass: Measured<Double>
    public var centerOfMass: Measured<[Double]>
    /// How high it stands: 99 % of it is lower.
    public var level: Measured<Double>

    enum CodingKeys: String, CodingKey {
      case name, mass, level
      case centerOfMass = "center_of_mass"
    }
  }
}

extension WorldHistory {
  /// Fluids as they are at a time within `span`; nil where there are none.
  func fluids(at time: Double, named name: String? = nil) -> [StateAnswer.Fluid]? {
    let chosen = trajectory.fluids.filter { !$0.levels.isEmpty && (name == nil || $0.name == name) }
    guard !chosen.isEmpty else { return nil }
    let (index, t) = trajectory.cell(at: time)
    return chosen.map { fluid in
      let next = min(index + 1, fluid.levels.count - 1)
      let center = fluid.centersOfMass[index] + (fluid.centersOfMass[next] - fluid.centersOfMass[index]) * t
      let level = fluid.levels[index] + (fluid.levels[next] - fluid.levels[index]) * t
      return StateAnswer.Fluid(
        name: fluid.name, mass: Measured(fluid.mass(atSample: index), "kg"), centerOfMass: Measured(center, "m"),
        level: Measured(level, "m"))
    }
  }
}
