import WorldCore

/// In the middle of a flight a body stops in the air and stays there for 0.1, 0.3 or 1 s; then it falls.
struct Hover: ViolationFamily {
  let name = "hover"
  let law = "gravity"
  let evidence = Evidence.tracks

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    guard world.gravity.length > 0, let flight = world.flight(from: &stream), let start = world.onset(in: flight, from: &stream)
    else {
      return nil
    }
    var held = world.trajectory.body(flight.body)!.states[start]
    (held.velocity, held.angularVelocity) = (.zero, .zero)
    let count = Int(severity.of(0.1, 0.3, 1.0) / world.step)
    let end = min(start + count, world.trajectory.times.count - 1)
    let fall = FreePath(world, body: flight.body).states(from: held, at: end, gravity: world.gravity)
    let path = Array(repeating: held, count: end - start) + fall
    return BrokenWorld(
      world, trajectory: world.replacing(flight.body, from: start, with: path), onset: world.trajectory.times[start],
      body: flight.body)
  }
}
