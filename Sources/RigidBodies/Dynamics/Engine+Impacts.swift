import WorldCore

extension Engine {
  /// Turns back all touching points that approach.
  ///
  /// Impacts run through a cluster as they do through stiff bodies: the pair that closes fastest goes first, alone or with those
  /// equally fast, and what it sets in motion follows (the sequential rule of Newton's cradle). Within a pair all points share one
  /// impact by Newton's law, vₙ⁺ ≥ −e vₙ⁻, with Coulomb friction on the impulses.
  func resolveImpacts(at now: Double) {
    let limit = 32 + 8 * island.pairs.count
    var round = 0
    while round <= limit {
      var fastest = 0.0
      for pair in island.pairs where pair.pointee.leastGap <= Self.touching {
        fastest = max(fastest, closingSpeed(pair).bounce)
      }
      if fastest <= restingSpeed || round == limit { break }
      // Where nothing rebounds the order is of no account: all stop together, below.
      if !canRebound(fastest) {
        for pair in island.pairs where pair.pointee.leastGap <= Self.touching {
          pair.pointee.impact.approachSpeed = max(pair.pointee.impact.approachSpeed, closingSpeed(pair).bounce)
        }
        round = max(round, 1)
        break
      }

      rows.removeAll(keepingCapacity: true)
      for pair in island.pairs where pair.pointee.leastGap <= Self.touching {
        if closingSpeed(pair).bounce >= fastest * (1 - 1e-6) { addRows(of: pair, nearerThan: Self.touching) }
      }
      for k in rows.indices {
        let v = rows[k].normalVelocity
        let rebound = -rows[k].pair.pointee.restitution * v
        rows[k].target = v < -restingSpeed && rebound > restingSpeed ? rebound : 0
        let impact = rows[k].pair.pointee.impact
        if -v > impact.approachSpeed { rows[k].pair.pointee.impact.approachSpeed = -v }
      }
      solveImpact(tolerance: 1e-12 * fastest, most: 1000)
      noteImpulses()
      round += 1
    }

    // What is left is too slow to bounce, or has bounced often enough: it stops.
    var slow = 0.0
    for pair in island.pairs where pair.pointee.leastGap <= Self.touching { slow = max(slow, closingSpeed(pair).all) }
    // What the solution for forces leaves over is far below that, and that solution takes it up again.
    if slow > max(1e-3 * restingSpeed, 1e-9) {
      rows.removeAll(keepingCapacity: true)
      for pair in island.pairs where pair.pointee.leastGap <= Self.touching { addRows(of: pair, nearerThan: Self.touching) }
      solveImpact(tolerance: max(1e-4 * slow, 1e-10), most: rows.count > 200 ? 100 : 500)
      if round > 0 { noteImpulses() }
    }
    for pair in island.pairs where pair.pointee.impact.approachSpeed > restingSpeed && pair.pointee.impact.impulse > 0 {
      report(pair, .impact, at: now)
    }
  }

  private func canRebound(_ speed: Double) -> Bool {
    island.pairs.contains { $0.pointee.leastGap <= Self.touching && $0.pointee.restitution * speed > restingSpeed }
  }

  /// How fast the touching points of a pair close, m/s: all, and only those that may bounce.
  private func closingSpeed(_ pair: UnsafeMutablePointer<Pair>) -> (all: Double, bounce: Double) {
    let (a, b) = (bodies + Int(pair.pointee.a), bodies + Int(pair.pointee.b))
    var all = 0.0
    var bounce = 0.0
    for k in 0..<pair.pointee.count where pair.pointee.points[k].gap <= Self.touching {
      let contact = pair.pointee.points[k]
      let v =
        a.pointee.velocity(at: contact.point - a.pointee.position) - b.pointee.velocity(at: contact.point - b.pointee.position)
      let speed = -v.dot(contact.normal)
      all = max(all, speed)
      if contact.normalForce > 0 {
        // A point that carried load and now closes because the surfaces have turned under it is no impact.
        let turn = v.length * (contact.normal - contact.previousNormal).length
        let spin = a.pointee.angularVelocity.lengthSquared * a.pointee.finiteRadius
          + b.pointee.angularVelocity.lengthSquared * b.pointee.finiteRadius
        if speed <= restingSpeed + 2 * (turn + spin * step) { continue }
      }
      bounce = max(bounce, speed)
    }
    return (all, bounce)
  }

  /// Solves the rows from nothing and makes the change of velocity one of angular momentum too.
  private func solveImpact(tolerance: Double, most: Int) {
    relaxRows(tolerance: tolerance, most: most)
    for row in rows where row.pn != 0 || row.moment != .zero {
      let impulse = row.impulse
      if row.a.pointee.isDynamic { row.a.pointee.angularMomentum += row.rA.cross(impulse) + row.moment }
      if row.b.pointee.isDynamic { row.b.pointee.angularMomentum -= row.rB.cross(impulse) + row.moment }
    }
    for index in island.bodies { bodies[index].angularVelocity = bodies[index].inverseInertia * bodies[index].angularMomentum }
  }

  private func noteImpulses() {
    for row in rows where row.pn > 0 {
      row.pair.pointee.impact.impulse += row.pn
      row.pair.pointee.impact.moment += row.pair.pointee.points[row.point].point * row.pn
      row.pair.pointee.impact.normal = row.n
    }
  }
}
