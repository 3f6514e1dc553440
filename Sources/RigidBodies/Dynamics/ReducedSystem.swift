import WorldCore

/// Contacts and bounded joint rows of bodies that bilateral rows hold together, the latter eliminated.
///
/// With J of the contacts and bounds, B of the bilateral rows and their redundancy left to `JointSystem`, impulses p answer to
/// the Schur complement
///
///     W = J M⁻¹ Jᵀ − J M⁻¹ Bᵀ (B M⁻¹ Bᵀ)⁺ B M⁻¹ Jᵀ
///
/// so that whatever p is, the joints hold exactly. Sweeps over contacts and joints together lose themselves where a closed loop
/// of joints is held several times over. Coulomb's law is solved as a sequence of problems with friction bounded by the last
/// normal impulses (Haslinger 1983): each is the minimum of a convex function, which sweeps always reach.
struct ReducedSystem {
  /// An impulse or a pair of them with a common bound.
  private struct Block {
    var first: Int
    var isDisc = false
    var low = 0.0
    var high = Double.infinity
    /// The bound as a share of a normal impulse, and which; −1 for none.
    var arm = 0.0
    var normal = -1
  }

  private let bilateral: [JointRow]
  private let system: JointSystem
  /// One per scalar impulse.
  private var coordinates: [JointRow] = []
  private var blocks: [Block] = []
  /// (n, n)
  private var response: [Double] = []
  /// What an impulse of each coordinate makes of the bilateral ones, with its sign turned.
  private var answers: [[Double]] = []
  /// Rates less targets.
  private var excess: [Double] = []
  private var impulses: [Double] = []
  /// The coordinate of each contact row's normal.
  private var normals: [Int] = []
  private var bounded: [Int] = []

  /// Sweeps for one bound of friction, and bounds tried.
  private static let sweeps = 100
  private static let rounds = 60
  /// A coordinate that gives less than this share of what its bodies would if free is held by the joints.
  private static let immovable = 1e-9

  /// At the bodies' present velocities, the rows' present impulses in them.
  init(_ rows: [ContactRow], _ jointRows: [JointRow]) {
    bilateral = jointRows.filter(\.isBilateral)
    system = JointSystem(bilateral)
    for row in rows {
      func add(_ linear: Vector3, _ angularA: Vector3, _ angularB: Vector3, _ target: Double, _ impulse: Double) {
        var coordinate = JointRow(
          joint: -1, a: row.a, b: row.b, linear: linear, angularA: angularA, angularB: angularB, error: 0)
        (coordinate.target, coordinate.impulse) = (target, impulse)
        coordinates.append(coordinate)
      }
      let normal = coordinates.count
      normals.append(normal)
      add(row.n, row.rA.cross(row.n), row.rB.cross(row.n), row.target, row.pn)
      for (d, target, impulse) in [(row.t1, row.target1, row.p1), (row.t2, row.target2, row.p2)] {
        add(d, (row.rA + row.shift).cross(d), (row.rB + row.shift).cross(d), target, impulse)
      }
      blocks.append(Block(first: normal))
      blocks.append(Block(first: normal + 1, isDisc: true, arm: row.friction, normal: normal))
      if row.turnStep > 0 {
        for d in [row.n, row.t1, row.t2] { add(.zero, d, d, 0, row.moment.dot(d)) }
        blocks.append(Block(first: normal + 3, arm: row.spinningArm, normal: normal))
        blocks.append(Block(first: normal + 4, isDisc: true, arm: row.rollingArm, normal: normal))
      }
    }
    for k in jointRows.indices where !jointRows[k].isBilateral {
      blocks.append(Block(first: coordinates.count, low: jointRows[k].impulseLow, high: jointRows[k].impulseHigh))
      bounded.append(k)
      coordinates.append(jointRows[k])
    }
    impulses = coordinates.map(\.impulse)
    reduce()
  }

  private mutating func reduce() {
    let n = coordinates.count
    let couplings = coordinates.map { coordinate in bilateral.map { $0.response(to: coordinate) } }
    answers = couplings.map(system.solve)
    response = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in 0...i {
        let free = coordinates[i].response(to: coordinates[j])
        var held = 0.0
        for k in bilateral.indices { held += couplings[i][k] * answers[j][k] }
        response[i * n + j] = i == j && free - held < Self.immovable * free ? 0 : free - held
        response[j * n + i] = response[i * n + j]
      }
    }
    let settling = system.solve(shortfall)
    excess = (0..<n).map { i in
      var rate = coordinates[i].rate - coordinates[i].target
      for k in bilateral.indices { rate += couplings[i][k] * settling[k] }
      return rate
    }
  }

  /// What the bilateral rows lack of their targets at the start.
  private var shortfall: [Double] { bilateral.map { -$0.excess } }

  /// Finds the impulses; where friction has no fixed point (a wedge that locks), it stays bounded by what presses without it.
  ///
  /// - Parameter tolerance: the change of velocity that counts as none, m/s.
  mutating func solve(tolerance: Double) {
    var bounds = [Double](repeating: 0, count: coordinates.count)
    sweep(bounds, tolerance)
    let frictionless = (bounds, impulses, excess)
    for round in 0..<Self.rounds {
      for k in normals { bounds[k] = round < 10 ? impulses[k] : 0.5 * (bounds[k] + impulses[k]) }
      if sweep(bounds, tolerance) == 0 { return }
    }
    (bounds, impulses, excess) = frictionless
    for k in normals { bounds[k] = impulses[k] }
    sweep(bounds, tolerance)
  }

  /// Gauss-Seidel sweeps with friction bounded by `bounds`, of the coordinates' normal impulses; returns how many changed
  /// anything.
  @discardableResult
  private mutating func sweep(_ bounds: [Double], _ tolerance: Double) -> Int {
    for sweep in 0..<Self.sweeps {
      var change = 0.0
      for block in blocks { change = max(change, visit(block, block.normal < 0 ? 0 : block.arm * bounds[block.normal])) }
      if change < tolerance { return sweep }
    }
    return Self.sweeps
  }

  /// Returns the change of velocity that it made.
  private mutating func visit(_ block: Block, _ bound: Double) -> Double {
    let (n, i) = (coordinates.count, block.first)
    if !block.isDisc {
      let (low, high) = block.normal < 0 ? (block.low, block.high) : (-bound, bound)
      let own = response[i * n + i]
      let wanted = own > 0 ? impulses[i] - excess[i] / own : impulses[i]
      return move(i, by: min(max(wanted, low), high) - impulses[i])
    }
    let (k11, k12, k22) = (response[i * n + i], response[(i + 1) * n + i], response[(i + 1) * n + i + 1])
    let mean = 0.5 * (k11 + k22)
    let (v1, v2) = (excess[i], excess[i + 1])
    var (p1, p2) = (impulses[i], impulses[i + 1])
    if mean > 0 {
      // Sticking, if the disc allows it; a direction that the joints hold gives in by a hair.
      let hair = Self.immovable * mean
      let determinant = (k11 + hair) * (k22 + hair) - k12 * k12
      (p1, p2) = (p1 - ((k22 + hair) * v1 - k12 * v2) / determinant, p2 - ((k11 + hair) * v2 - k12 * v1) / determinant)
      if p1 * p1 + p2 * p2 > bound * bound {
        let step = 1 / (mean + (0.25 * (k11 - k22) * (k11 - k22) + k12 * k12).squareRoot())
        (p1, p2) = (impulses[i] - step * v1, impulses[i + 1] - step * v2)
      }
    }
    let length = (p1 * p1 + p2 * p2).squareRoot()
    if length > bound { (p1, p2) = (p1 * bound / length, p2 * bound / length) }
    return max(move(i, by: p1 - impulses[i]), move(i + 1, by: p2 - impulses[i + 1]))
  }

  private mutating func move(_ i: Int, by change: Double) -> Double {
    if change == 0 { return 0 }
    let n = coordinates.count
    impulses[i] += change
    for j in 0..<n { excess[j] += response[i * n + j] * change }
    return abs(change) * response[i * n + i]
  }

  /// Gives the rows their impulses and the bodies what those make of their velocities.
  func apply(to rows: inout [ContactRow], _ jointRows: inout [JointRow]) {
    let changes = coordinates.indices.map { impulses[$0] - coordinates[$0].impulse }
    var held = system.solve(shortfall)
    for (answer, change) in zip(answers, changes) where change != 0 {
      for k in held.indices { held[k] -= answer[k] * change }
    }
    for (coordinate, change) in zip(coordinates, changes) where change != 0 { coordinate.push(change) }
    for (row, change) in zip(bilateral, held) where change != 0 { row.push(change) }

    for (k, i) in normals.enumerated() {
      (rows[k].pn, rows[k].p1, rows[k].p2) = (impulses[i], impulses[i + 1], impulses[i + 2])
      if rows[k].turnStep > 0 {
        rows[k].moment = rows[k].n * impulses[i + 3] + rows[k].t1 * impulses[i + 4] + rows[k].t2 * impulses[i + 5]
      }
    }
    var next = 0
    for k in jointRows.indices where jointRows[k].isBilateral {
      jointRows[k].impulse += held[next]
      next += 1
    }
    for (slot, k) in bounded.enumerated() { jointRows[k].impulse = impulses[coordinates.count - bounded.count + slot] }
  }
}
