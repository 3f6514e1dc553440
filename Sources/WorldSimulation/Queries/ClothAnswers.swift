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

extension WorldHistory {
  /// Cloths whose vertices are recorded, as they are at a time within `span`; nil where there are none.
  func cloths(at time: Double, named name: String? = nil) -> [StateAnswer.Cloth]? {
    let chosen = trajectory.cloths.filter { $0.samples > 0 && (name == nil || $0.name == name) }
    guard !chosen.isEmpty else { return nil }
    return chosen.map { cloth in
      let bounds = bounds(of: cloth, at: time)
      return StateAnswer.Cloth(
        name: cloth.name, centerOfMass: Measured(centerOfMass(of: cloth, at: time), "m"),
        lower: Measured(bounds.lower, "m"), upper: Measured(bounds.upper, "m"))
    }
  }

  /// m
  func centerOfMass(of cloth: ClothTrack, at time: Double) -> Vector3 {
    var now = ClothTrack(name: cloth.name, rows: cloth.rows, columns: cloth.columns, mass: cloth.mass)
    now.append(trajectory.vertices(of: cloth, at: time))
    return now.centerOfMass(at: 0)
  }

  /// The least and the greatest coordinates of its vertices, m.
  func bounds(of cloth: ClothTrack, at time: Double) -> (lower: Vector3, upper: Vector3) {
    let vertices = trajectory.vertices(of: cloth, at: time)
    return (vertices.reduce(vertices[0], pointwiseMin), vertices.reduce(vertices[0], pointwiseMax))
  }
}
