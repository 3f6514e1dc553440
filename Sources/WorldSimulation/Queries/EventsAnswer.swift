public import WorldCore

/// What `events` answers: contacts and the breaking of joints, in order of time.
public struct EventsAnswer: Codable, Equatable, Sendable {
  public var query = "events"
  public var count: Int
  public var events: [Event]

  /// A contact has all but `joint` and `load`; a joint that breaks has these two, and nothing of `normal`, `impulse`,
  /// `approachSpeed`, `restitution` and `friction`.
  public struct Event: Codable, Equatable, Sendable {
    public var kind: ContactEvent.Kind
    public var time: Measured<Double>
    /// One where a joint held a body to the world.
    public var bodies: [String]
    public var point: Measured<[Double]>
    /// From the second body to the first.
    public var normal: Measured<[Double]>?
    public var impulse: Measured<Double>?
    public var approachSpeed: Measured<Double>?
    public var restitution: Measured<Double>?
    public var friction: Measured<Double>?
    /// The name of the joint that broke.
    public var joint: String?
    /// What it bore, N; a blow counts as its impulse over 10 ms.
    public var load: Measured<Double>?

    enum CodingKeys: String, CodingKey {
      case kind, time, bodies, point, normal, impulse, restitution, friction, joint, load
      case approachSpeed = "approach_speed"
    }

    init(_ contact: ContactEvent) {
      kind = contact.kind
      time = Measured(contact.time, "s")
      bodies = contact.bodies
      point = Measured(contact.point, "m")
      normal = Measured(contact.normal, "1")
      impulse = Measured(contact.impulse, "N*s")
      approachSpeed = Measured(contact.approachSpeed, "m/s")
      restitution = Measured(contact.restitution, "1")
      friction = Measured(contact.friction, "1")
    }

    init(_ jointBreak: Trajectory.Break) {
      kind = .break
      time = Measured(jointBreak.time, "s")
      bodies = jointBreak.bodies
      point = Measured(jointBreak.point, "m")
      joint = jointBreak.joint
      load = Measured(jointBreak.force, "N")
    }
  }
}

extension WorldHistory {
  /// - Parameters:
  ///   - bodies: events that involve all of these, cloths included (at most two matter).
  ///   - kind: nil is every kind; joints that break are of kind `break`, as bodies are.
  public func events(of bodies: [String] = [], kind: ContactEvent.Kind? = nil) throws(QueryError) -> EventsAnswer {
    for name in bodies where trajectory.cloth(name) == nil { _ = try index(of: name) }
    let breaks = trajectory.breaks.filter { Set($0.bodies).isSuperset(of: bodies) }.map(EventsAnswer.Event.init)
    let contacts = trajectory.contacts.filter { contact in bodies.allSatisfy { contact.involves($0) } }
      .map(EventsAnswer.Event.init)
    // Contacts are in order of time but for ends that were told late: these stay where they are.
    var events: [EventsAnswer.Event] = []
    var next = 0
    for contact in contacts {
      while next < breaks.count && breaks[next].time.value < contact.time.value {
        events.append(breaks[next])
        next += 1
      }
      events.append(contact)
    }
    events += breaks[next...]
    if let kind { events.removeAll { $0.kind != kind } }
    return EventsAnswer(count: events.count, events: events)
  }
}
