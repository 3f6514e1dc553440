public import WorldCore

/// A recorded world that can be asked about any instant, between samples too.
///
/// Between samples a body follows a cubic Hermite curve; in a cell where it was struck, it flies on from the sample before and
/// back from the sample after, and the two meet at the recorded time of impact. So a velocity jumps where it jumped in truth.
public struct WorldHistory: Sendable {
  public let trajectory: Trajectory
  private let indices: [String: Int]
  /// Of each body, ascending, s.
  private let impactTimes: [[Double]]
  private let contactSpans: [Pair: [ClosedRange<Double>]]

  public init(_ trajectory: Trajectory) {
    self.trajectory = trajectory
    var indices: [String: Int] = [:]
    for (i, body) in trajectory.bodies.enumerated() { indices[body.name] = i }
    var impactTimes = [[Double]](repeating: [], count: trajectory.bodies.count)
    for contact in trajectory.contacts where contact.kind == .impact {
      for name in contact.bodies {
        if let body = indices[name] { impactTimes[body].append(contact.time) }
      }
    }
    self.indices = indices
    self.impactTimes = impactTimes
    contactSpans = Self.spans(of: trajectory)
  }

  /// Seconds, the first and the last sample.
  public var span: ClosedRange<Double> { (trajectory.times.first ?? 0)...(trajectory.times.last ?? 0) }

  /// The index of the body of that name.
  public func body(_ name: String) -> Int? { indices[name] }

  // MARK: Motion

  /// Place and motion of a body at a time within `span`.
  public func state(ofBody index: Int, at time: Double) -> BodyState {
    let body = trajectory.bodies[index]
    let (cell, fraction) = trajectory.cell(at: time)
    guard body.motion == .dynamic, fraction > 0, fraction < 1 else { return trajectory.state(of: body, at: time) }
    let (start, end) = (trajectory.times[cell], trajectory.times[cell + 1])
    let strikes = impacts(ofBody: index, after: start, upTo: end)
    guard let first = strikes.first, let last = strikes.last else { return trajectory.state(of: body, at: time) }
    if time < first { return flight(body, from: cell, cell: cell, to: time) }
    if time >= last { return flight(body, from: cell + 1, cell: cell, to: time) }
    // Between two impacts of one cell nothing but the ends is known.
    let (a, b) = (
      flight(body, from: cell, cell: cell, to: first),
      flight(body, from: cell + 1, cell: cell, to: last)
    )
    let t = (time - first) / (last - first)
    return BodyState(
      position: a.position + (b.position - a.position) * t, orientation: a.orientation.slerp(to: b.orientation, t),
      velocity: (b.position - a.position) / (last - first), angularVelocity: b.angularVelocity)
  }

  /// Free flight from a sample at one end of a cell towards an impact inside it.
  private func flight(_ body: BodyTrack, from sample: Int, cell: Int, to time: Double) -> BodyState {
    let origin = body.states[sample]
    let elapsed = time - trajectory.times[sample]
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
    guard a >= 0, b < trajectory.times.count, let index = indices[body.name],
      impacts(ofBody: index, after: trajectory.times[a], upTo: trajectory.times[b]).isEmpty
    else { return .zero }
    return (body.states[b].velocity - body.states[a].velocity) / (trajectory.times[b] - trajectory.times[a])
  }

  private func impacts(ofBody index: Int, after start: Double, upTo end: Double) -> ArraySlice<Double> {
    let times = impactTimes[index]
    let lower = times.firstIndex(after: start)
    let upper = times.firstIndex(after: end)
    return times[lower..<upper]
  }

  // MARK: Contacts

  /// Whether two bodies touch at a time: in a lasting contact, or at the instant of an impact.
  public func areTouching(_ a: Int, _ b: Int, at time: Double) -> Bool {
    contactSpans[Pair(a, b)]?.contains { $0.contains(time) } ?? false
  }

  /// The names of the bodies that touch one at a time, in the order of the scene.
  public func neighbours(ofBody index: Int, at time: Double) -> [String] {
    trajectory.bodies.indices.filter { $0 != index && areTouching(index, $0, at: time) }.map { trajectory.bodies[$0].name }
  }

  private struct Pair: Hashable {
    var first: Int
    var second: Int

    init(_ a: Int, _ b: Int) { (first, second) = (min(a, b), max(a, b)) }
  }

  /// When which pairs touch: from each `begin` to its `end` (or the end of the recording), and at each impact's instant.
  private static func spans(of trajectory: Trajectory) -> [Pair: [ClosedRange<Double>]] {
    var indices: [String: Int] = [:]
    for (i, body) in trajectory.bodies.enumerated() { indices[body.name] = i }
    var spans: [Pair: [ClosedRange<Double>]] = [:]
    var begun: [Pair: Double] = [:]
    for contact in trajectory.contacts {
      guard contact.bodies.count == 2, let a = indices[contact.bodies[0]], let b = indices[contact.bodies[1]] else { continue }
      let pair = Pair(a, b)
      switch contact.kind {
      case .impact, .break: spans[pair, default: []].append(contact.time...contact.time)
      case .begin: begun[pair] = begun[pair] ?? contact.time
      case .end:
        let start = begun.removeValue(forKey: pair) ?? 0
        spans[pair, default: []].append(min(start, contact.time)...contact.time)
      }
    }
    for (pair, start) in begun { spans[pair, default: []].append(start...max(start, trajectory.times.last ?? start)) }
    return spans
  }

  // MARK: Instants

  /// The instants at which a quantity is looked at so that no turn is missed: samples, three points between each two, and the
  /// times of all contacts.
  var instants: [Double] {
    var instants: [Double] = []
    instants.reserveCapacity(trajectory.times.count * 4 + trajectory.contacts.count)
    for (a, b) in zip(trajectory.times, trajectory.times.dropFirst()) {
      instants.append(a)
      for quarter in 1...3 { instants.append(a + (b - a) * Double(quarter) / 4) }
    }
    if let last = trajectory.times.last { instants.append(last) }
    let contacts = trajectory.contacts.map(\.time).filter { span.contains($0) }
    return contacts.isEmpty ? instants : Array(Set(instants + contacts)).sorted()
  }
}

extension [Double] {
  /// The index of the first element greater than `value` in an ascending list.
  fileprivate func firstIndex(after value: Double) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] > value { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
