import Foundation
import WorldCore

/// A body flies on through what is fixed, as if it weren't there; at lesser severities it sinks in by 0.5 or 1.2 of its radii
/// before it bounces, which takes it a third of a second.
struct PassThroughWall: ViolationFamily {
  let name = "interpenetration"
  let law = "solidity"
  let evidence = Evidence.tracks
  let isOpenWithoutScene = true

  private static let duration = 0.33

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    let impacts = world.impacts(betweenMovers: false)
    guard !impacts.isEmpty else { return nil }
    let (contact, body, sample) = impacts[stream.index(below: min(3, impacts.count))]
    let track = world.trajectory.body(body)!
    if severity == .gross {
      let before = max(0, sample - 1)
      let path = FreePath(world, body: body).states(
        from: track.states[before], at: before, gravity: world.gravity, isSolid: false)
      return BrokenWorld(world, trajectory: world.replacing(body, from: before, with: path), onset: contact.time, body: body)
    }
    // Into the solid and out again on half a sine, along the surface as it would have gone; then on its way, so much later.
    let normal = contact.bodies[0] == body ? contact.normal : contact.normal * -1
    let depth = severity.of(0.5, 1.2, 1.2) * world.innerRadius(of: body)
    let touching = track.states[sample]
    let along = touching.velocity - normal * touching.velocity.dot(normal)
    let count = max(2, Int(Self.duration / world.step))
    var path = (0..<count).map { k -> BodyState in
      var state = touching
      let sunk: Double = depth * sin(.pi * Double(k) / Double(count))
      state.position += along * (Double(k) * world.step)
      state.position -= normal * sunk
      return state
    }
    let shift = along * (Double(count) * world.step)
    path += track.states[sample...].map { state in
      var state = state
      state.position += shift
      return state
    }
    return BrokenWorld(world, trajectory: world.replacing(body, from: sample, with: path), onset: contact.time, body: body)
  }
}

/// Two bodies pass through each other: neither is turned; at lesser severities they come to 0.8 or 0.4 of the distance at which
/// they touch before they part.
struct PassThroughBody: ViolationFamily {
  let name = "ghost-bodies"
  let law = "solidity"
  let evidence = Evidence.tracks
  let isOpenWithoutScene = true

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    for (contact, _, sample) in world.impacts(betweenMovers: true).prefix(4) {
      let before = max(0, sample - 2)
      let tracks = contact.bodies.map { world.trajectory.body($0)! }
      let reach = (tracks[0].states[sample].position - tracks[1].states[sample].position).length
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
