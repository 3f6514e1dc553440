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
    return chosen.map { fluid in
      StateAnswer.Fluid(
        name: fluid.name, mass: Measured(mass(of: fluid, at: time), "kg"),
        centerOfMass: Measured(centerOfMass(of: fluid, at: time), "m"), level: Measured(level(of: fluid, at: time), "m"))
    }
  }

  /// m, evenly between samples.
  func level(of fluid: FluidTrack, at time: Double) -> Double {
    let (index, t) = trajectory.cell(at: time)
    let next = min(index + 1, fluid.levels.count - 1)
    return fluid.levels[index] + (fluid.levels[next] - fluid.levels[index]) * t
  }

  /// m, evenly between samples.
  func centerOfMass(of fluid: FluidTrack, at time: Double) -> Vector3 {
    let (index, t) = trajectory.cell(at: time)
    let next = min(index + 1, fluid.centersOfMass.count - 1)
    return fluid.centersOfMass[index] + (fluid.centersOfMass[next] - fluid.centersOfMass[index]) * t
  }

  /// kg, of the sample that has passed: particles come and go one by one.
  func mass(of fluid: FluidTrack, at time: Double) -> Double {
    let (index, t) = trajectory.cell(at: time)
    return fluid.mass(atSample: t == 1 ? min(index + 1, fluid.levels.count - 1) : index)
  }
}
