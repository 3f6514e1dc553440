import WorldCore

/// What `distance A B --at T` answers.
public struct DistanceAnswer: Codable, Equatable, Sendable {
  public var query = "distance"
  public var time: Measured<Double>
  public var bodies: [String]
  /// Between the centres of mass.
  public var distance: Measured<Double>
  /// From the first centre of mass to the second, world frame.
  public var separation: Measured<[Double]>
  /// How fast the distance grows; negative as they approach.
  public var rate: Measured<Double>
  public var touching: Bool
}

extension WorldHistory {
  /// - Parameter time: seconds, within `span`.
  public func distance(from first: String, to second: String, at time: Double) throws(QueryError) -> DistanceAnswer {
    try check(time)
    let (a, b) = (try index(of: first), try index(of: second))
    let (from, to) = (state(ofBody: a, at: time), state(ofBody: b, at: time))
    let separation = to.position - from.position
    return DistanceAnswer(
      time: Measured(time, "s"), bodies: [first, second], distance: Measured(separation.length, "m"),
      separation: Measured(separation, "m"),
      rate: Measured(separation.normalized.dot(to.velocity - from.velocity), "m/s"), touching: areTouching(a, b, at: time))
  }
}
