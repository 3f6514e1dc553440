public import WorldCore

/// What `events` answers: contacts in order of time.
public struct EventsAnswer: Codable, Equatable, Sendable {
  public var query = "events"
  public var count: Int
  public var events: [Event]

  public struct Event: Codable, Equatable, Sendable {
    public var kind: ContactEvent.Kind
    public var time: Measured<Double>
    public var bodies: [String]
    public var point: Measured<[Double]>
    /// From the second body to the first.
    public var normal: Measured<[Double]>
    public var impulse: Measured<Double>
    public var approachSpeed: Measured<Double>
    public var restitution: Measured<Double>
    public var friction: Measured<Double>

    enum CodingKeys: String, CodingKey {
      case kind, time, bodies, point, normal, impulse, restitution, friction
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
  }
}

extension WorldHistory {
  /// - Parameters:
  ///   - bodies: events that involve all of these, cloths included (at most two matter).
  ///   - kind: nil is every kind.
  public func events(of bodies: [String] = [], kind: ContactEvent.Kind? = nil) throws(QueryError) -> EventsAnswer {
    for name in bodies where trajectory.cloth(name) == nil { _ = try index(of: name) }
    let events = trajectory.contacts.filter { contact in
      (kind == nil || contact.kind == kind) && bodies.allSatisfy { contact.involves($0) }
    }
    return EventsAnswer(count: events.count, events: events.map(EventsAnswer.Event.init))
  }
}
