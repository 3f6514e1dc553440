import Foundation
import WorldCore

/// In the middle of a flight a body is pushed where nothing touches it: its velocity jumps across the picture by 0.3, 1 or 3
/// m/s.
struct GhostContact: ViolationFamily {
  let name = "ghost-contact"
  let law = "contact"
  let evidence = Evidence.tracks

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    // Without gravity it would be a turn by itself.
    guard world.gravity.length > 0, let flight = world.flight(from: &stream), let start = world.onset(in: flight, from: &stream)
    else { return nil }
    var state = world.trajectory.body(flight.body)!.states[start]
    let time = world.trajectory.times[start]
    let viewpoint = world.stage.viewpoint(at: time, of: world.trajectory)
    let angle = stream.uniform(in: -.pi...(.pi))
    state.velocity += (viewpoint.right * cos(angle) + viewpoint.up * sin(angle)) * severity.of(0.3, 1, 3)
    let path = FreePath(world, body: flight.body).states(from: state, at: start, gravity: world.gravity)
    return BrokenWorld(world, trajectory: world.replacing(flight.body, from: start, with: path), onset: time, body: flight.body)
  }
}

/// A bounce gives energy: the body leaves 1.1, 1.4 or 2 times as fast as it came, along the normal.
struct BounceGain: ViolationFamily {
  let name = "bounce-gain"
  let law = "bounce"
  let evidence = Evidence.tracks

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    let impacts = world.impacts(betweenMovers: false)
    guard !impacts.isEmpty else { return nil }
    let (contact, body, sample) = impacts[stream.index(below: min(2, impacts.count))]
    var state = world.trajectory.body(body)!.states[sample]
    let normal = contact.bodies[0] == body ? contact.normal : contact.normal * -1
    let wanted = contact.approachSpeed * severity.of(1.1, 1.4, 2)
    state.velocity += normal * (wanted - state.velocity.dot(normal))
    let path = FreePath(world, body: body).states(from: state, at: sample, gravity: world.gravity)
    return BrokenWorld(world, trajectory: world.replacing(body, from: sample, with: path), onset: contact.time, body: body)
  }
}

/// Two bodies collide and one of them leaves 1.3, 2 or 4 times as fast as it should, out of nothing.
struct MomentumCreated: ViolationFamily {
  let name = "momentum-created"
  let law = "momentum"
  let evidence = Evidence.tracks

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    for (contact, _, sample) in world.impacts(betweenMovers: true).prefix(3) {
      let after = min(sample + 1, world.trajectory.times.count - 1)
      let speeds = contact.bodies.map { ($0, world.trajectory.body($0)!.states[after].velocity.length) }
      guard let fastest = speeds.max(by: { $0.1 < $1.1 }), fastest.1 > 0.3 else { continue }
      // On the way it goes, faster: whatever holds it (a table, a track) holds it still.
      let factor = severity.of(1.3, 2.0, 4.0)
      let edited = Retiming(world, body: fastest.0).faster(by: factor, from: after)
      return BrokenWorld(world, trajectory: edited, onset: contact.time, body: fastest.0)
    }
    return nil
  }
}

/// A body that another one will strike sets off 0.05, 0.15 or 0.4 s before it is touched.
struct EarlyStart: ViolationFamily {
  let name = "early-start"
  let law = "inertia"
  let evidence = Evidence.tracks

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    for (contact, _, sample) in world.impacts(betweenMovers: true).prefix(6) {
      for body in contact.bodies {
        let states = world.trajectory.body(body)!.states
        guard sample > 2, states[sample - 2].velocity.length < 0.02,
          states[min(sample + 1, states.count - 1)].velocity.length > 0.2
        else { continue }
        let lead = Int(severity.of(0.05, 0.15, 0.4) / world.step)
        guard sample - lead > Int(0.1 / world.step) else { continue }
        let path = Array(states[sample...])
        return BrokenWorld(
          world, trajectory: world.replacing(body, from: sample - lead, with: path + Array(repeating: path.last!, count: lead)),
          onset: world.trajectory.times[sample - lead], body: body)
      }
    }
    return nil
  }
}
