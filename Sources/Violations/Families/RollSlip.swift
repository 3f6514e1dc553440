import WorldCore

/// A patterned ball that rolls over the ground turns too slowly for its way, or backwards: by 0.75, 0.4, −1 times as much as it
/// did, while it goes on as before.
struct RollSlip: ViolationFamily {
  let name = "roll-slips"
  let law = "rolling"
  let evidence = Evidence.tracks

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    // Without gravity nothing presses a ball to the ground.
    guard world.gravity.length > 0 else { return nil }
    for (body, range) in world.steadyRides() {
      guard let item = world.item(of: body), case .sphere = item.shape, item.surface.pattern != nil else { continue }
      let start = range.lowerBound + Int(stream.uniform(in: 0.2...0.45) * Double(range.count))
      let states = world.trajectory.body(body)!.states
      let onset = world.trajectory.times[start]
      guard world.isInView(states[start].position, at: onset, margin: 3) else { continue }
      let factor = severity.of(0.75, 0.4, -1)
      var orientation = states[start].orientation
      let path = (start..<states.count).map { k -> BodyState in
        var state = states[k]
        state.angularVelocity *= factor
        if k > start {
          orientation = (Quaternion(rotationVector: state.angularVelocity * world.step) * orientation).normalized
        }
        state.orientation = orientation
        return state
      }
      return BrokenWorld(world, trajectory: world.replacing(body, from: start, with: path), onset: onset, body: body)
    }
    return nil
  }
}
