public import WorldCore

/// A recorded world that can be asked about any instant, between samples too.
public struct WorldHistory: Sendable {
  public let trajectory: Trajectory
  private let indices: [String: Int]
  private let contactSpans: [Pair: [ClosedRange<Double>]]

  public init(_ trajectory: Trajectory) {
    self.trajectory = trajectory
    var indices: [String: Int] = [:]
    for (i, body) in trajectory.bodies.enumerated() { indices[body.name] = i }
    self.indices = indices
    contactSpans = Self.spans(of: trajectory)
  }

  /// Seconds, the first and the last sample.
  public var span: ClosedRange<Double> { (trajectory.times.first ?? 0)...(trajectory.times.last ?? 0) }

  /// The index of the body of that name.
  public func body(_ name: String) -> Int? { indices[name] }

  // MARK: Motion

  /// Place and motion of a body at a time within `span`.
  public func state(ofBody index: Int, at time: Double) -> BodyState {
    trajectory.state(of: trajectory.bodies[index], at: time)
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
