import WorldCore

/// One body's time runs slower from the middle of its flight on: to 0.8, 0.5, 0.2 of its pace, on the very path it would have
/// taken.
struct Stall: ViolationFamily {
  let name = "slow-body"
  let law = "gravity"
  let evidence = Evidence.tracks

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    guard world.gravity.length > 0, let flight = world.flight(from: &stream), let start = world.onset(in: flight, from: &stream)
    else {
      return nil
    }
    return BrokenWorld(
      world, trajectory: Retiming(world, body: flight.body).faster(by: severity.of(0.8, 0.5, 0.2), from: start),
      onset: world.trajectory.times[start], body: flight.body)
  }
}

/// A body spins otherwise from the middle of its flight on, with nothing to turn it: by 2, 5, 10 rad/s about the line of sight.
/// More than that a film's frames wouldn't tell from less.
struct SpinChange: ViolationFamily {
  let name = "spin-change"
  let law = "airborne-body"
  let evidence = Evidence.tracks

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    guard let flight = world.flight(from: &stream), let start = world.onset(in: flight, from: &stream) else { return nil }
    let states = world.trajectory.body(flight.body)!.states
    let axis = world.stage.viewpoint(at: world.trajectory.times[start], of: world.trajectory).forward
    let more = axis * severity.of(2, 5, 10)
    let path = (start..<states.count).map { k -> BodyState in
      var state = states[k]
      state.orientation = Quaternion(rotationVector: more * (Double(k - start) * world.step)) * state.orientation
      state.angularVelocity += more
      return state
    }
    return BrokenWorld(
      world, trajectory: world.replacing(flight.body, from: start, with: path), onset: world.trajectory.times[start],
      body: flight.body)
  }
}
