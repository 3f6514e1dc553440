extension Trajectory {
  /// The grid cell that holds `time` and the fraction of it that has passed; times outside are taken to the nearest end.
  public func cell(at time: Double) -> (index: Int, fraction: Double) {
    guard times.count > 1, let last = times.last, time > times[0] else { return (0, 0) }
    guard time < last else { return (times.count - 2, 1) }
    // The grid is even, so a division finds the cell; the loops mend its last bit.
    var index = min(Int((time - times[0]) / (times[1] - times[0])), times.count - 2)
    while index > 0 && times[index] > time { index -= 1 }
    while index < times.count - 2 && times[index + 1] <= time { index += 1 }
    return (index, (time - times[index]) / (times[index + 1] - times[index]))
  }

  /// A body's state at any time: a cubic Hermite curve in position, the shortest arc in orientation.
  public func state(of body: BodyTrack, at time: Double) -> BodyState {
    let (index, t) = cell(at: time)
    if t == 0 || body.states.count < 2 { return body.states[min(index, body.states.count - 1)] }
    if t == 1 { return body.states[index + 1] }
    let (a, b) = (body.states[index], body.states[index + 1])
    let h = times[index + 1] - times[index]
    let (t2, t3) = (t * t, t * t * t)
    var state = BodyState(position: a.position * (2 * t3 - 3 * t2 + 1))
    state.position += b.position * (3 * t2 - 2 * t3)
    state.position += a.velocity * (h * (t3 - 2 * t2 + t))
    state.position += b.velocity * (h * (t3 - t2))
    state.orientation = a.orientation.slerp(to: b.orientation, t)
    state.velocity = a.velocity + (b.velocity - a.velocity) * t
    state.angularVelocity = a.angularVelocity + (b.angularVelocity - a.angularVelocity) * t
    return state
  }
}
