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
      let vertices = trajectory.vertices(of: cloth, at: time)
      var now = ClothTrack(name: cloth.name, rows: cloth.rows, columns: cloth.columns, mass: cloth.mass)
      now.append(vertices)
      return StateAnswer.Cloth(
        name: cloth.name, centerOfMass: Measured(now.centerOfMass(at: 0), "m"),
        lower: Measured(vertices.reduce(vertices[0], pointwiseMin), "m"),
        upper: Measured(vertices.reduce(vertices[0], pointwiseMax), "m"))
    }
  }
}
