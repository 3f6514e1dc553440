import WorldCore

/// One body's own path, walked at another pace: nothing is passed through that wasn't.
struct Retiming {
  private let world: ValidWorld
  private let body: String

  init(_ world: ValidWorld, body: String) { (self.world, self.body) = (world, body) }

  /// From a sample on so many times as fast; past the path's end the last velocity goes on.
  func faster(by factor: Double, from sample: Int) -> Trajectory {
    along(from: sample) { $0 * factor }
  }

  /// From a sample on the path is where it would have been `progress(t)` seconds after it, t seconds after it.
  func along(from sample: Int, progress: (Double) -> Double) -> Trajectory {
    let (times, track) = (world.trajectory.times, world.trajectory.body(body)!)
    let (start, last) = (times[sample], times[times.count - 1])
    let path = (sample..<times.count).map { k -> BodyState in
      let (now, nearby) = (progress(times[k] - start), progress(times[k] - start + 1e-4))
      let rate = (nearby - now) / 1e-4
      let beyond = max(0, start + now - last)
      var state = world.trajectory.state(of: track, at: min(start + now, last))
      state.position += state.velocity * beyond
      state.velocity *= rate
      state.angularVelocity *= rate
      return state
    }
    return world.replacing(body, from: sample, with: path)
  }
}
