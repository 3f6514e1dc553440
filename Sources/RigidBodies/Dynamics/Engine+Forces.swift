import WorldCore

extension Engine {
  /// Finds the forces that hold lasting contacts through the coming stretch and leaves them in the bodies.
  ///
  /// The velocity at the end obeys Signorini's and Coulomb's laws exactly; forces are constant over the stretch, so that positions
  /// follow the mean of the velocities at its ends.
  func solveForces(over stretch: Double, isCrowded: Bool) {
    for index in island.bodies { bodies[index].dropContactForces() }
    solvedStretch = stretch
    rows.removeAll(keepingCapacity: true)
    for pair in island.pairs where pair.pointee.isLasting {
      addRows(of: pair, nearerThan: isCrowded ? .infinity : Self.sharing)
    }
    jointRows.removeAll(keepingCapacity: true)
    for index in island.joints {
      addSpring(joints[index])
      joints[index].addRows(index, bodies, bounded: true, horizon: stretch, to: &jointRows)
    }
    if rows.isEmpty && jointRows.isEmpty { return }

    for index in island.bodies {
      let body = bodies + index
      body.pointee.savedVelocity = body.pointee.velocity
      body.pointee.savedAngularVelocity = body.pointee.angularVelocity
      let inner = (body.pointee.force - body.pointee.load) * body.pointee.inverseMass
      body.pointee.velocity += (outsideAcceleration(index) + inner) * stretch
      // Euler's equation: ω̇ = I⁻¹ (τ − ω × L)
      if !body.pointee.isIsotropic || body.pointee.hasLoad {
        let moment = body.pointee.torque - body.pointee.angularVelocity.cross(body.pointee.angularMomentum)
        body.pointee.angularVelocity += body.pointee.inverseInertia * moment * stretch
      }
    }
    for k in rows.indices {
      let point = rows[k].pair.pointee.points[rows[k].point]
      rows[k].target = point.gap > Self.touching ? -(isCrowded ? 1 : 0.2) * point.gap / stretch : 0
      rows[k].pn = point.normalForce * stretch
      rows[k].p1 = point.frictionForce.dot(rows[k].t1) * stretch
      rows[k].p2 = point.frictionForce.dot(rows[k].t2) * stretch
      rows[k].moment = point.moment * stretch
      rows[k].warmStart()
    }
    for k in jointRows.indices {
      jointRows[k].impulseLow = jointRows[k].low * stretch
      jointRows[k].impulseHigh = jointRows[k].high * stretch
      // A limit not yet reached may be reached in this stretch, not passed.
      let isOneSided = !jointRows[k].isBilateral && (jointRows[k].low == -.infinity || jointRows[k].high == .infinity)
      if isOneSided { jointRows[k].target = -jointRows[k].error / stretch }
    }
    // Warm-started sweeps go on from step to step, so a large island that moves need not be solved to the last digit at once.
    var tolerance = max(1e-7 * definition.gravity.length * stretch, 1e-13)
    if isLarge {
      let fastest = island.bodies.reduce(0.0) { max($0, bodies[$1].savedVelocity.lengthSquared) }
      tolerance = max(tolerance, 1e-5 * fastest.squareRoot())
    }
    relaxRows(tolerance: tolerance, most: isLarge ? 100 : 2000)

    for index in island.bodies {
      bodies[index].velocity = bodies[index].savedVelocity
      bodies[index].angularVelocity = bodies[index].savedAngularVelocity
    }
    for row in jointRows where row.impulse != 0 {
      let force = row.impulse / stretch
      joints[row.joint].largestForce = max(joints[row.joint].largestForce, abs(force))
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
    for row in rows {
      let force = row.impulse / stretch
      let point = row.pair.pointee.points + row.point
      point.pointee.normalForce = row.pn / stretch
      point.pointee.frictionForce = (row.t1 * row.p1 + row.t2 * row.p2) / stretch
      point.pointee.moment = row.moment / stretch
      if row.pn == 0 && row.moment == .zero { continue }
      let moment = row.moment / stretch
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

  private func addSpring(_ joint: Joint) {
    guard let (force, rA, rB) = joint.springForce(bodies) else { return }
    for (index, r, sign) in [(joint.a, rA, 1.0), (joint.b, rB, -1.0)] where bodies[index].isDynamic {
      bodies[index].force += force * sign
      bodies[index].torque += r.cross(force) * sign
      bodies[index].hasLoad = true
    }
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
