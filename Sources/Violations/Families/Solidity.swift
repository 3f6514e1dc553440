import WorldCore

/// A body flies on through what is fixed, as if it weren't there; at lesser severities it sinks in by 0.3 or 1 of its radii before it
/// bounces.
struct PassThroughWall: ViolationFamily {
  let name = "interpenetration"
  let law = "solidity"
  let evidence = Evidence.tracks

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    let impacts = world.impacts(betweenMovers: false)
    guard let (contact, body, sample) = impacts.first else { return nil }
    let before = max(0, sample - 1)
    let track = world.trajectory.body(body)!
    let free = FreePath(world, body: body)
    guard severity < .gross else {
      let path = free.states(from: track.states[before], at: before, gravity: world.gravity, isSolid: false)
      return BrokenWorld(world, trajectory: world.replacing(body, from: before, with: path), onset: contact.time, body: body)
    }
    // It meets the surface that much later, and comes back as it would have.
    let normal = contact.bodies[0] == body ? contact.normal : contact.normal * -1
    let depth = severity.of(0.3, 1, 1) * world.innerRadius(of: body)
    let delay = Int((depth / max(contact.approachSpeed, 0.1) / world.step).rounded(.up))
    let inward = free.states(from: track.states[before], at: before, gravity: world.gravity, isSolid: false)
    var path = Array(inward.prefix(delay + 1))
    let shift = path.last!.position - track.states[min(sample, track.states.count - 1)].position
    // The way back takes as long; the shift dies with it.
    for k in sample..<max(sample, track.states.count - delay) {
      var state = track.states[k]
      let left = max(0, 1 - Double(k - sample) / Double(max(delay, 1)))
      state.position += normal * (shift.dot(normal) * left)
      path.append(state)
    }
    return BrokenWorld(world, trajectory: world.replacing(body, from: before, with: path), onset: contact.time, body: body)
  }
}

/// Two bodies pass through each other: neither is turned; at lesser severities they come to 0.8 or 0.4 of the distance at which they touch
/// before they part.
struct PassThroughBody: ViolationFamily {
  let name = "ghost-bodies"
  let law = "solidity"
  let evidence = Evidence.tracks

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    for (contact, _, sample) in world.impacts(betweenMovers: true).prefix(4) {
      let before = max(0, sample - 2)
      let tracks = contact.bodies.map { world.trajectory.body($0)! }
      let reach = tracks.reduce(0) { $0 + world.innerRadius(of: $1.name) }
      let overlap = reach * severity.of(0.2, 0.6, 1)
      let delay = Int((overlap / max(contact.approachSpeed, 0.1) / world.step).rounded(.up))
      var edited = world.trajectory
      for track in tracks {
        let start = track.states[before]
        // Along the old way until they are so deep in each other, and for ever where nothing is to turn them.
        let length = severity == .gross ? track.states.count - before : min(delay + 2, track.states.count - before)
        var path = (0..<length).map { k -> BodyState in
          var state = start
          state.position += start.velocity * (Double(k) * world.step)
          return state
        }
        if severity < .gross {
          // From there each goes the way it would have gone, from where it is.
          let turned = track.states[min(sample + 1, track.states.count - 1)]
          let offset = path.last!.position - turned.position
          for k in (sample + 1)..<max(sample + 1, track.states.count - delay) {
            var state = track.states[k]
            state.position += offset
            path.append(state)
          }
        }
        let index = world.index(of: track.name)
        for (k, state) in path.enumerated() where before + k < edited.times.count {
          edited.bodies[index].states[before + k] = state
        }
      }
      return BrokenWorld(world, trajectory: edited, onset: contact.time, body: contact.bodies[0])
    }
    return nil
  }
}
