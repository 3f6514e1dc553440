import WorldCore

extension Engine {
  /// Finds the forces that hold lasting contacts through the coming stretch and leaves them in the bodies.
  ///
  /// The velocity at the end obeys Signorini's and Coulomb's laws exactly; forces are constant over the stretch, so that
  /// positions follow the mean of the velocities at its ends.
  func solveForces(over stretch: Double, isCrowded: Bool) {
    for index in island.bodies { bodies[index].dropContactForces() }
    solvedStretch = stretch
    rows.removeAll(keepingCapacity: true)
    for pair in island.pairs {
      // A point that has opened carries nothing: what it carried must neither be continued nor hold it.
      let reach = !pair.pointee.isLasting ? -Double.infinity : isCrowded ? .infinity : Self.sharing
      for k in 0..<pair.pointee.count where pair.pointee.points[k].gap > reach { pair.pointee.points[k].release() }
      guard pair.pointee.isLasting else { continue }
      let first = rows.count
      addRows(of: pair, nearerThan: reach)
      spreadFriction(from: first)
      if !isCrowded && turnsUnderContact(pair, within: stretch) { moveToMiddle(pair, rowsFrom: first, of: stretch) }
    }
    addJointRows(over: stretch)
    if rows.isEmpty && jointRows.isEmpty { return }

    for index in island.bodies {
      let body = bodies + index
      body.pointee.savedVelocity = body.pointee.velocity
      body.pointee.savedAngularVelocity = body.pointee.angularVelocity
      let inner = (body.pointee.force - body.pointee.load) * body.pointee.inverseMass
      body.pointee.velocity += (meanOutsideAcceleration(index, over: stretch) + inner) * stretch
      // Euler's equation: ω̇ = I⁻¹ (τ − ω × L)
      if !body.pointee.isIsotropic || body.pointee.hasLoad {
        let moment = body.pointee.torque - body.pointee.angularVelocity.cross(body.pointee.angularMomentum)
        body.pointee.angularVelocity += body.pointee.inverseInertia * moment * stretch
      }
    }
    for k in rows.indices {
      let point = rows[k].pair.pointee.points[rows[k].point]
      if point.gap > Self.touching { rows[k].target = -(isCrowded ? 1 : 0.2) * point.gap / stretch }
      rows[k].pn = point.normalForce * stretch
      rows[k].p1 = point.frictionForce.dot(rows[k].t1) * stretch
      rows[k].p2 = point.frictionForce.dot(rows[k].t2) * stretch
      rows[k].moment = point.moment * stretch
      rows[k].push(by: 1)
    }
    for k in jointRows.indices {
      jointRows[k].impulseLow = jointRows[k].low * stretch
      jointRows[k].impulseHigh = jointRows[k].high * stretch
    }
    // Warm-started sweeps go on from step to step, so a large island that moves need not be solved to the last digit at once.
    var tolerance = max(1e-7 * definition.gravity.length * stretch, 1e-13)
    if isLarge {
      let fastest = island.bodies.reduce(0.0) { max($0, bodies[$1].savedVelocity.lengthSquared) }
      tolerance = max(tolerance, 1e-5 * fastest.squareRoot())
    }
    let isSettled = relaxRows(tolerance: tolerance, most: isLarge ? 60 : 2000, mustConverge: !isLarge)
    if !isSettled && jointRows.isEmpty { keepContactsPassive(isCrowded: isCrowded) }
    if isCrowded { setEnds(after: stretch) }

    for index in island.bodies {
      bodies[index].velocity = bodies[index].savedVelocity
      bodies[index].angularVelocity = bodies[index].savedAngularVelocity
    }
    for row in jointRows where row.impulse != 0 {
      let force = row.impulse / stretch
      joints[row.joint].strain.force += row.linear * force
      if row.a.pointee.isDynamic {
        row.a.pointee.force += row.linear * force
        row.a.pointee.torque += row.angularA * force
        row.a.pointee.hasLoad = true
      }
      if row.b.pointee.isDynamic {
        row.b.pointee.force -= row.linear * force
        row.b.pointee.torque -= row.angularB * force
        row.b.pointee.hasLoad = true
      }
    }
    for index in island.joints { joints[index].strain.note() }
    for row in rows {
      let force = row.impulse / stretch
      let point = row.pair.pointee.points + row.point
      point.pointee.normalForce = row.pn / stretch
      point.pointee.frictionForce = (row.t1 * row.p1 + row.t2 * row.p2) / stretch
      point.pointee.moment = row.moment / stretch
      if row.pn == 0 && row.moment == .zero { continue }
      let moment = row.couple / stretch
      if row.a.pointee.isDynamic {
        row.a.pointee.force += force
        row.a.pointee.torque += row.rA.cross(force) + moment
        row.a.pointee.hasLoad = true
      }
      if row.b.pointee.isDynamic {
        row.b.pointee.force -= force
        row.b.pointee.torque -= row.rB.cross(force) + moment
        row.b.pointee.hasLoad = true
      }
    }
  }

  /// Scales unfinished contact forces to where they do no work: contacts take energy or leave it, whatever the sweeps have come
  /// to.
  ///
  /// Over the stretch they do Σ p · J ½ (v₀ + v₁), and Σ p · J v₁ where bodies go by the velocity of the end. With p scaled by
  /// s, v₁ = v_free + s M⁻¹ Jᵀ p, and the work is s times a line that rises in s: it ends at its root.
  private func keepContactsPassive(isCrowded: Bool) {
    var (start, end, free) = (0.0, 0.0, 0.0)
    for row in rows { end += row.power }
    for row in rows { row.push(by: -1) }
    for row in rows { free += row.power }
    if isCrowded {
      start = end
    } else {
      for row in rows { start += row.savedPower }
    }
    let lead = isCrowded ? free : start
    let share = start + end > 1e-12 * (end - free) ? min(max(-(lead + free) / (end - free), 0), 1) : 1
    for k in rows.indices {
      rows[k].scale(by: share)
      rows[k].push(by: 1)
    }
  }

  /// Sends the bodies that touch something where their velocities at the end of the stretch lead (Moreau's time stepping): what
  /// jitters is damped, overlaps don't grow, and momentum and angular momentum are kept exactly.
  private func setEnds(after stretch: Double) {
    var touched: Set<Int> = []
    for row in rows { touched.formUnion([row.a - bodies, row.b - bodies]) }
    for row in jointRows { touched.formUnion([row.a - bodies, row.b - bodies]) }
    for index in island.bodies where touched.contains(index) {
      let body = bodies[index]
      let turned = Quaternion(rotationVector: body.angularVelocity * stretch) * body.orientation
      var start = body.motionState
      start.velocity = body.savedVelocity
      var end = MotionState(
        position: body.position + body.velocity * stretch, orientation: turned.normalized, velocity: body.velocity,
        angularMomentum: body.angularMomentum)
      // The solver's ω is for the inertia as it is turned now: what Euler's ω × L took from it in doing so is no torque.
      end.angularMomentum =
        body.inertiaTimes(body.angularVelocity) + body.savedAngularVelocity.cross(body.angularMomentum) * stretch
      bodies[index].arc = Arc(start: start, end: end, length: stretch)
    }
  }

  /// Whether the contact's geometry changes as the bodies move: a box that tips, a ball on anything but a plane.
  private func turnsUnderContact(_ pair: UnsafeMutablePointer<Pair>, within stretch: Double) -> Bool {
    let (a, b) = (Int(pair.pointee.a), Int(pair.pointee.b))
    if (turnSpeed(a) + turnSpeed(b)) * stretch > 1e-7 { return true }
    let isCurved = colliders[a].isRoundOrFlat || colliders[b].isRoundOrFlat
    return isCurved && bodies[a].radius.isFinite && bodies[b].radius.isFinite
  }

  /// Puts rows where their contacts will be in the middle of the stretch and asks that the mean velocity obey them there.
  ///
  /// With the normal of the middle, (v₀ + v₁)·n = 0 turns a velocity along a curve without lengthening it (the implicit
  /// midpoint rule), and the chord travelled ends on the curve; the normal of the start would gain energy, that of the end lose
  /// it.
  private func moveToMiddle(_ pair: UnsafeMutablePointer<Pair>, rowsFrom first: Int, of stretch: Double) {
    let (a, b) = (Int(pair.pointee.a), Int(pair.pointee.b))
    let (stateA, stateB) = (bodies[a].motion(after: stretch / 2, air: nil), bodies[b].motion(after: stretch / 2, air: nil))
    let (frameA, frameB) = (Frame(stateA.orientation, stateA.position), Frame(stateB.orientation, stateB.position))
    let speed = (bodies[a].velocity - bodies[b].velocity).length + turnSpeed(a) + turnSpeed(b)
    narrowphase.collide(
      colliders[a], frameA, colliders[b], frameB, margin: 1e-4 + speed * stretch, guess: pair.pointee.guess)
    var sticking: [Int] = []
    for k in first..<rows.count {
      let now = pair.pointee.points[rows[k].point]
      // The same point, later: on the first body or on the second it has moved with the body; the nearer guess counts.
      let onA = frameA.point(now.local)
      let onB = frameB.point(bodies[b].frame.inversePoint(now.point))
      var best: ContactPoint?
      var nearest = Double.infinity
      for found in narrowphase.found where found.parts == now.parts && found.normal.dot(now.normal) > 0.9 {
        let distance = min((found.point - onA).lengthSquared, (found.point - onB).lengthSquared)
        if distance < nearest {
          nearest = distance
          best = found
        }
      }
      guard let best, nearest < speed * stretch * speed * stretch + 1e-12 else { continue }
      let (target, start) = (rows[k].target, rows[k].slipVelocity)
      rows[k] = ContactRow(
        pair: pair, point: rows[k].point, a: bodies + a, b: bodies + b, normal: best.normal,
        rA: best.point - stateA.position, rB: best.point - stateB.position)
      rows[k].target = target
      if now.gap <= Self.touching {
        // What the start's velocity lacks or has too much along the middle's normal is made up by the end's.
        let lead = rows[k].normalVelocity
        if abs(lead) < 0.1 * speed { rows[k].target = -lead }
        // The same across it for a point that sticks.
        let across = start - now.normal * start.dot(now.normal)
        if across.length < 1e-3 * speed {
          sticking.append(k)
        }
      }
    }
    spreadFriction(from: first)
    for k in sticking {
      let v = rows[k].slipVelocity
      rows[k].target1 = -v.dot(rows[k].t1)
      rows[k].target2 = -v.dot(rows[k].t2)
    }
  }

  /// Springs, and rows placed where the joints will be in the middle of the stretch, that ask the mean velocity to obey them
  /// there: the implicit midpoint rule, which keeps the energy of a swinging body to the second order.
  private func addJointRows(over stretch: Double) {
    jointRows.removeAll(keepingCapacity: true)
    if island.joints.isEmpty { return }
    var stops: [JointRow] = []
    for index in island.joints { joints[index].addStops(index, bodies, horizon: stretch, to: &stops) }

    let start = island.bodies.map { bodies[$0] }
    let middle = island.bodies.map { bodies[$0].motion(after: stretch / 2, air: nil) }
    for (slot, index) in island.bodies.enumerated() { bodies[index].take(middle[slot]) }
    var springs: [(joint: Int, load: JointLoad)] = []
    let isImplicit = island.pace.stretch < stretch
    for index in island.joints {
      if !isImplicit, let load = joints[index].load(bodies) { springs.append((index, load)) }
      joints[index].addRows(index, bodies, drives: .bounded, to: &jointRows)
    }
    let soft = isImplicit ? implicitRows(over: stretch, from: start) : []
    for (slot, index) in island.bodies.enumerated() { bodies[index] = start[slot] }

    for (index, load) in springs { add(load, of: joints[index]) }
    for (index, load) in springs { joints[index].strain.force += load.force }
    for k in jointRows.indices where jointRows[k].drive < 0 { jointRows[k].target = -jointRows[k].rate }
    // A stop not yet reached may be reached in this stretch, not passed. What it is passed by already is the projection's: a
    // push would come the harder the shorter the stretch.
    for k in stops.indices { stops[k].target = max(0, -stops[k].error / stretch) }
    jointRows += soft + stops
  }

  private func add(_ load: JointLoad, of joint: Joint) {
    for (index, r, sign) in [(joint.a, load.rA, 1.0), (joint.b, load.rB, -1.0)] where bodies[index].isDynamic {
      bodies[index].force += load.force * sign
      bodies[index].torque += (r.cross(load.force) + load.torque) * sign
      bodies[index].hasLoad = true
    }
  }

  /// The same over a stretch, m/s²: where air brakes a body within it, not what it does at the start.
  private func meanOutsideAcceleration(_ index: Int, over stretch: Double) -> Vector3 {
    guard island.pace.decay * stretch > ElasticPace.finestDecay, let air = definition.air, air.drag else {
      return outsideAcceleration(index)
    }
    var flying = bodies[index]
    (flying.force, flying.torque, flying.arc) = (flying.load, flying.loadTorque, nil)
    return (flying.motion(after: stretch, air: air).velocity - flying.velocity) / stretch
  }

  /// Of gravity, loads and air at the present velocity, m/s².
  func outsideAcceleration(_ index: Int) -> Vector3 {
    let body = bodies + index
    var acceleration = body.pointee.gravity + body.pointee.load * body.pointee.inverseMass
    if let air = definition.air, air.drag {
      let drag = body.pointee.drag.force(
        velocity: body.pointee.velocity - air.wind, spin: body.pointee.angularVelocity, axes: body.pointee.frame,
        density: air.density)
      acceleration += drag * body.pointee.inverseMass
    }
    return acceleration
  }
}
