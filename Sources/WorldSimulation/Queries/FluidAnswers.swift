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

extension ComparisonAnswer {
  /// A fluid that moves otherwise.
  public struct Fluid: Codable, Equatable, Sendable {
    public var name: String
    /// When it first differs.
    public var from: Measured<Double>
    /// The greatest distance between its two centres of mass, and when.
    public var largestDistance: Measured<Double>
    public var largestDistanceTime: Measured<Double>
    public var finalDistance: Measured<Double>

    enum CodingKeys: String, CodingKey {
      case name, from
      case largestDistance = "largest_distance"
      case largestDistanceTime = "largest_distance_time"
      case finalDistance = "final_distance"
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

  /// nil where the two move alike.
  static func departure(
    of a: FluidTrack, _ b: FluidTrack, times: ArraySlice<Double>, _ tolerance: Double
  ) -> ComparisonAnswer.Fluid? {
    var start: Double?
    var (distance, distanceTime, last) = (0.0, 0.0, 0.0)
    for (time, pair) in zip(times, zip(a.centersOfMass, b.centersOfMass)) {
      last = (pair.1 - pair.0).length
      if start == nil, last > tolerance { start = time }
      if last > distance { (distance, distanceTime) = (last, time) }
    }
    return start.map {
      ComparisonAnswer.Fluid(
        name: a.name, from: Measured($0, "s"), largestDistance: Measured(distance, "m"),
        largestDistanceTime: Measured(distanceTime, "s"), finalDistance: Measured(last, "m"))
    }
  }
}
