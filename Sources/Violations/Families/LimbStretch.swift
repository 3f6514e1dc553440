import WorldCore

/// A long body grows along its length alone in the air, within 0.4 s: to 1.15, 1.6, 3 times of it.
struct LimbStretch: ViolationFamily {
  let name = "limb-stretches"
  let law = "limbs"
  let evidence = Evidence.tracks

  /// A body so much longer than it is wide is long.
  private static let long = 2.0

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    let flights = world.flights().filter { world.lengthAxis(of: $0.body, atLeast: Self.long) != nil }
    guard !flights.isEmpty else { return nil }
    let flight = flights[stream.index(below: min(3, flights.count))]
    guard let start = world.onset(in: flight, from: &stream), let axis = world.lengthAxis(of: flight.body, atLeast: Self.long)
    else { return nil }
    let onset = world.trajectory.times[start]
    var factors = Vector3(repeating: 1)
    factors[axis] = severity.of(1.15, 1.6, 3)
    var broken = BrokenWorld(world, onset: onset, body: flight.body)
    broken.growth = .init(body: flight.body, from: onset, to: onset + 0.4, factors: factors)
    return broken
  }
}

extension ValidWorld {
  /// Which of the axes of its frame a body is longest along; nil where that is less than a factor longer than the others.
  fileprivate func lengthAxis(of body: String, atLeast factor: Double) -> Int? {
    guard let vertices = item(of: body)?.shape.tessellated().vertices, let first = vertices.first else { return nil }
    let (lower, upper) = vertices.reduce((first, first)) { (pointwiseMin($0.0, $1), pointwiseMax($0.1, $1)) }
    let extents = upper - lower
    let order = (0..<3).sorted { extents[$0] > extents[$1] }
    return extents[order[0]] >= factor * extents[order[1]] ? order[0] : nil
  }
}
