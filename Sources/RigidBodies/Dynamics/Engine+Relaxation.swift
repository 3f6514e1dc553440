import WorldCore

extension Engine {
  /// Relaxes the rows until no visit changes a velocity by more than `tolerance`, m/s.
  ///
  /// Projected Gauss-Seidel as the step of a nonlinear conjugate-gradient method, begun again whenever the residual grows
  /// (Silcowitz, Niebe & Erleben, "A nonsmooth nonlinear conjugate gradient method for interactive contact force problems",
  /// The Visual Computer 26, 2010): in a stack of five boxes a tenth of the sweeps. The sweeps find out which rows hold; when
  /// they have cost as much as solving those at once does, that is tried (`HeldSystem`), and the sweeps go on from there.
  ///
  /// - Parameter mustConverge: whether bodies on joints that the sweeps don't settle are solved by `ReducedSystem` instead.
  /// - Returns: whether they have settled.
  @discardableResult func relaxRows(tolerance: Double, most: Int, mustConverge: Bool) -> Bool {
    let total = rows.count + jointRows.count
    if directions.count < total {
      directions = [Vector3](repeating: .zero, count: 2 * total)
      before = directions
    }
    for k in jointRows.indices { jointRows[k].prepare() }
    let isJointed = mustConverge && !rows.isEmpty && jointRows.contains(where: \.isBilateral)
    let start = isJointed ? (rows, jointRows, island.bodies.map { (bodies[$0].velocity, bodies[$0].angularVelocity) }) : nil
    // Springs and joints alone are a linear system but for bounds.
    if rows.isEmpty && jointRows.contains(where: { $0.compliance > 0 }) {
      reduceRows(tolerance: tolerance)
      return true
    }
    var isSettled = false
    rows.withUnsafeMutableBufferPointer { rows in
      jointRows.withUnsafeMutableBufferPointer { jointRows in
        directions.withUnsafeMutableBufferPointer { directions in
          before.withUnsafeMutableBufferPointer { before in
            isSettled = relax(rows, jointRows, directions, before, tolerance: tolerance, most: most)
          }
        }
      }
    }
    guard let start, !isSettled else { return isSettled }
    // A heap is left unsettled as long as its joints hold.
    if isLarge && !jointRows.contains(where: { $0.isBilateral && abs($0.excess) > 1e3 * tolerance }) { return false }
    (rows, jointRows) = (start.0, start.1)
    for (slot, index) in island.bodies.enumerated() { (bodies[index].velocity, bodies[index].angularVelocity) = start.2[slot] }
    reduceRows(tolerance: tolerance)
    return true
  }

  private func reduceRows(tolerance: Double) {
    var reduced = ReducedSystem(rows, jointRows)
    reduced.solve(tolerance: tolerance)
    reduced.apply(to: &rows, &jointRows)
  }

  /// So many sweeps without progress are enough.
  private static let window = 64

  /// What the impulses of the solution minimise under their bounds: kinetic energy of the velocities less the work at the
  /// targets, J.
  ///
  /// It tells how far the solution is: the changes of velocity that a sweep makes don't, where a light body hands on the load
  /// of a heavy one bit by bit.
  private func merit(_ row: UnsafeMutableBufferPointer<ContactRow>, _ joint: UnsafeMutableBufferPointer<JointRow>) -> Double {
    var sum = 0.0
    for index in island.bodies {
      let body = bodies[index]
      sum += 0.5 * (body.mass * body.velocity.lengthSquared + body.inertiaTimes(body.angularVelocity).dot(body.angularVelocity))
    }
    for r in row { sum -= r.pn * r.target + r.p1 * r.target1 + r.p2 * r.target2 }
    for r in joint {
      sum -= r.impulse * r.target
      if r.compliance > 0 { sum += 0.5 * r.compliance * r.impulse * r.impulse }
    }
    return sum
  }

  /// Returns whether the last sweep changed no velocity by more than `tolerance`.
  private func relax(
    _ row: UnsafeMutableBufferPointer<ContactRow>, _ joint: UnsafeMutableBufferPointer<JointRow>,
    _ d: UnsafeMutableBufferPointer<Vector3>, _ old: UnsafeMutableBufferPointer<Vector3>, tolerance: Double, most: Int
  ) -> Bool {
    let (count, jointCount) = (row.count, joint.count)
    var lastResidual = 0.0
    // How many sweeps go before the rows that hold are solved at once, and what was left when that was tried last.
    var patience = 0
    var nextSolution = 4
    var lastChange = Double.infinity
    var isTrial = false
    // The least change in the present window of sweeps and in the one before.
    var (least, leastBefore) = (Double.infinity, Double.infinity)
    // What the impulses have come to when solving at once was tried last, and at the end of the last window.
    var meritBefore = 0.0
    var meritOfWindow = Double.infinity
    var mostPatience = 0
    for sweep in 0..<most {
      for k in 0..<count { old[k] = Vector3(row[k].pn, row[k].p1, row[k].p2) }
      for k in 0..<jointCount { old[count + k].x = joint[k].impulse }
      // Up and down in turn, so that a stack passes its load both ways.
      var change = 0.0
      if sweep & 1 == 0 {
        for k in 0..<jointCount { change = max(change, joint[k].relax()) }
        for k in 0..<count { change = max(change, row[k].relax()) }
      } else {
        for k in stride(from: count - 1, through: 0, by: -1) { change = max(change, row[k].relax()) }
        for k in stride(from: jointCount - 1, through: 0, by: -1) { change = max(change, joint[k].relax()) }
      }
      if change < tolerance { return true }
      least = min(least, change)
      if (sweep + 1) % Self.window == 0 {
        // Targets that contradict each other make friction forces work against one another ever harder and change no velocity.
        // Under a heavy body, though, velocities go on changing alike while the load is handed down, and the merit falls.
        let now = merit(row, joint)
        if least > 0.8 * leastBefore && now > meritOfWindow - 0.01 * abs(meritOfWindow) { break }
        (least, leastBefore, meritOfWindow) = (.infinity, least, now)
      }
      if isTrial {
        isTrial = false
        let now = merit(row, joint)
        let isBetter = now < meritBefore
        // What didn't help may help once the sweeps have found better which rows hold.
        if change > 0.5 * lastChange && meritBefore - now < 0.01 * abs(meritBefore) {
          patience = min(2 * patience, mostPatience)
          nextSolution = sweep + patience
        }
        // Rows that contradict each other drive each other far off; a few that were wrongly taken to hold, or not, don't.
        if change > 8 * lastChange && !isBetter {
          held.takeBack(row, joint)
          continue
        }
      }

      // The last word is the projection's.
      if sweep == most - 1 { break }
      if sweep + 1 == nextSolution && patience == 0 {
        held.prepare(island.bodies, bodies, row, joint)
        patience = held.cost / (count + jointCount) + 1
        mostPatience = 8 * patience
        nextSolution = max(nextSolution, patience)
      }
      if sweep + 1 == nextSolution {
        lastChange = change
        nextSolution += patience
        meritBefore = merit(row, joint)
        isTrial = held.solve(row, joint)
        if isTrial {
          lastResidual = 0
          for k in 0..<(count + jointCount) { d[k] = .zero }
          continue
        }
      }
      var residual = 0.0
      for k in 0..<count {
        let step = Vector3(row[k].pn, row[k].p1, row[k].p2) - old[k]
        old[k] = step
        residual += step.lengthSquared
      }
      for k in 0..<jointCount {
        old[count + k] = Vector3(joint[k].impulse - old[count + k].x, 0, 0)
        residual += old[count + k].lengthSquared
      }
      let beta = lastResidual > 0 ? residual / lastResidual : 2
      lastResidual = residual
      if beta > 1 {
        for k in 0..<(count + jointCount) { d[k] = sweep == 0 ? old[k] : .zero }
        continue
      }
      for k in 0..<count {
        let extra = d[k] * beta
        d[k] = extra + old[k]
        if extra == .zero { continue }
        row[k].pn += extra.x
        row[k].p1 += extra.y
        row[k].p2 += extra.z
        row[k].push(extra.x, extra.y, extra.z)
      }
      for k in 0..<jointCount {
        let extra = d[count + k].x * beta
        d[count + k].x = extra + old[count + k].x
        if extra == 0 { continue }
        joint[k].impulse += extra
        joint[k].push(extra)
      }
    }
    return false
  }
}
