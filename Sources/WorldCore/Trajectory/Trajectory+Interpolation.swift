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
  ///
  /// In a cell where it was struck, it flies on from the sample before and back from the sample after, and the two meet at the
  /// recorded time of impact: a velocity jumps where it jumped in truth.
  public func state(of body: BodyTrack, at time: Double) -> BodyState {
    let (index, t) = cell(at: time)
    if t == 0 || body.states.count < 2 { return body.states[min(index, body.states.count - 1)] }
    if t == 1 { return body.states[index + 1] }
    if body.motion == .dynamic, let (first, last) = strikes(on: body, inCell: index) {
      return state(of: body, struckFrom: first, to: last, at: time, cell: index)
    }
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

// MARK: Impacts between samples

extension Trajectory {
  private func state(
    of body: BodyTrack, struckFrom first: Double, to last: Double, at time: Double, cell: Int
  ) -> BodyState {
    if time < first { return flight(of: body, from: cell, cell: cell, to: time) }
    if time >= last { return flight(of: body, from: cell + 1, cell: cell, to: time) }
    // Between two impacts of one cell nothing but the ends is known.
    let a = flight(of: body, from: cell, cell: cell, to: first)
    let b = flight(of: body, from: cell + 1, cell: cell, to: last)
    let t = (time - first) / (last - first)
    return BodyState(
      position: a.position + (b.position - a.position) * t, orientation: a.orientation.slerp(to: b.orientation, t),
      velocity: (b.position - a.position) / (last - first), angularVelocity: b.angularVelocity)
  }

  /// Free flight from a sample at one end of a cell towards an impact inside it.
  private func flight(of body: BodyTrack, from sample: Int, cell: Int, to time: Double) -> BodyState {
    let origin = body.states[sample]
    let elapsed = time - times[sample]
    let acceleration = acceleration(of: body, beside: sample, cell: cell)
    var state = BodyState(position: origin.position + origin.velocity * elapsed + acceleration * (elapsed * elapsed / 2))
    state.velocity = origin.velocity + acceleration * elapsed
    state.angularVelocity = origin.angularVelocity
    state.orientation = (Quaternion(rotationVector: origin.angularVelocity * elapsed) * origin.orientation).normalized
    return state
  }

  /// The mean acceleration in the neighbouring cell on the sample's own side; zero where that cell saw an impact, or is none.
  private func acceleration(of body: BodyTrack, beside sample: Int, cell: Int) -> Vector3 {
    let (a, b) = sample == cell ? (sample - 1, sample) : (sample, sample + 1)
    guard a >= 0, b < min(times.count, body.states.count), strikes(on: body, inCell: a) == nil else { return .zero }
    return (body.states[b].velocity - body.states[a].velocity) / (times[b] - times[a])
  }

  /// When a body is struck for the first and the last time after a sample and up to the next one; nil where it isn't.
  private func strikes(on body: BodyTrack, inCell cell: Int) -> (first: Double, last: Double)? {
    var (low, high) = (0, contacts.count)
    while low < high {
      let middle = (low + high) / 2
      if contacts[middle].time > times[cell] { high = middle } else { low = middle + 1 }
    }
    var found: (first: Double, last: Double)?
    for contact in contacts[low...] {
      if contact.time > times[cell + 1] { break }
      guard contact.kind == .impact, contact.involves(body.name) else { continue }
      found = (found?.first ?? contact.time, contact.time)
    }
    return found
  }
}
