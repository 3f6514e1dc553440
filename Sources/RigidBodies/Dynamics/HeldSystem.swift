import WorldCore

/// The rows that hold, solved all at once where sweeps from row to row would take hundreds.
///
/// Points that press and don't slide or roll, and joints within their bounds, leave no choice: J v = target. Faces on one
/// another are held several times over, so each equation yields by ε of the row's own response (the proximal point method,
/// which leaves what redundant points share as it is):
///
///     (M + Jᵀ E⁻¹ J) Δv = Jᵀ E⁻¹ (target − J v),   Δp = E⁻¹ (target − J v − J Δv)
///
/// in the bodies' velocities, six to a body, by Cholesky's method within the envelope of the lower triangle (George & Liu,
/// "Computer Solution of Large Sparse Positive Definite Systems", 1981). Friction of points that slide or roll is left to the
/// sweeps.
final class HeldSystem {
  /// ε as a share of a row's own response: large enough for Cholesky's rounding, small against the softest way that a stack can
  /// give.
  private static let yielding = 1e-6

  /// One scalar row J v = target, with J = (l, m_a) on the first body and (−l, −m_b) on the second.
  private struct Equation {
    var a: Int32
    var b: Int32
    var linear: Vector3
    var angularA: Vector3
    var angularB: Vector3
    /// E⁻¹
    var weight: Double
    var residual: Double
  }

  private var equations: [Equation] = []
  /// Which contact rows press, or would if they were let: p K > v − target, the primal-dual active set (Hintermüller, Ito &
  /// Kunisch 2003).
  private var presses: [Bool] = []
  private var bodies: [UnsafeMutablePointer<Body>] = []
  /// Of each body the first column that its six rows reach back to, and where each of its rows would have column 0 in `matrix`.
  private var firsts: [Int] = []
  private var matrix: [Double] = []
  private var rowStarts: [Int] = []
  private var right: [Double] = []
  /// Impulses and velocities before `solve`.
  private var impulsesBefore: [(impulse: Vector3, moment: Vector3)] = []
  private var motionBefore: [(velocity: Vector3, spin: Vector3)] = []

  /// What `solve` costs, in visits to rows, for bodies and rows as these.
  private(set) var cost = 0

  /// Numbers the island's bodies that the rows move and lays out the envelope.
  func prepare(
    _ islandBodies: [Int], _ all: UnsafeMutablePointer<Body>, _ rows: UnsafeMutableBufferPointer<ContactRow>,
    _ jointRows: UnsafeMutableBufferPointer<JointRow>
  ) {
    bodies.removeAll(keepingCapacity: true)
    firsts.removeAll(keepingCapacity: true)
    for index in islandBodies {
      all[index].slot = Int32(bodies.count)
      firsts.append(6 * bodies.count)
      bodies.append(all + index)
    }
    func join(_ a: Int32, _ b: Int32) {
      guard a >= 0 && b >= 0 else { return }
      let (low, high) = (Int(min(a, b)), Int(max(a, b)))
      firsts[high] = min(firsts[high], 6 * low)
    }
    for k in rows.indices { join(rows[k].a.pointee.slot, rows[k].b.pointee.slot) }
    for k in jointRows.indices { join(jointRows[k].a.pointee.slot, jointRows[k].b.pointee.slot) }

    rowStarts.removeAll(keepingCapacity: true)
    var size = 0
    var products = 0
    for slot in bodies.indices {
      for axis in 0..<6 {
        let row = 6 * slot + axis
        rowStarts.append(size - firsts[slot])
        let length = row - firsts[slot] + 1
        size += length
        products += length * length / 2
      }
    }
    if matrix.count < size { matrix = [Double](repeating: 0, count: 2 * size) }
    if right.count < 6 * bodies.count { right = [Double](repeating: 0, count: 12 * bodies.count) }
    // A visit to a row takes about as long as 40 products in a row.
    cost = (products + size) / 40 + 4 * (rows.count + jointRows.count)
  }

  /// Moves the impulses to where the rows that hold obey their equations, as far as their bounds let them.
  ///
  /// - Returns: whether any row holds.
  func solve(_ rows: UnsafeMutableBufferPointer<ContactRow>, _ jointRows: UnsafeMutableBufferPointer<JointRow>) -> Bool {
    gather(rows, jointRows)
    if equations.isEmpty { return false }
    assemble()
    guard factor() else { return false }
    substitute()
    impulsesBefore.removeAll(keepingCapacity: true)
    motionBefore.removeAll(keepingCapacity: true)
    for row in rows { impulsesBefore.append((Vector3(row.pn, row.p1, row.p2), row.moment)) }
    for row in jointRows { impulsesBefore.append((Vector3(row.impulse, 0, 0), .zero)) }
    for body in bodies { motionBefore.append((body.pointee.velocity, body.pointee.angularVelocity)) }
    apply(rows, jointRows)
    return true
  }

  /// Puts everything back to where it was before `solve`.
  func takeBack(_ rows: UnsafeMutableBufferPointer<ContactRow>, _ jointRows: UnsafeMutableBufferPointer<JointRow>) {
    for k in rows.indices {
      let before = impulsesBefore[k]
      (rows[k].pn, rows[k].p1, rows[k].p2, rows[k].moment) = (
        before.impulse.x, before.impulse.y, before.impulse.z, before.moment
      )
    }
    for k in jointRows.indices { jointRows[k].impulse = impulsesBefore[rows.count + k].impulse.x }
    for (body, before) in zip(bodies, motionBefore) {
      (body.pointee.velocity, body.pointee.angularVelocity) = (before.velocity, before.spin)
    }
  }

  private func gather(_ rows: UnsafeMutableBufferPointer<ContactRow>, _ jointRows: UnsafeMutableBufferPointer<JointRow>) {
    equations.removeAll(keepingCapacity: true)
    presses.removeAll(keepingCapacity: true)
    for k in rows.indices {
      let row = rows.baseAddress! + k
      presses.append(row.pointee.pn * row.pointee.knn > row.pointee.normalVelocity - row.pointee.target)
      guard presses[k] else { continue }
      let (a, b) = (row.pointee.a.pointee.slot, row.pointee.b.pointee.slot)
      func add(_ direction: Vector3, _ response: Double, _ target: Double, _ shift: Vector3, _ v: Vector3) {
        let (rA, rB) = (row.pointee.rA + shift, row.pointee.rB + shift)
        equations.append(
          Equation(
            a: a, b: b, linear: direction, angularA: rA.cross(direction), angularB: rB.cross(direction),
            weight: 1 / (Self.yielding * response), residual: target - v.dot(direction)))
      }
      add(row.pointee.n, row.pointee.knn, row.pointee.target, .zero, row.pointee.relativeVelocity)
      if row.pointee.sticks {
        let slip = row.pointee.slipVelocity
        add(row.pointee.t1, row.pointee.k11, row.pointee.target1, row.pointee.shift, slip)
        add(row.pointee.t2, row.pointee.k22, row.pointee.target2, row.pointee.shift, slip)
      }
      func addTurning(_ axis: Vector3) {
        equations.append(
          Equation(
            a: a, b: b, linear: .zero, angularA: axis, angularB: axis, weight: row.pointee.turnStep / Self.yielding,
            residual: -row.pointee.relativeSpin.dot(axis)))
      }
      if row.pointee.holdsSpinning { addTurning(row.pointee.n) }
      if row.pointee.holdsRolling {
        addTurning(row.pointee.t1)
        addTurning(row.pointee.t2)
      }
    }
    for k in jointRows.indices where jointRows[k].isWithinBounds {
      let row = jointRows[k]
      // A spring or damper yields by its own compliance besides.
      let weight =
        row.compliance == 0
        ? row.effectiveMass / Self.yielding : 1 / (Self.yielding / row.effectiveMass + row.compliance)
      equations.append(
        Equation(
          a: row.a.pointee.slot, b: row.b.pointee.slot, linear: row.linear, angularA: row.angularA, angularB: row.angularB,
          weight: weight, residual: -row.excess))
    }
  }

  /// M + Jᵀ E⁻¹ J and Jᵀ E⁻¹ (target − J v).
  private func assemble() {
    matrix.withUnsafeMutableBufferPointer { matrix in
      for slot in bodies.indices {
        let (start, end) = (rowStarts[6 * slot] + firsts[slot], rowStarts[6 * slot + 5] + 6 * slot + 6)
        for k in start..<end { matrix[k] = 0 }
        let body = bodies[slot]
        for axis in 0..<3 {
          matrix[rowStarts[6 * slot + axis] + 6 * slot + axis] = body.pointee.mass
          var e = Vector3.zero
          e[axis] = 1
          let column = body.pointee.inertiaTimes(e)
          for other in 0...axis { matrix[rowStarts[6 * slot + 3 + axis] + 6 * slot + 3 + other] = column[other] }
        }
      }
      right.withUnsafeMutableBufferPointer { right in
        for k in 0..<(6 * bodies.count) { right[k] = 0 }
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 12) { jacobian in
          for equation in equations {
            let (a, b) = (Int(equation.a), Int(equation.b))
            for axis in 0..<3 {
              jacobian[axis] = equation.linear[axis]
              jacobian[3 + axis] = equation.angularA[axis]
              jacobian[6 + axis] = -equation.linear[axis]
              jacobian[9 + axis] = -equation.angularB[axis]
            }
            // Rows of the later body take in the columns of the earlier one.
            for (slot, mine, other, others) in [(a, 0, b, 6), (b, 6, a, 0)] where slot >= 0 {
              for i in 0..<6 {
                let weighted = equation.weight * jacobian[mine + i]
                right[6 * slot + i] += weighted * equation.residual
                let row = rowStarts[6 * slot + i]
                for j in 0...i { matrix[row + 6 * slot + j] += weighted * jacobian[mine + j] }
                if other >= 0 && other < slot {
                  for j in 0..<6 { matrix[row + 6 * other + j] += weighted * jacobian[others + j] }
                }
              }
            }
          }
        }
      }
    }
  }

  /// L Lᵀ in place; false where rounding has eaten a pivot.
  private func factor() -> Bool {
    let n = 6 * bodies.count
    return matrix.withUnsafeMutableBufferPointer { matrix in
      for i in 0..<n {
        let (first, row) = (firsts[i / 6], rowStarts[i])
        for j in first..<i {
          let (otherFirst, otherRow) = (firsts[j / 6], rowStarts[j])
          var sum = matrix[row + j]
          for k in max(first, otherFirst)..<max(j, first) { sum -= matrix[row + k] * matrix[otherRow + k] }
          matrix[row + j] = sum / matrix[otherRow + j]
        }
        var pivot = matrix[row + i]
        for k in first..<i { pivot -= matrix[row + k] * matrix[row + k] }
        guard pivot > 0 else { return false }
        matrix[row + i] = pivot.squareRoot()
      }
      return true
    }
  }

  /// `right` becomes Δv.
  private func substitute() {
    let n = 6 * bodies.count
    matrix.withUnsafeBufferPointer { matrix in
      right.withUnsafeMutableBufferPointer { x in
        for i in 0..<n {
          let row = rowStarts[i]
          var sum = x[i]
          for k in firsts[i / 6]..<i { sum -= matrix[row + k] * x[k] }
          x[i] = sum / matrix[row + i]
        }
        for i in stride(from: n - 1, through: 0, by: -1) {
          let row = rowStarts[i]
          let value = x[i] / matrix[row + i]
          x[i] = value
          for k in firsts[i / 6]..<i { x[k] -= matrix[row + k] * value }
        }
      }
    }
  }

  /// Gives the rows their impulses, brought back to their bounds, and the bodies what that makes of their velocities.
  private func apply(_ rows: UnsafeMutableBufferPointer<ContactRow>, _ jointRows: UnsafeMutableBufferPointer<JointRow>) {
    var next = 0
    func takeChange() -> Double {
      let equation = equations[next]
      next += 1
      var rate = 0.0
      if equation.a >= 0 {
        let k = 6 * Int(equation.a)
        rate += equation.linear.dot(Vector3(right[k], right[k + 1], right[k + 2]))
        rate += equation.angularA.dot(Vector3(right[k + 3], right[k + 4], right[k + 5]))
      }
      if equation.b >= 0 {
        let k = 6 * Int(equation.b)
        rate -= equation.linear.dot(Vector3(right[k], right[k + 1], right[k + 2]))
        rate -= equation.angularB.dot(Vector3(right[k + 3], right[k + 4], right[k + 5]))
      }
      return equation.weight * (equation.residual - rate)
    }
    // Velocities, and with them what presses and sticks, change as rows move: what was gathered counts.
    for k in rows.indices where presses[k] {
      let row = rows.baseAddress! + k
      let normal = takeChange()
      let across = row.pointee.sticks ? (takeChange(), takeChange()) : nil
      var moment = row.pointee.holdsSpinning ? row.pointee.n * takeChange() : .zero
      if row.pointee.holdsRolling { moment += row.pointee.t1 * takeChange() + row.pointee.t2 * takeChange() }
      row.pointee.move(normal: normal, across: across, moment: moment)
    }
    for k in jointRows.indices where jointRows[k].isWithinBounds { jointRows[k].move(takeChange()) }
  }
}
