import WorldCore

extension Lanes {
  /// Whether no lane is negative.
  @inline(__always) var isTaut: Bool { self[0] >= 0 && self[1] >= 0 && self[2] >= 0 && self[3] >= 0 }
}

/// A vector in each of four lanes.
struct LaneVector {
  var x: Lanes
  var y: Lanes
  var z: Lanes

  static let zero = LaneVector(x: .zero, y: .zero, z: .zero)

  @inline(__always) static func + (a: LaneVector, b: LaneVector) -> LaneVector {
    LaneVector(x: a.x + b.x, y: a.y + b.y, z: a.z + b.z)
  }
  @inline(__always) static func - (a: LaneVector, b: LaneVector) -> LaneVector {
    LaneVector(x: a.x - b.x, y: a.y - b.y, z: a.z - b.z)
  }
  @inline(__always) static func * (a: LaneVector, s: Lanes) -> LaneVector { LaneVector(x: a.x * s, y: a.y * s, z: a.z * s) }
  @inline(__always) static func * (a: LaneVector, s: Double) -> LaneVector { a * Lanes(repeating: s) }
  @inline(__always) func dot(_ b: LaneVector) -> Lanes { x * b.x + y * b.y + z * b.z }
}

/// One worker's memory for four threads: a symmetric banded matrix of half-bandwidth 6 over the nodes' coordinates, and its
/// solution.
///
/// Row r keeps its entries (r, r − d), d = 0…6, at `band[7r + d]`. Six rows of zeros stand in front, so that no loop asks where
/// the matrix begins. The factors L and D of LDLᵀ overwrite it.
struct YarnScratch: @unchecked Sendable {  // Each worker has one of its own.
  let place: UnsafeMutablePointer<LaneVector>
  let old: UnsafeMutablePointer<LaneVector>
  let direction: UnsafeMutablePointer<LaneVector>
  let bend: UnsafeMutablePointer<LaneVector>
  let tension: UnsafeMutablePointer<Lanes>
  let slope: UnsafeMutablePointer<Lanes>
  let elongation: UnsafeMutablePointer<Lanes>
  let reached: UnsafeMutablePointer<Lanes>
  /// The greatest tension met as a strain times the square of the substep, s².
  let greatestPull: UnsafeMutablePointer<Double>
  private let bandStart: UnsafeMutablePointer<Lanes>
  private let band: UnsafeMutablePointer<Lanes>
  private let inverseStart: UnsafeMutablePointer<Lanes>
  private let inverseDiagonal: UnsafeMutablePointer<Lanes>
  private let solutionStart: UnsafeMutablePointer<Lanes>
  private let solution: UnsafeMutablePointer<Lanes>

  init(nodes: Int) {
    func zeros(_ count: Int) -> UnsafeMutablePointer<Lanes> {
      let memory = UnsafeMutablePointer<Lanes>.allocate(capacity: count)
      memory.initialize(repeating: .zero, count: count)
      return memory
    }
    func vectors() -> UnsafeMutablePointer<LaneVector> {
      let memory = UnsafeMutablePointer<LaneVector>.allocate(capacity: nodes)
      memory.initialize(repeating: .zero, count: nodes)
      return memory
    }
    (place, old, direction, bend) = (vectors(), vectors(), vectors(), vectors())
    tension = zeros(nodes)
    (slope, elongation, reached) = (zeros(nodes), zeros(nodes), zeros(nodes))
    greatestPull = .allocate(capacity: 1)
    greatestPull.initialize(to: 0)
    bandStart = zeros((3 * nodes + 6) * 7)
    band = bandStart + 42
    inverseStart = zeros(3 * nodes + 6)
    inverseDiagonal = inverseStart + 6
    solutionStart = zeros(3 * nodes + 6)
    solution = solutionStart + 6
  }

  func deallocate() {
    for memory in [place, old, direction, bend] { memory.deallocate() }
    for memory in [tension, slope, elongation, reached, bandStart, inverseStart, solutionStart] { memory.deallocate() }
    greatestPull.deallocate()
  }

  func load(_ batch: YarnSystem.Batch, _ position: UnsafePointer<Vector3>, _ previous: UnsafePointer<Vector3>) {
    for i in 0..<batch.count {
      let at = batch.starts &+ SIMD4(repeating: i * batch.stride)
      let (a, b, c, d) = (position[at.x], position[at.y], position[at.z], position[at.w])
      place[i] = LaneVector(x: Lanes(a.x, b.x, c.x, d.x), y: Lanes(a.y, b.y, c.y, d.y), z: Lanes(a.z, b.z, c.z, d.z))
      let (e, f, g, h) = (previous[at.x], previous[at.y], previous[at.z], previous[at.w])
      old[i] = LaneVector(x: Lanes(e.x, f.x, g.x, h.x), y: Lanes(e.y, f.y, g.y, h.y), z: Lanes(e.z, f.z, g.z, h.z))
    }
  }

  func store(_ batch: YarnSystem.Batch, _ position: UnsafeMutablePointer<Vector3>) {
    for i in 0..<batch.count {
      let move = moved(i)
      for lane in 0..<batch.lanes {
        position[batch.starts[lane] + i * batch.stride] += Vector3(move.x[lane], move.y[lane], move.z[lane])
      }
    }
  }

  func startMatrix(_ mass: UnsafePointer<Lanes>, nodes: Int) {
    band.update(repeating: .zero, count: 21 * nodes)
    solutionStart.update(repeating: .zero, count: 3 * nodes + 6)
    for i in 0..<nodes { addToDiagonal(i, mass[i]) }
  }

  @inline(__always) private func addToDiagonal(_ i: Int, _ value: Lanes) {
    band[21 * i] += value
    band[21 * i + 7] += value
    band[21 * i + 14] += value
  }

  @inline(__always) func addForce(_ i: Int, _ force: LaneVector) {
    solution[3 * i] += force.x
    solution[3 * i + 1] += force.y
    solution[3 * i + 2] += force.z
  }

  @inline(__always) func moved(_ i: Int) -> LaneVector {
    LaneVector(x: solution[3 * i], y: solution[3 * i + 1], z: solution[3 * i + 2])
  }

  /// Adds s·u uᵀ to the diagonal blocks of nodes i and i + 1, and takes it from the block between them, where they are free.
  @inline(__always) func addStretch(_ i: Int, _ u: LaneVector, _ s: Lanes, _ freeA: Lanes, _ freeB: Lanes) {
    let su = u * s
    let (xx, xy, xz) = (su.x * u.x, su.x * u.y, su.x * u.z)
    let (yy, yz, zz) = (su.y * u.y, su.y * u.z, su.z * u.z)
    let both = freeA * freeB
    let a = band + 21 * i, b = band + 21 * (i + 1)
    a[0] += xx * freeA
    a[7] += yy * freeA
    a[8] += xy * freeA
    a[14] += zz * freeA
    a[15] += yz * freeA
    a[16] += xz * freeA
    b[0] += xx * freeB
    b[7] += yy * freeB
    b[8] += xy * freeB
    b[14] += zz * freeB
    b[15] += yz * freeB
    b[16] += xz * freeB
    // Rows of node i + 1, columns of node i: the entry (3 + p, q) is at distance 3 + p − q.
    b[3] -= xx * both
    b[2] -= xy * both
    b[1] -= xz * both
    b[7 + 4] -= xy * both
    b[7 + 3] -= yy * both
    b[7 + 2] -= yz * both
    b[14 + 5] -= xz * both
    b[14 + 4] -= yz * both
    b[14 + 3] -= zz * both
  }

  /// Adds s·[1, −2, 1]ᵀ[1, −2, 1] on each coordinate of the nodes i − 1, i and i + 1, where they are free.
  @inline(__always) func addBend(_ i: Int, _ s: Lanes, _ freeA: Lanes, _ freeB: Lanes, _ freeC: Lanes) {
    addToDiagonal(i - 1, s * freeA)
    addToDiagonal(i, s * freeB * 4)
    addToDiagonal(i + 1, s * freeC)
    let (first, second, across) = (s * freeA * freeB * 2, s * freeB * freeC * 2, s * freeA * freeC)
    let (middle, last) = (band + 21 * i, band + 21 * (i + 1))
    middle[3] -= first
    middle[10] -= first
    middle[17] -= first
    last[3] -= second
    last[10] -= second
    last[17] -= second
    last[6] += across
    last[13] += across
    last[20] += across
  }

  /// Factors and solves in place, the forward substitution along the way.
  func solve(nodes: Int) {
    let size = 3 * nodes
    for r in 0..<size {
      let row = band + 7 * r
      // u_d = L(r, r − d)·D(r − d), from the farthest column to the nearest.
      let u6 = row[6]
      let l5 = row - 35, l4 = row - 28, l3 = row - 21, l2 = row - 14, l1 = row - 7
      let u5 = row[5] - u6 * l5[1]
      let u4 = row[4] - u6 * l4[2] - u5 * l4[1]
      let u3 = row[3] - u6 * l3[3] - u5 * l3[2] - u4 * l3[1]
      let far2 = u6 * l2[4] + u5 * l2[3]
      let u2 = row[2] - far2 - u4 * l2[2] - u3 * l2[1]
      let far1 = u6 * l1[5] + u5 * l1[4] + u4 * l1[3]
      let u1 = row[1] - far1 - u3 * l1[2] - u2 * l1[1]
      let inverse = inverseDiagonal + r
      let f6 = u6 * inverse[-6], f5 = u5 * inverse[-5], f4 = u4 * inverse[-4]
      let f3 = u3 * inverse[-3], f2 = u2 * inverse[-2], f1 = u1 * inverse[-1]
      let farSquares = u6 * f6 + u5 * f5 + u4 * f4
      let nearSquares = u3 * f3 + u2 * f2 + u1 * f1
      inverse[0] = 1 / (row[0] - farSquares - nearSquares)
      row[6] = f6
      row[5] = f5
      row[4] = f4
      row[3] = f3
      row[2] = f2
      row[1] = f1
      let y = solution + r
      let far = f6 * y[-6] + f5 * y[-5] + f4 * y[-4]
      let near = f3 * y[-3] + f2 * y[-2] + f1 * y[-1]
      y[0] -= far + near
    }
    for r in 0..<size { solution[r] *= inverseDiagonal[r] }
    var r = size - 1
    while r >= 0 {
      // Column r of L takes the found value from the rows above; in front of the first row L holds zeros.
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
  }
}
