import WorldCore

/// A rigid body changes its size or shape within 0.4 s, in the open.
struct SizeChange: ViolationFamily {
  let name: String
  let law = "rigidity"
  let evidence = Evidence.tracks
  private let factors: @Sendable (Severity) -> Vector3

  /// To 0.9, 0.7, 0.4 of its diameter.
  static let shrink = SizeChange(name: "shrink") { Vector3(repeating: $0.of(0.9, 0.7, 0.4)) }
  /// To 1.1, 1.4, 2 times its diameter.
  static let grow = SizeChange(name: "grow") { Vector3(repeating: $0.of(1.1, 1.4, 2)) }
  /// It flattens at its volume: 1.2, 1.6, 2.5 times as wide.
  static let melt = SizeChange(name: "shape-melt") { severity in
    let wide = severity.of(1.2, 1.6, 2.5)
    return Vector3(wide, wide, 1 / (wide * wide))
  }

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    guard let flight = world.flight(from: &stream), let start = world.onset(in: flight, from: &stream) else { return nil }
    let onset = world.trajectory.times[start]
    var broken = BrokenWorld(world, onset: onset, body: flight.body)
    broken.growth = .init(body: flight.body, from: onset, to: onset + 0.4, factors: factors(severity))
    return broken
  }
}
