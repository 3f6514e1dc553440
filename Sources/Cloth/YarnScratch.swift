import WorldCore

/// One worker's memory for one thread: a symmetric banded matrix of half-bandwidth 6 over the nodes' coordinates, and its solution.
///
/// Row r keeps its entries (r, r − d), d = 0…6, at `band[7r + d]`. Six rows of zeros stand in front, so that no loop asks where the
/// matrix begins. The factors L and D of LDLᵀ overwrite it.
struct YarnScratch: @unchecked Sendable {  // Each worker has one of its own.
  let direction: UnsafeMutablePointer<Vector3>
  let tension: UnsafeMutablePointer<Double>
  let bend: UnsafeMutablePointer<Vector3>
  private let bandStart: UnsafeMutablePointer<Double>
  private let band: UnsafeMutablePointer<Double>
  private let inverseStart: UnsafeMutablePointer<Double>
  private let inverseDiagonal: UnsafeMutablePointer<Double>
  private let solutionStart: UnsafeMutablePointer<Double>
  private let solution: UnsafeMutablePointer<Double>

  init(nodes: Int) {
    func zeros(_ count: Int) -> UnsafeMutablePointer<Double> {
      let memory = UnsafeMutablePointer<Double>.allocate(capacity: count)
      memory.initialize(repeating: 0, count: count)
      return memory
    }
    direction = .allocate(capacity: nodes)
    bend = .allocate(capacity: nodes)
    tension = zeros(nodes)
    direction.initialize(repeating: .zero, count: nodes)
    bend.initialize(repeating: .zero, count: nodes)
    bandStart = zeros((3 * nodes + 6) * 7)
    band = bandStart + 42
    inverseStart = zeros(3 * nodes + 6)
    inverseDiagonal = inverseStart + 6
    // Six more zeros behind the end, for the backward substitution.
    solutionStart = zeros(3 * nodes + 12)
    solution = solutionStart + 6
  }

  func deallocate() {
    direction.deallocate()
    tension.deallocate()
    bend.deallocate()
    bandStart.deallocate()
    inverseStart.deallocate()
    solutionStart.deallocate()
  }

  func clear(nodes: Int) {
    band.update(repeating: 0, count: 21 * nodes)
    solution.update(repeating: 0, count: 3 * nodes + 6)
  }

  @inline(__always) func addToDiagonal(_ i: Int, _ value: Double) {
    band[21 * i] += value
    band[21 * i + 7] += value
    band[21 * i + 14] += value
  }

  @inline(__always) func addForce(_ i: Int, _ force: Vector3) {
    solution[3 * i] += force.x
    solution[3 * i + 1] += force.y
    solution[3 * i + 2] += force.z
  }

  @inline(__always) func moved(_ i: Int) -> Vector3 { Vector3(solution[3 * i], solution[3 * i + 1], solution[3 * i + 2]) }

  /// Fixes node i: its coordinates don't move.
  @inline(__always) func hold(_ i: Int) {
    solution[3 * i] = 0
    solution[3 * i + 1] = 0
    solution[3 * i + 2] = 0
  }

  /// Adds s·u uᵀ to both diagonal blocks and takes it from the block between them, where the nodes i and i + 1 are free.
  @inline(__always) func addStretch(_ i: Int, _ u: Vector3, _ s: Double, freeA: Bool, freeB: Bool) {
    let su = u * s
    let (xx, xy, xz, yy, yz, zz) = (su.x * u.x, su.x * u.y, su.x * u.z, su.y * u.y, su.y * u.z, su.z * u.z)
    for node in i...i + 1 where node == i ? freeA : freeB {
      let at = band + 21 * node
      at[0] += xx
      at[7] += yy
      at[8] += xy
      at[14] += zz
      at[15] += yz
      at[16] += xz
    }
    guard freeA && freeB else { return }
    // Rows of node i + 1, columns of node i: entry (3 + a, b) is at distance 3 + a − b.
    let at = band + 21 * (i + 1)
    at[3] -= xx
    at[2] -= xy
    at[1] -= xz
    at[7 + 4] -= xy
    at[7 + 3] -= yy
    at[7 + 2] -= yz
    at[14 + 5] -= xz
    at[14 + 4] -= yz
    at[14 + 3] -= zz
  }

  /// Adds s·[1, −2, 1]ᵀ[1, −2, 1] on each coordinate of the nodes i − 1, i and i + 1.
  @inline(__always) func addBend(_ i: Int, _ s: Double, freeA: Bool, freeB: Bool, freeC: Bool) {
    if freeA { addToDiagonal(i - 1, s) }
    if freeB { addToDiagonal(i, 4 * s) }
    if freeC { addToDiagonal(i + 1, s) }
    let (middle, last) = (band + 21 * i, band + 21 * (i + 1))
    for a in 0..<3 {
      if freeA && freeB { middle[7 * a + 3] -= 2 * s }
      if freeB && freeC { last[7 * a + 3] -= 2 * s }
      if freeA && freeC { last[7 * a + 6] += s }
    }
  }

  /// Factors and solves in place, the forward substitution along the way.
  func solve(nodes: Int) {
    let size = 3 * nodes
    for r in 0..<size {
      let row = band + 7 * r
      // u_d = L(r, r − d)·D(r − d), from the farthest column to the nearest.
      let u6 = row[6]
      let l5 = row - 35
      let u5 = row[5] - u6 * l5[1]
      let l4 = row - 28
      let u4 = row[4] - u6 * l4[2] - u5 * l4[1]
      let l3 = row - 21
      let u3 = row[3] - u6 * l3[3] - u5 * l3[2] - u4 * l3[1]
      let l2 = row - 14
      let u2 = row[2] - u6 * l2[4] - u5 * l2[3] - u4 * l2[2] - u3 * l2[1]
      let l1 = row - 7
      let far = u6 * l1[5] + u5 * l1[4] + u4 * l1[3]
      let u1 = row[1] - far - u3 * l1[2] - u2 * l1[1]
      let inverse = inverseDiagonal + r
      let (f6, f5, f4) = (u6 * inverse[-6], u5 * inverse[-5], u4 * inverse[-4])
      let (f3, f2, f1) = (u3 * inverse[-3], u2 * inverse[-2], u1 * inverse[-1])
      let nearSquares = u3 * f3 + u2 * f2 + u1 * f1
      let diagonal = row[0] - (u6 * f6 + u5 * f5 + u4 * f4) - nearSquares
      inverse[0] = 1 / diagonal
      row[6] = f6
      row[5] = f5
      row[4] = f4
      row[3] = f3
      row[2] = f2
      row[1] = f1
      let y = solution + r
      let known = f6 * y[-6] + f5 * y[-5] + f4 * y[-4]
      y[0] -= known + f3 * y[-3] + f2 * y[-2] + f1 * y[-1]
    }
    for r in 0..<size { solution[r] *= inverseDiagonal[r] }
    var r = size - 1
    while r >= 0 {
      // Column r of L takes the found value from the rows above it.
      let (row, y) = (band + 7 * r, solution + r)
      let value = y[0]
      y[-1] -= row[1] * value
      y[-2] -= row[2] * value
      y[-3] -= row[3] * value
      y[-4] -= row[4] * value
      y[-5] -= row[5] * value
      y[-6] -= row[6] * value
      r -= 1
    }
    // The six places in front have gathered nothing but zeros times L; L is zero there.
  }
}
