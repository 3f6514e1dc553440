import WorldCore

/// What divides the motion of joints into smooth stretches: ropes that come taut, limits that are reached, motors and friction
/// that meet their speed, joints that break.
extension Engine {
  /// Decides how the motors and friction of the island's joints act in the coming stretch: at their limit, or holding.
  ///
  /// All that have met their speed hold at first; the one that is overtaxed most lets go, and the rest is tried again.
  func settleDrives(within stretch: Double) {
    let driven = island.joints.filter { joints[$0].isDriven }
    if driven.isEmpty { return }
    stopTurnedGrips(driven)
    for index in driven { joints[index].aim(bodies) }
    for _ in 0...(3 * driven.count) {
      _ = articulatedLoads()
      var worst = 1 + 1e-9
      var loosest: (joint: Int, drive: Int)?
      for index in driven {
        for (k, drive) in joints[index].drives.enumerated() where drive.mode == .held {
          let ratio = abs(drive.heldForce) / drive.limit
          if ratio > worst { (worst, loosest) = (ratio, (index, k)) }
        }
        if joints[index].gripLimit > 0 && joints[index].grip.isHeld {
          let ratio = joints[index].grip.heldTorque.length / joints[index].gripLimit
          if ratio > worst { (worst, loosest) = (ratio, (index, -1)) }
        }
      }
      guard let (index, k) = loosest else { break }
      if k < 0 {
        joints[index].grip.isHeld = false
        joints[index].grip.direction = joints[index].grip.heldTorque.normalized
      } else {
        joints[index].drives[k].mode = joints[index].drives[k].heldForce > 0 ? .below : .above
      }
    }
  }

  /// A stretch that resolves the fastest swing of the island's joints, s: a body of moment I + m r² about an anchor at r under
  /// the force F swings with ω² = F r / (I + m r²). The method is stable up to ω h = 2.8 and accurate well below.
  func longestSwing() -> Double {
    for index in island.joints { joints[index].strain.largest = 0 }
    _ = articulatedLoads()
    var fastest = 0.0
    for index in island.joints {
      let (rA, rB, _) = joints[index].arms(bodies)
      for (body, arm) in [(joints[index].a, rA), (joints[index].b, rB)] where bodies[body].isDynamic {
        let square = arm.lengthSquared
        let moment = bodies[body].inertia.max() + bodies[body].mass * square
        fastest = max(fastest, joints[index].strain.largest * square.squareRoot() / moment)
        fastest = max(fastest, bodies[body].angularVelocity.lengthSquared)
      }
    }
    return fastest > 0 ? max(0.1 / fastest.squareRoot(), finestStretch) : .infinity
  }

  /// Stops ball joints whose friction has just turned their spin round; what little is left across it goes too.
  private func stopTurnedGrips(_ driven: [Int]) {
    for index in driven where joints[index].grip.hasTurned {
      joints[index].grip.hasTurned = false
      var rows = articulatedRows()
      for e in [Vector3.unitX, .unitY, .unitZ] {
        rows.append(
          JointRow(
            joint: index, a: bodies + joints[index].a, b: bodies + joints[index].b, linear: .zero, angularA: e, angularB: e,
            error: 0))
      }
      rows.removeAll { !$0.isBilateral && $0.rate <= 0 }
      let impulses = solveSymmetric(rows, rows.map { $0.target - $0.rate })
      for (row, impulse) in zip(rows, impulses) { applyImpulse(impulse, of: row) }
      for body in island.bodies { bodies[body].refresh() }
    }
  }

  /// When the first event of the island's joints comes, or `limit`, s: by the Illinois variant of regula falsi on trial
  /// motions.
  func timeOfJointEvent(before limit: Double) -> Double {
    let spins = island.joints.map { joints[$0].relativeSpin(bodies) }
    var values: [Double] = []
    func evaluate() {
      values.removeAll(keepingCapacity: true)
      for (slot, index) in island.joints.enumerated() {
        joints[index].eventValues(bodies, spinAtStart: spins[slot], to: &values)
      }
    }
    evaluate()
    // What is at its event already can't come to it.
    let watched = values.indices.filter { values[$0] < -1.5 }
    if watched.isEmpty { return limit }
    let start = island.bodies.map { bodies[$0].motionState }
    func excess(_ t: Double) -> Double {
      moveArticulated(by: t)
      evaluate()
      for (slot, index) in island.bodies.enumerated() { bodies[index].take(start[slot]) }
      return watched.reduce(-Double.infinity) { max($0, values[$1]) }
    }
    var (low, high) = (0.0, limit)
    var atLow = watched.reduce(-Double.infinity) { max($0, values[$1]) }
    var atHigh = excess(limit)
    if atHigh <= 1 { return limit }
    var event = high
    var side = 0
    for _ in 0..<60 {
      let t = min(max((low * atHigh - high * atLow) / (atHigh - atLow), low), high)
      let value = excess(t)
      event = t
      if abs(value) <= 1 || high - low < 1e-14 * step { break }
      if value > 0 {
        (high, atHigh) = (t, value)
        if side == 1 { atLow /= 2 }
        side = 1
      } else {
        (low, atLow) = (t, value)
        if side == -1 { atHigh /= 2 }
        side = -1
      }
    }
    markTurnedGrips(after: event, spins)
    return event
  }

  /// Remembers the ball joints whose spin will have turned round by then.
  private func markTurnedGrips(after time: Double, _ spins: [Vector3]) {
    let slipping = island.joints.indices.filter {
      joints[island.joints[$0]].gripLimit > 0 && !joints[island.joints[$0]].grip.isHeld
        && spins[$0].length > Drive.meeting
    }
    if slipping.isEmpty { return }
    let start = island.bodies.map { bodies[$0].motionState }
    moveArticulated(by: time)
    for slot in slipping {
      let index = island.joints[slot]
      let along = joints[index].relativeSpin(bodies).dot(spins[slot]) / spins[slot].length
      joints[index].grip.hasTurned = along < Drive.meeting
    }
    for (slot, index) in island.bodies.enumerated() { bodies[index].take(start[slot]) }
  }

  /// When a joint of an island that is moved by the bounded solution reaches a stop at its present rate, or `limit`, s.
  func timeOfStop(before limit: Double) -> Double {
    var earliest = limit
    var stops: [JointRow] = []
    for index in island.joints { joints[index].addStops(index, bodies, horizon: limit, to: &stops) }
    for row in stops where row.error < -Joint.atStop && row.rate > restingSpeed {
      earliest = min(earliest, max(-row.error / row.rate, 1e-3 * step))
    }
    return earliest
  }

  /// Lets go of the joints that bear more than they can, and of those that are `due`; returns whether there were any.
  @discardableResult func breakJoints(at time: Double, due: [Int] = []) -> Bool {
    var any = false
    for index in island.joints where joints[index].isHolding {
      guard let strength = joints[index].definition.breaksAt else { continue }
      // What is due was met on its way up.
      let load = due.contains(index) ? strength : joints[index].strain.load(at: time)
      guard load > strength || due.contains(index) else { continue }
      joints[index].isHolding = false
      any = true
      let body = bodies + joints[index].a
      breaks.append(
        JointBreak(joint: index, time: time, force: load, point: body.pointee.frame.point(joints[index].anchorA)))
    }
    return any
  }

  /// Which joints of those that bear too much by the end of the stretch give way first, and after what share of it: their loads
  /// are taken to grow evenly.
  func firstBreak(at end: Double) -> (share: Double, joints: [Int])? {
    var first: (share: Double, joints: [Int])?
    for index in island.joints where joints[index].isHolding {
      guard let strength = joints[index].definition.breaksAt else { continue }
      let growth = joints[index].strain.largest - joints[index].strain.first
      let excess = joints[index].strain.load(at: end) - strength
      guard excess > 0 else { continue }
      let share = growth > excess ? 1 - excess / growth : 0
      if share == first?.share {
        first?.joints.append(index)
      } else if share < first?.share ?? .infinity {
        first = (share, [index])
      }
    }
    return first
  }

  /// A swing faster than this many stretches to a step resolve is not followed, s.
  var finestStretch: Double { step / 64 }
}
