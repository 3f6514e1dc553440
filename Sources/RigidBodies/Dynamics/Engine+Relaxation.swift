import WorldCore

extension Engine {
  /// Relaxes the rows until no visit changes a velocity by more than `tolerance`, m/s.
  ///
  /// Projected Gauss-Seidel as the step of a nonlinear conjugate-gradient method, begun again whenever the residual grows
  /// (Silcowitz, Niebe & Erleben, "A nonsmooth nonlinear conjugate gradient method for interactive contact force problems",
  /// The Visual Computer 26, 2010): in a stack of five boxes a tenth of the sweeps.
  func relaxRows(tolerance: Double, most: Int) {
    let count = rows.count
    if directions.count < count {
      directions = [Vector3](repeating: .zero, count: 2 * count)
      before = directions
    }
    rows.withUnsafeMutableBufferPointer { rows in
      directions.withUnsafeMutableBufferPointer { directions in
        before.withUnsafeMutableBufferPointer { before in
          guard let row = rows.baseAddress, let d = directions.baseAddress, let old = before.baseAddress else { return }
          var lastResidual = 0.0
          for sweep in 0..<most {
            for k in 0..<count { old[k] = Vector3(row[k].pn, row[k].p1, row[k].p2) }
            var change = 0.0
            // Up and down in turn, so that a stack passes its load both ways.
            if sweep & 1 == 0 {
              for k in 0..<count { change = max(change, row[k].relax()) }
            } else {
              for k in stride(from: count - 1, through: 0, by: -1) { change = max(change, row[k].relax()) }
            }
            if change < tolerance { break }

            var residual = 0.0
            for k in 0..<count {
              let step = Vector3(row[k].pn, row[k].p1, row[k].p2) - old[k]
              old[k] = step
              residual += step.lengthSquared
            }
            let beta = lastResidual > 0 ? residual / lastResidual : 2
            lastResidual = residual
            if beta > 1 {
              for k in 0..<count { d[k] = sweep == 0 ? old[k] : .zero }
            } else {
              for k in 0..<count {
                let extra = d[k] * beta
                d[k] = extra + old[k]
                if extra == .zero { continue }
                row[k].pn += extra.x
                row[k].p1 += extra.y
                row[k].p2 += extra.z
                row[k].push(row[k].n * extra.x + row[k].t1 * extra.y + row[k].t2 * extra.z)
              }
            }
          }
        }
      }
    }
  }
}
