import WorldCore

extension Engine {
  /// Turns back all touching points that approach.
  ///
  /// Impacts run through a cluster as they do through stiff bodies: the pair that closes fastest goes first, alone or with
  /// those equally fast, and what it sets in motion follows (the sequential rule of Newton's cradle). Within a pair all points
  /// share one impact by Newton's law, vₙ⁺ ≥ −e vₙ⁻, with Coulomb friction on the impulses.
  ///
  /// - Parameter mayBreak: whether the blows are shortened to what the island's bodies bear.
  func resolveImpacts(at now: Double, mayBreak: Bool = false) {
    eventTime = now
    let start = mayBreak ? island.bodies.map { bodies[$0].motionState } : []
    let limit = 32 + (isLarge ? 2 : 8) * island.pairs.count
    var round = 0
    while round <= limit {
      var fastest = 0.0
      for pair in island.pairs where mayBeTouching(pair) {
        fastest = max(fastest, closingSpeed(pair).bounce)
      }
      if fastest <= restingSpeed || round == limit { break }
      // Where nothing rebounds the order is of no account: all stop together, below.
      if !canRebound(fastest) {
        for pair in island.pairs where mayBeTouching(pair) {
          pair.pointee.impact.approachSpeed = max(pair.pointee.impact.approachSpeed, closingSpeed(pair).bounce)
        }
        round = max(round, 1)
        break
      }

      rows.removeAll(keepingCapacity: true)
      for pair in island.pairs where mayBeTouching(pair) {
        if closingSpeed(pair).bounce >= fastest * (1 - 1e-6) { addTouchingRows(of: pair) }
      }
      for k in rows.indices {
        // Rolling and spinning friction are of lasting contacts: a blow gives no moment.
        rows[k].turnStep = 0
        let v = rows[k].normalVelocity
        let rebound = -rows[k].pair.pointee.restitution * v
        rows[k].target = v < -restingSpeed && rebound > leastRebound ? rebound : 0
        let impact = rows[k].pair.pointee.impact
        if -v > impact.approachSpeed { rows[k].pair.pointee.impact.approachSpeed = -v }
      }
      // To the last digits, so that what is symmetric stays so; only where a heap collides all at once that would take too
      // long.
      let isMany = isLarge && rows.count > 60
      solveImpact(tolerance: (isMany ? 1e-7 : 1e-12) * fastest, most: isMany ? 40 : 1000, mustConverge: !isMany)
      noteImpulses()
      round += 1
    }

    // What is left is too slow to bounce, or has bounced often enough: it stops.
    var slow = 0.0
    for pair in island.pairs where mayBeTouching(pair) { slow = max(slow, closingSpeed(pair).all) }
    // What the solution for forces leaves over is far below that, and that solution takes it up again.
    // Joints that have come to a stop turn back or stay.
    for index in island.joints {
      var stops: [JointRow] = []
      joints[index].addStops(index, bodies, to: &stops)
      for row in stops { slow = max(slow, row.rate) }
    }
    // In a crowd that solution is for the end of the step, which is where the bodies go: nothing is left to stop before.
    if slow > max(1e-3 * restingSpeed, 1e-9), crowdHorizon == 0 {
      rows.removeAll(keepingCapacity: true)
      for pair in island.pairs where mayBeTouching(pair) { addTouchingRows(of: pair) }
      solveImpact(tolerance: max(1e-4 * slow, 1e-10), most: isLarge ? 40 : 500, mustConverge: !isLarge)
      if round > 0 { noteImpulses() }
    }
    if mayBreak { limitBlows(from: start) }
    for pair in island.pairs where pair.pointee.impact.impulse > 0 { tellImpact(pair, at: now) }
  }

  @inline(__always) private func mayBeTouching(_ pair: UnsafeMutablePointer<Pair>) -> Bool {
    crowdHorizon > 0 ? pair.pointee.count > 0 : pair.pointee.leastGap <= Self.touching
  }

  private func addTouchingRows(of pair: UnsafeMutablePointer<Pair>) {
    let first = rows.count
    defer { spreadFriction(from: first) }
    if crowdHorizon == 0 {
      addRows(of: pair, nearerThan: Self.touching)
      return
    }
    for k in 0..<pair.pointee.count {
      let row = ContactRow(pair: pair, point: k, a: bodies + Int(pair.pointee.a), b: bodies + Int(pair.pointee.b))
      if pair.pointee.points[k].gap <= Self.touching - crowdHorizon * row.normalVelocity { rows.append(row) }
    }
  }

  private func canRebound(_ speed: Double) -> Bool {
    island.pairs.contains { mayBeTouching($0) && $0.pointee.restitution * speed > leastRebound }
  }

  /// How fast the touching points of a pair close, m/s: all, and only those that may bounce.
  private func closingSpeed(_ pair: UnsafeMutablePointer<Pair>) -> (all: Double, bounce: Double) {
    let (a, b) = (bodies + Int(pair.pointee.a), bodies + Int(pair.pointee.b))
    var all = 0.0
    var bounce = 0.0
    for k in 0..<pair.pointee.count {
      let contact = pair.pointee.points[k]
      if crowdHorizon == 0 && contact.gap > Self.touching { continue }
      let v =
        a.pointee.velocity(at: contact.point - a.pointee.position) - b.pointee.velocity(at: contact.point - b.pointee.position)
      let speed = -v.dot(contact.normal)
      if contact.gap > Self.touching + crowdHorizon * speed { continue }
      all = max(all, speed)
      if contact.normalForce > 0 {
        // A point that carried load and now closes because the surfaces have turned under it is no impact.
        let turn = v.length * (contact.normal - contact.previousNormal).length
        let spin =
          a.pointee.angularVelocity.lengthSquared * a.pointee.finiteRadius
          + b.pointee.angularVelocity.lengthSquared * b.pointee.finiteRadius
        if speed <= restingSpeed + 2 * (turn + spin * step) { continue }
      }
      bounce = max(bounce, speed)
    }
    return (all, bounce)
  }

  /// Solves the rows from nothing and makes the change of velocity one of angular momentum too.
  private func solveImpact(tolerance: Double, most: Int, mustConverge: Bool) {
    jointRows.removeAll(keepingCapacity: true)
    // Forces that are bounded give no impulse in an instant; stops do.
    for index in island.joints {
      joints[index].addRows(index, bodies, drives: .none, to: &jointRows)
      joints[index].addStops(index, bodies, to: &jointRows)
    }
    for k in jointRows.indices {
      (jointRows[k].impulseLow, jointRows[k].impulseHigh) = (jointRows[k].low, jointRows[k].high)
      let rate = jointRows[k].rate
      if jointRows[k].isOneSided && rate > restingSpeed { jointRows[k].target = -jointRows[k].restitution * rate }
    }
    for index in island.bodies {
      bodies[index].savedVelocity = bodies[index].velocity
      bodies[index].savedAngularVelocity = bodies[index].angularVelocity
    }
    relaxRows(tolerance: tolerance, most: most, mustConverge: mustConverge)
    let share = shareThatKeepsEnergy()
    for k in rows.indices { rows[k].scale(by: share) }
    for row in jointRows where row.impulse != 0 {
      if row.a.pointee.isDynamic { row.a.pointee.angularMomentum += row.angularA * (share * row.impulse) }
      if row.b.pointee.isDynamic { row.b.pointee.angularMomentum -= row.angularB * (share * row.impulse) }
      joints[row.joint].strain.force += row.linear * (share * row.impulse)
    }
    for index in island.joints {
      let blow = joints[index].strain.force.length
      if blow > 0 && joints[index].definition.breaksAt != nil { joints[index].strain.blows.append((eventTime, blow)) }
      joints[index].strain.force = .zero
    }
    for row in rows where row.pn != 0 || row.moment != .zero {
      let impulse = row.impulse
      if row.a.pointee.isDynamic { row.a.pointee.angularMomentum += row.rA.cross(impulse) + row.couple }
      if row.b.pointee.isDynamic { row.b.pointee.angularMomentum -= row.rB.cross(impulse) + row.couple }
    }
    for index in island.bodies {
      if share < 1 {
        bodies[index].velocity = bodies[index].savedVelocity + (bodies[index].velocity - bodies[index].savedVelocity) * share
      }
      bodies[index].angularVelocity = bodies[index].inverseInertia * bodies[index].angularMomentum
    }
  }

  /// Newton's restitution with friction can create energy in eccentric impacts (Kane & Levinson 1985). The impulses are then
  /// shortened alike until energy is just kept: with E(s) = E₀ + b s + c s² along them, s = −b/c.
  private func shareThatKeepsEnergy() -> Double {
    var (linear, gain) = (0.0, 0.0)
    var scale = 0.0
    for index in island.bodies {
      let body = bodies + index
      let change = body.pointee.velocity - body.pointee.savedVelocity
      let turn = body.pointee.angularVelocity - body.pointee.savedAngularVelocity
      if change == .zero && turn == .zero { continue }
      let moment = body.pointee.inertiaTimes(turn)
      let first = body.pointee.mass * change.dot(body.pointee.savedVelocity) + moment.dot(body.pointee.savedAngularVelocity)
      let second = 0.5 * (body.pointee.mass * change.lengthSquared + moment.dot(turn))
      linear += first
      gain += first + second
      scale += second
    }
    // What pushes from outside, a scripted body, may give energy.
    guard gain > 1e-12 * scale, island.scripted.isEmpty else { return 1 }
    // What gains from the outset is no blow.
    return linear < 0 ? -linear / (gain - linear) : 0
  }

  private func noteImpulses() {
    for row in rows where row.pn > 0 {
      row.pair.pointee.impact.impulse += row.pn
      row.pair.pointee.impact.moment += row.pair.pointee.points[row.point].point * row.pn
      row.pair.pointee.impact.normal = row.n
    }
  }
}
