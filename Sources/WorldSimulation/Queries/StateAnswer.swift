public import WorldCore

/// What `state --at T` answers: place and motion of bodies at an instant.
public struct StateAnswer: Codable, Equatable, Sendable {
  public var query = "state"
  public var time: Measured<Double>
  public var bodies: [Body]
  /// nil where no cloth's vertices are recorded.
  public var cloths: [Cloth]?
  /// nil where there are none.
  public var fluids: [Fluid]?

  /// One body at that instant.
  public struct Body: Codable, Equatable, Sendable {
    public var name: String
    public var motion: BodyTrack.Motion
    /// false for a piece of what hasn't broken yet, and for what has; nil otherwise.
    public var exists: Bool?
    /// Of the centre of mass, world frame.
    public var position: Measured<[Double]>
    /// worldFromBody, `[w, x, y, z]`.
    public var orientation: Measured<[Double]>
    public var velocity: Measured<[Double]>
    public var angularVelocity: Measured<[Double]>
    public var speed: Measured<Double>
    public var kineticEnergy: Measured<Double>
    /// The bodies that touch it.
    public var touching: [String]

    enum CodingKeys: String, CodingKey {
      case name, motion, exists, position, orientation, velocity, speed, touching
      case angularVelocity = "angular_velocity"
      case kineticEnergy = "kinetic_energy"
    }
  }
}

extension WorldHistory {
  /// - Parameters:
  ///   - time: seconds, within `span`.
  ///   - body: of a body, a cloth or a fluid; nil is everything.
  /// - Throws: `QueryError`.
  public func state(at time: Double, body: String? = nil) throws(QueryError) -> StateAnswer {
    try check(time)
    if let body, let cloth = trajectory.cloth(body) {
      guard cloth.samples > 0 else {
        throw QueryError("the recording leaves the vertices of '\(body)' out; record to a .safetensors file to ask for them")
      }
      return StateAnswer(time: Measured(time, "s"), bodies: [], cloths: cloths(at: time, named: body))
    }
    if let body, trajectory.fluid(body) != nil {
      return StateAnswer(time: Measured(time, "s"), bodies: [], fluids: fluids(at: time, named: body))
    }
    let chosen = try body.map { name throws(QueryError) in [try index(of: name)] } ?? present(at: time)
    return StateAnswer(
      time: Measured(time, "s"), bodies: chosen.map { describe($0, at: time) },
      cloths: body == nil ? cloths(at: time) : nil, fluids: body == nil ? fluids(at: time) : nil)
  }

  /// Which bodies are there at a time.
  func present(at time: Double) -> [Int] { trajectory.bodies.indices.filter { trajectory.bodies[$0].isPresent(at: time) } }

  func describe(_ index: Int, at time: Double) -> StateAnswer.Body {
    let body = trajectory.bodies[index]
    let state = state(ofBody: index, at: time)
    let q = state.orientation
    return StateAnswer.Body(
      name: body.name, motion: body.motion, exists: body.isPresent(at: time) ? nil : false,
      position: Measured(state.position, "m"),
      orientation: Measured([q.w, q.vector.x, q.vector.y, q.vector.z], "1"), velocity: Measured(state.velocity, "m/s"),
      angularVelocity: Measured(state.angularVelocity, "rad/s"), speed: Measured(state.velocity.length, "m/s"),
      kineticEnergy: Measured(body.kineticEnergy(in: state), "J"), touching: neighbours(ofBody: index, at: time))
  }

  /// The index of a body; throws with the nearest name.
  func index(of name: String) throws(QueryError) -> Int {
    guard let index = body(name) else {
      let suggestion = ExpressionParser.nearest(to: name, in: trajectory.bodies.map(\.name)).map { "; " + $0 } ?? ""
      throw QueryError("there is no body '\(name)'\(suggestion)")
    }
    return index
  }

  func check(_ time: Double) throws(QueryError) {
    guard span.contains(time) else {
      throw QueryError("\(time) s is outside the recording, which runs from \(span.lowerBound) s to \(span.upperBound) s")
    }
  }
}

/// Why a question can't be answered.
public struct QueryError: Error, Equatable, CustomStringConvertible {
  public var message: String

  public init(_ message: String) { self.message = message }

  public var description: String { message }
}
