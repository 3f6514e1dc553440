import WorldCore

/// From the middle of a flight on, gravity acts on one body otherwise than on the world.
struct GravityChange: ViolationFamily {
  let name: String
  let law = "gravity"
  let evidence = Evidence.tracks
  var isOpenWithoutScene: Bool { name == "gravity-half" }
  /// The gravity that acts on the body, by that of the world, a unit vector across it, and the severity.
  private let acting: @Sendable (Vector3, Vector3, Severity) -> Vector3

  /// A part of it goes: a quarter, 60 %, all.
  static let off = GravityChange(name: "gravity-off") { g, _, s in g * s.of(0.75, 0.4, 0) }
  /// The whole world's gravity is too small from the first frame on: unseen without a scale. 0.85, 0.5, 0.25 of it is left.
  static let half = GravityChange(name: "gravity-half") { g, _, s in g * s.of(0.85, 0.5, 0.25) }
  /// It turns to the side by 15°, 45°, 90°.
  static let sideways = GravityChange(name: "gravity-sideways") { g, across, s in
    let (c, n) = s.of((0.966, 0.259), (0.707, 0.707), (0, 1))
    return g * c + across * (g.length * n)
  }
  /// It pulls up: 0.1, 0.5, 1 of it.
  static let upward = GravityChange(name: "gravity-upward") { g, _, s in g * s.of(-0.1, -0.5, -1) }

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    guard world.gravity.length > 0, let flight = world.flight(from: &stream) else { return nil }
    let track = world.trajectory.body(flight.body)!
    var across = track.states[flight.samples.lowerBound].velocity
    across -= world.gravity.normalized * across.dot(world.gravity.normalized)
    // Across gravity in the picture, against the way it goes.
    across = across.length > 0.05 ? across.normalized * -1 : world.gravity.anyPerpendicular
    let gravity = acting(world.gravity, across, severity)
    let start: Int
    if name == "gravity-half" {
      start = 0
    } else {
      guard let onset = world.onset(in: flight, from: &stream) else { return nil }
      start = onset
    }
    let path = FreePath(world, body: flight.body).states(from: track.states[start], at: start, gravity: gravity)
    return BrokenWorld(
      world, trajectory: world.replacing(flight.body, from: start, with: path), onset: world.trajectory.times[start],
      body: flight.body)
  }
}
