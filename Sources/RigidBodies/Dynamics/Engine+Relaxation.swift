import WorldCore

extension Engine {
  /// Relaxes the rows until no visit changes a velocity by more than `tolerance`, m/s.
  ///
  /// Projected Gauss-Seidel as the step of a nonlinear conjugate-gradient method, begun again whenever the residual grows
  /// (Silcowitz, Niebe & Erleben, "A nonsmooth nonlinear conjugate gradient method for interactive contact force problems",
  /// The Visual Computer 26, 2010): in a stack of five boxes a tenth of the sweeps.
  func relaxRows(tolerance: Double, most: Int) {
    let count = rows.count
    let total = count + jointRows.count
    if directions.count < total {
      directions = [Vector3](repeating: .zero, count: 2 * total)
      before = directions
    }
    for k in jointRows.indices { jointRows[k].prepare() }
    rows.withUnsafeMutableBufferPointer { rows in
      jointRows.withUnsafeMutableBufferPointer { jointRows in
        directions.withUnsafeMutableBufferPointer { directions in
          before.withUnsafeMutableBufferPointer { before in
            Self.relax(rows, jointRows, directions, before, tolerance: tolerance, most: most)
          }
        }
      }
    }
  }

  private static func relax(
    _ row: UnsafeMutableBufferPointer<ContactRow>, _ joint: UnsafeMutableBufferPointer<JointRow>,
    _ d: UnsafeMutableBufferPointer<Vector3>, _ old: UnsafeMutableBufferPointer<Vector3>, tolerance: Double, most: Int
  ) {
    let (count, jointCount) = (row.count, joint.count)
    var lastResidual = 0.0
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
      if change < tolerance { break }

      // The last word is the projection's.
      if sweep == most - 1 { break }
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
        row[k].push(row[k].n * extra.x + row[k].t1 * extra.y + row[k].t2 * extra.z)
      }
      for k in 0..<jointCount {
        let extra = d[count + k].x * beta
        d[count + k].x = extra + old[count + k].x
        if extra == 0 { continue }
        joint[k].impulse += extra
        joint[k].push(extra)
      }
    }
  }
}
