import WorldCore

extension StateAnswer {
  /// One cloth at an instant.
  public struct Cloth: Codable, Equatable, Sendable {
    public var name: String
    public var centerOfMass: Measured<[Double]>
    /// The least and the greatest coordinates of its vertices.
    public var lower: Measured<[Double]>
    public var upper: Measured<[Double]>

    enum CodingKeys: String, CodingKey {
      case name, lower, upper
      case centerOfMass = "center_of_mass"
    }
  }
}

extension ComparisonAnswer {
  /// A cloth that moves otherwise.
  public struct Cloth: Codable, Equatable, Sendable {
    public var name: String
    /// When it first differs.
    public var from: Measured<Double>
    /// The greatest distance between the two places of any vertex, and when.
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
  /// Cloths whose vertices are recorded, as they are at a time within `span`; nil where there are none.
  func cloths(at time: Double, named name: String? = nil) -> [StateAnswer.Cloth]? {
    let chosen = trajectory.cloths.filter { $0.samples > 0 && (name == nil || $0.name == name) }
    guard !chosen.isEmpty else { return nil }
    return chosen.map { cloth in
      let vertices = trajectory.vertices(of: cloth, at: time)
      var now = ClothTrack(name: cloth.name, rows: cloth.rows, columns: cloth.columns, mass: cloth.mass)
      now.append(vertices)
      return StateAnswer.Cloth(
        name: cloth.name, centerOfMass: Measured(now.centerOfMass(at: 0), "m"),
        lower: Measured(vertices.reduce(vertices[0], pointwiseMin), "m"),
        upper: Measured(vertices.reduce(vertices[0], pointwiseMax), "m"))
    }
  }

  /// nil where the two move alike, or can't be compared vertex by vertex.
  static func departure(
    of a: ClothTrack, _ b: ClothTrack, times: ArraySlice<Double>, _ tolerance: Double
  ) -> ComparisonAnswer.Cloth? {
    guard a.count == b.count, min(a.samples, b.samples) >= times.count else { return nil }
    var start: Double?
    var (distance, distanceTime, last) = (0.0, 0.0, 0.0)
    for (sample, time) in times.enumerated() {
      last = zip(a.vertices(at: sample), b.vertices(at: sample)).reduce(0) { max($0, ($1.1 - $1.0).length) }
      if start == nil, last > tolerance { start = time }
      if last > distance { (distance, distanceTime) = (last, time) }
    }
    return start.map {
      ComparisonAnswer.Cloth(
        name: a.name, from: Measured($0, "s"), largestDistance: Measured(distance, "m"),
        largestDistanceTime: Measured(distanceTime, "s"), finalDistance: Measured(last, "m"))
    }
  }
}
