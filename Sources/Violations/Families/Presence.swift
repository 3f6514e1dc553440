import WorldCore

/// A body is gone, in the open: for 2 frames, for 0.3 s, for good.
struct Vanish: ViolationFamily {
  let name = "vanish"
  let law = "permanence"
  let evidence = Evidence.tracks

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    guard let flight = world.flight(from: &stream), let start = world.onset(in: flight, from: &stream) else { return nil }
    let gap = severity.of(2 / world.stage.picture.framesPerSecond, 0.3, Double.infinity)
    let end = gap.isFinite ? world.sample(at: world.trajectory.times[start] + gap) : world.trajectory.times.count
    return BrokenWorld(
      world, trajectory: world.hiding(flight.body, during: start..<end), onset: world.trajectory.times[start], body: flight.body
    )
  }
}

/// A body is suddenly there, in the open, in mid-flight: after 2 frames, 0.3 s or half its flight in which it wasn't.
struct Appear: ViolationFamily {
  let name = "appear"
  let law = "permanence"
  let evidence = Evidence.tracks

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    guard let flight = world.flight(from: &stream), let onset = world.onset(in: flight, from: &stream) else { return nil }
    // Unseen from the first frame on: so its appearance can't be the end of an occlusion.
    guard severity > .slight else {
      let gap = Int(2 / world.stage.picture.framesPerSecond / world.step)
      let broken = world.hiding(flight.body, during: max(0, onset - gap)..<onset)
      return BrokenWorld(world, trajectory: broken, onset: world.trajectory.times[onset], body: flight.body)
    }
    return BrokenWorld(
      world, trajectory: world.hiding(flight.body, during: 0..<onset), onset: world.trajectory.times[onset], body: flight.body)
  }
}

/// A second body of the same looks comes out of the first and goes its own way, parting at 0.3, 1 or 3 m/s.
struct Duplicate: ViolationFamily {
  let name = "duplicate"
  let law = "permanence"
  let evidence = Evidence.tracks

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    guard let flight = world.flight(from: &stream), let start = world.onset(in: flight, from: &stream),
      var item = world.item(of: flight.body)
    else { return nil }
    var twin = world.trajectory.body(flight.body)!
    let viewpoint = world.stage.viewpoint(at: world.trajectory.times[start], of: world.trajectory)
    var state = twin.states[start]
    let side = state.velocity.dot(viewpoint.right) > 0 ? viewpoint.right * -1 : viewpoint.right
    state.velocity += (side * 0.8 + viewpoint.up * 0.6) * severity.of(0.3, 1, 3)
    let path = FreePath(world, body: flight.body).states(from: state, at: start, gravity: world.gravity)
    item.name = flight.body + "'"
    twin.name = item.name
    for k in twin.states.indices {
      if k < start {
        twin.states[k].position = BrokenWorld.nowhere
      } else if k - start < path.count {
        twin.states[k] = path[k - start]
      }
    }
    var broken = BrokenWorld(world, onset: world.trajectory.times[start], body: item.name)
    broken.stage.items.append(item)
    broken.trajectory.bodies.append(twin)
    return broken
  }
}

extension ValidWorld {
  /// The body is nowhere at those samples.
  func hiding(_ body: String, during samples: Range<Int>) -> Trajectory {
    var edited = trajectory
    let index = index(of: body)
    for k in samples where k < edited.times.count {
      edited.bodies[index].states[k].position = BrokenWorld.nowhere
      edited.bodies[index].states[k].velocity = .zero
    }
    return edited
  }
}
