import WorldCore

extension Engine {
  /// Moves the island's bodies by the classical Runge-Kutta method on the equations of motion with joint forces.
  ///
  /// At each stage the accelerations obey J q̈ = −J̇ q̇ exactly: (J M⁻¹ Jᵀ) λ = −J̇ q̇ − J a_free, solved by Cholesky's method.
  /// J̇ q̇ is the central difference of Ċ along the motion. Afterwards `projectJoints` takes out the error of the order h⁵.
  func moveArticulated(by h: Double) {
    let start = island.bodies.map { bodies[$0].motionState }
    // On its way from stage to stage a trial strays from a stop by the order h²: which stops hold, and which are left, is
    // settled at the start.
    stopsAtWork = articulatedRows().filter { $0.stop >= 0 && $0.rate > -Joint.leaving }
      .map { JointStop(joint: $0.joint, stop: $0.stop) }
    defer { stopsAtWork = nil }
    func slopes() -> [Slope] {
      zip(island.bodies, articulatedLoads()).map { index, load in
        let body = bodies[index]
        return Slope(
          position: body.velocity, orientation: Quaternion(w: 0, vector: body.angularVelocity * 0.5) * body.orientation,
          velocity: load.force * body.inverseMass, angularMomentum: load.torque)
      }
    }
    func place(_ slopes: [Slope], _ t: Double) {
      for (slot, index) in island.bodies.enumerated() { bodies[index].take(start[slot].moved(slopes[slot], t)) }
    }
    let k1 = slopes()
    place(k1, h / 2)
    let k2 = slopes()
    place(k2, h / 2)
    let k3 = slopes()
    place(k3, h)
    let k4 = slopes()
    place(start.indices.map { Slope.mean(k1[$0], k2[$0], k3[$0], k4[$0]) }, h)
  }

  /// Forces and torques on the island's bodies at their present state, joints included.
  func articulatedLoads() -> [(force: Vector3, torque: Vector3)] {
    var slots: [Int: Int] = [:]
    var loads: [(force: Vector3, torque: Vector3)] = []
    for (slot, index) in island.bodies.enumerated() {
      slots[index] = slot
      loads.append((outsideAcceleration(index) * bodies[index].mass, bodies[index].loadTorque))
    }
    func add(_ joint: Int, _ linear: Vector3, _ angularA: Vector3, _ angularB: Vector3) {
      if let slot = slots[joints[joint].a] {
        loads[slot].force += linear
        loads[slot].torque += angularA
      }
      if let slot = slots[joints[joint].b] {
        loads[slot].force -= linear
        loads[slot].torque -= angularB
      }
    }
    for index in island.joints {
      if let load = joints[index].load(bodies) {
        add(index, load.force, load.rA.cross(load.force) + load.torque, load.rB.cross(load.force) + load.torque)
        joints[index].strain.force += load.force
      }
      if let torque = joints[index].slippingTorque(bodies) { add(index, .zero, torque, torque) }
      if !joints[index].drives.isEmpty, let free = joints[index].freedom(bodies) {
        let force = joints[index].drives.reduce(0) { $0 + $1.force }
        add(index, free.linear * force, free.angularA * force, free.angularB * force)
      }
    }
    defer { for index in island.joints { joints[index].strain.note() } }

    var rows = articulatedRows()
    if rows.isEmpty { return loads }
    // J̇ q̇, of these very rows: on the way stops come within reach and leave it.
    let epsilon = 1e-5
    let states = island.bodies.map { bodies[$0] }
    func ratesDisplaced(_ t: Double) -> [Double] {
      for (slot, index) in island.bodies.enumerated() {
        bodies[index].position = states[slot].position + states[slot].velocity * t
        let turned = Quaternion(rotationVector: states[slot].angularVelocity * t) * states[slot].orientation
        bodies[index].orientation = turned
        bodies[index].frame = Frame(turned, bodies[index].position)
      }
      defer { for (slot, index) in island.bodies.enumerated() { bodies[index] = states[slot] } }
      var moved = articulatedRows(horizon: .infinity)[...]
      return rows.map { row in
        while let next = moved.first, next.joint != row.joint || next.stop != row.stop { moved.removeFirst() }
        return moved.popFirst()?.rate ?? row.rate
      }
    }
    let (after, beforeRates) = (ratesDisplaced(epsilon), ratesDisplaced(-epsilon))

    var active = [Bool](repeating: true, count: rows.count)
    for _ in 0...rows.count {
      // Right side: −J̇ q̇ − J a_free, with Euler's ω̇ = I⁻¹ (τ − ω × L).
      let kept = rows.indices.filter { active[$0] }
      var right = [Double](repeating: 0, count: kept.count)
      for (k, r) in kept.enumerated() {
        let row = rows[r]
        var free = 0.0
        func add(_ body: UnsafeMutablePointer<Body>, _ sign: Double, _ angular: Vector3) {
          guard let slot = slots[body - bodies] else { return }
          free += sign * row.linear.dot(loads[slot].force) * body.pointee.inverseMass
          let moment = loads[slot].torque - body.pointee.angularVelocity.cross(body.pointee.angularMomentum)
          free += sign * angular.dot(body.pointee.inverseInertia * moment)
        }
        add(row.a, 1, row.angularA)
        add(row.b, -1, row.angularB)
        right[k] = -(after[r] - beforeRates[r]) / (2 * epsilon) - free
      }
      let forces = solveSymmetric(kept.map { rows[$0] }, right)
      var pushes = false
      for (k, r) in kept.enumerated() {
        rows[r].impulse = forces[k]
        if forces[k] < rows[r].low || forces[k] > rows[r].high {
          active[r] = false
          rows[r].impulse = 0
          pushes = true
        }
      }
      if !pushes { break }
    }
    for row in rows {
      if row.drive >= 0 { noteHeld(row) }
      if row.impulse == 0 { continue }
      add(row.joint, row.linear * row.impulse, row.angularA * row.impulse, row.angularB * row.impulse)
      joints[row.joint].strain.force += row.linear * row.impulse
    }
    return loads
  }

  /// What the held drives and grips would take, for `settleDrives`.
  private func noteHeld(_ row: JointRow) {
    if case .ball = joints[row.joint].definition.kind {
      joints[row.joint].grip.heldTorque[row.drive] = row.impulse
    } else {
      joints[row.joint].drives[row.drive].heldForce = row.impulse
    }
  }

  /// Rows of what holds now, motors and friction that hold among them; with an infinite horizon also those of all stops.
  func articulatedRows(horizon: Double = 0, withDrives: Bool = true) -> [JointRow] {
    var rows: [JointRow] = []
    for index in island.joints {
      joints[index].addRows(index, bodies, drives: withDrives ? .held : .none, to: &rows)
      joints[index].addStops(index, bodies, horizon: stopsAtWork == nil ? horizon : .infinity, to: &rows)
    }
    if let stopsAtWork, horizon == 0 {
      rows.removeAll { $0.stop >= 0 && !stopsAtWork.contains(JointStop(joint: $0.joint, stop: $0.stop)) }
    }
    return rows
  }

  /// (J M⁻¹ Jᵀ) λ = right; rows that others imply are left out.
  func solveSymmetric(_ rows: [JointRow], _ right: [Double]) -> [Double] { JointSystem(rows).solve(right) }

  /// Brings anchors together and takes out the relative velocity that joints forbid: least change in the metric of mass.
  ///
  /// - Parameter withDrives: whether motors and friction that hold count as joints.
  func projectJoints(withDrives: Bool = true) {
    for _ in 0..<8 {
      let rows = articulatedRows(withDrives: withDrives).filter { $0.isBilateral || $0.error > 0 }
      if rows.isEmpty { break }
      let worst = rows.reduce(0.0) { max($0, abs($1.error)) }
      if worst < 1e-12 { break }
      let shifts = solveSymmetric(rows, rows.map { -$0.error })
      var moves: [Int: (Vector3, Vector3)] = [:]
      for (row, shift) in zip(rows, shifts) {
        for (body, sign, angular) in [(row.a, 1.0, row.angularA), (row.b, -1.0, row.angularB)] where body.pointee.isDynamic {
          moves[body - bodies, default: (.zero, .zero)].0 += row.linear * (sign * shift * body.pointee.inverseMass)
          moves[body - bodies, default: (.zero, .zero)].1 += body.pointee.inverseInertia * (angular * (sign * shift))
        }
      }
      for index in island.bodies {
        guard let move = moves[index] else { continue }
        bodies[index].position += move.0
        bodies[index].orientation = (Quaternion(rotationVector: move.1) * bodies[index].orientation).normalized
        bodies[index].refresh()
      }
    }
    // A stop that is met faster than this is an impact, which `resolveImpacts` turns back.
    let rows = articulatedRows(withDrives: withDrives).filter { $0.isBilateral || ($0.rate > 0 && $0.rate < restingSpeed) }
    let impulses = solveSymmetric(rows, rows.map { $0.target - $0.rate })
    for (row, impulse) in zip(rows, impulses) { applyImpulse(impulse, of: row) }
    for index in island.bodies { bodies[index].refresh() }
    for index in island.joints { joints[index].followAngle(bodies) }
  }

  func applyImpulse(_ impulse: Double, of row: JointRow) {
    if row.a.pointee.isDynamic {
      row.a.pointee.velocity += row.linear * (impulse * row.a.pointee.inverseMass)
      row.a.pointee.angularMomentum += row.angularA * impulse
    }
    if row.b.pointee.isDynamic {
      row.b.pointee.velocity -= row.linear * (impulse * row.b.pointee.inverseMass)
      row.b.pointee.angularMomentum -= row.angularB * impulse
    }
  }
}

/// Rate of change of a motion state.
private struct Slope {
  var position: Vector3
  var orientation: Quaternion
  var velocity: Vector3
  var angularMomentum: Vector3

  /// The weights 1, 2, 2, 1 over 6.
  static func mean(_ k1: Slope, _ k2: Slope, _ k3: Slope, _ k4: Slope) -> Slope {
    func mix(_ part: (Slope) -> Vector3) -> Vector3 {
      let ends = part(k1) + part(k4)
      let middle = part(k2) + part(k3)
      return ends * (1.0 / 6) + middle * (1.0 / 3)
    }
    let turn = (k1.orientation + k4.orientation) * (1.0 / 6) + (k2.orientation + k3.orientation) * (1.0 / 3)
    return Slope(
      position: mix(\.position), orientation: turn, velocity: mix(\.velocity), angularMomentum: mix(\.angularMomentum))
  }
}

extension MotionState {
  fileprivate func moved(_ slope: Slope, _ t: Double) -> MotionState {
    MotionState(
      position: position + slope.position * t, orientation: (orientation + slope.orientation * t).normalized,
      velocity: velocity + slope.velocity * t, angularMomentum: angularMomentum + slope.angularMomentum * t)
  }
}
