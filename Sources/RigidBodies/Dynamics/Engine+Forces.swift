import WorldCore

extension Engine {
  /// Finds the forces that hold lasting contacts through the coming stretch and leaves them in the bodies.
  ///
  /// The velocity at the end obeys Signorini's and Coulomb's laws exactly; forces are constant over the stretch, so that positions
  /// follow the mean of the velocities at its ends.
  func solveForces(over stretch: Double, isCrowded: Bool) {
    for index in island.bodies { bodies[index].dropContactForces() }
    rows.removeAll(keepingCapacity: true)
    for pair in island.pairs where pair.pointee.isLasting {
      addRows(of: pair, nearerThan: isCrowded ? .infinity : Self.sharing)
    }
    if rows.isEmpty { return }

    for index in island.bodies {
      let body = bodies + index
      body.pointee.savedVelocity = body.pointee.velocity
      body.pointee.savedAngularVelocity = body.pointee.angularVelocity
      body.pointee.velocity += outsideAcceleration(index) * stretch
      // Euler's equation: ω̇ = I⁻¹ (τ − ω × L)
      if !body.pointee.isIsotropic || body.pointee.hasLoad {
        let moment = body.pointee.loadTorque - body.pointee.angularVelocity.cross(body.pointee.angularMomentum)
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
    let tolerance = max(1e-7 * definition.gravity.length * stretch, 1e-13)
    relaxRows(tolerance: tolerance, most: isCrowded ? 50 : max(50, min(2000, 100_000 / rows.count)))

    for index in island.bodies {
      bodies[index].velocity = bodies[index].savedVelocity
      bodies[index].angularVelocity = bodies[index].savedAngularVelocity
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
