import WorldCore

/// A stretch of time in which a body moves freely: gravity alone accelerates it (or nothing, where there is none).
struct Flight: Sendable {
  var body: String
  /// Samples of the trajectory.
  var samples: Range<Int>

  /// Shorter flights than this, s, are too short to break a law in.
  static let leastDuration = 0.3
  /// What drag and the sampling do to an acceleration, as a share of gravity; m/s² where there is none.
  static let slack = 0.2
}

extension ValidWorld {
  /// The flights of all bodies that move, the one that stays longest in view first.
  func flights() -> [Flight] {
    let seen = trajectory.bodies.filter { $0.motion == .dynamic && item(of: $0.name) != nil }.flatMap(flights(of:))
    return seen.map { ($0, timeInView($0)) }.filter { $0.1 >= Flight.leastDuration }.sorted { $0.1 > $1.1 }.map(\.0)
  }

  /// One of the three that stay longest in view.
  func flight(from stream: inout RandomStream) -> Flight? {
    let flights = flights().prefix(3)
    return flights.isEmpty ? nil : flights[stream.index(below: flights.count)]
  }

  func flights(of body: BodyTrack) -> [Flight] {
    var (flights, start): ([Flight], Int?) = ([], nil)
    let bound = Flight.slack * max(gravity.length, 1)
    for k in 1..<max(2, body.states.count) where k < body.states.count {
      let (a, b) = (body.states[k - 1], body.states[k])
      let isFree = ((b.velocity - a.velocity) / step - gravity).length < bound && b.velocity.length > 0.02
      if isFree {
        start = start ?? k - 1
      } else if let from = start {
        flights.append(Flight(body: body.name, samples: from..<k))
        start = nil
      }
    }
    if let from = start { flights.append(Flight(body: body.name, samples: from..<body.states.count)) }
    return flights.filter { Double($0.samples.count) * step >= Flight.leastDuration }
  }

  /// Seconds of a flight that the camera sees.
  private func timeInView(_ flight: Flight) -> Double {
    let states = trajectory.bodies[index(of: flight.body)].states
    let every = max(1, Int((0.02 / step).rounded()))
    let seen = stride(from: flight.samples.lowerBound, to: flight.samples.upperBound, by: every).count {
      isInView(states[$0].position, at: trajectory.times[$0], margin: 2)
    }
    return Double(seen * every) * step
  }

  /// A sample of the flight with time in view on either side of it, drawn from the middle; nil where there is none.
  func onset(in flight: Flight, from stream: inout RandomStream) -> Int? {
    let states = trajectory.bodies[index(of: flight.body)].states
    let span = Double(flight.samples.count)
    for _ in 0..<12 {
      let k = flight.samples.lowerBound + Int(stream.uniform(in: 0.3...0.6) * span)
      let margin = Int(0.12 / step)
      guard k - margin >= 0, k + margin < states.count else { continue }
      let isSeen = [k - margin, k, k + margin].allSatisfy { isInView(states[$0].position, at: trajectory.times[$0], margin: 3) }
      if isSeen { return k }
    }
    return nil
  }

  /// Impacts of bodies that move, in view, with the sample right after each.
  func impacts(betweenMovers: Bool) -> [(contact: ContactEvent, body: String, sample: Int)] {
    trajectory.contacts.compactMap { contact in
      guard contact.kind == .impact, contact.approachSpeed > 0.3 else { return nil }
      let movers = contact.bodies.filter { trajectory.body($0)?.motion == .dynamic && item(of: $0) != nil }
      guard betweenMovers ? movers.count == 2 : movers.count == 1, let body = movers.first else { return nil }
      let sample = sample(at: contact.time)
      guard sample + Int(0.15 / step) < trajectory.times.count, contact.time > 0.15,
        isInView(contact.point, at: contact.time, margin: 4)
      else { return nil }
      return (contact, body, sample)
    }
  }
}
