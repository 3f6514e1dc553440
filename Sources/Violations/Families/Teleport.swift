import Foundation
import WorldCore

/// A body is suddenly elsewhere, 0.5, 2 or 5 of its radii away across the picture, and flies on with its velocity.
struct Teleport: ViolationFamily {
  let name = "teleport"
  let law = "continuity"
  let evidence = Evidence.tracks

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    for flight in world.flights().prefix(3) {
      guard let start = world.onset(in: flight, from: &stream) else { continue }
      var state = world.trajectory.body(flight.body)!.states[start]
      let time = world.trajectory.times[start]
      let viewpoint = world.stage.viewpoint(at: time, of: world.trajectory)
      let distance = severity.of(0.5, 2, 5) * max(world.innerRadius(of: flight.body), 0.01)
      for _ in 0..<16 {
        let angle = stream.uniform(in: -.pi...(.pi))
        let place = state.position + (viewpoint.right * cos(angle) + viewpoint.up * sin(angle)) * distance
        guard world.isInView(place, at: time, margin: 4), place.z > state.position.z - 0.5 * distance else { continue }
        state.position = place
        let path = FreePath(world, body: flight.body).states(from: state, at: start, gravity: world.gravity)
        return BrokenWorld(
          world, trajectory: world.replacing(flight.body, from: start, with: path), onset: time, body: flight.body)
      }
    }
    return nil
  }
}
