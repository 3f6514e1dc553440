import WorldCore

/// Four neighbouring threads, one a lane.
typealias Lanes = SIMD4<Double>

/// Stretch and bending along the threads, each thread solved as a whole.
///
/// A substep of XPBD finds x' that minimises ½|x' − x|²_M + Δt²·E(x') (Macklin et al. 2016, eq. 4). Taken constraint by
/// constraint, its stiffness reaches along a thread only as far as the iterations carry it: the top of a hanging chain of N
/// links sags by a factor N², a bent one by N⁴. Here all constraints of one thread form one group: the linearised minimum is
/// the solution of (M + Δt²·JᵀKJ) Δx = −Δt²·JᵀKC, a banded system of seven diagonals, factored directly. At rest the result is
/// the exact equilibrium of the discrete thread whatever the substep. Threads of one direction share no node, so that they are
/// solved side by side, four in the lanes of each vector (the recurrences of one thread alone would wait for each other: 2.5
/// times slower).
///
/// Stretch: C = |x₁ − x₀| − h, stiffness E·w/h for a thread that carries a width w of cloth. Bending: the vector C = x₀ − 2x₁ +
/// x₂, whose length over h² is the curvature of an inextensible thread, stiffness D·w/h³. With the cells' twist term this is
/// the quadratic isometric bending energy (Bergou et al. 2006) on a grid, that of a plate with Poisson's ratio 0.
struct YarnSystem: @unchecked Sendable {  // Its memory is written only while no worker runs.
  /// Up to four threads side by side; spare lanes repeat the last one and are not written back.
  struct Batch {
    var starts: SIMD4<Int>
    var lanes: Int
    var stride: Int
    var count: Int
    /// m
    var restLength: Double
    /// N/m
    var stretch: Lanes
    var bending: Lanes
    private(set) var brinkWidth = Lanes.zero
    private(set) var pushSlope = Lanes.zero
    private(set) var softSlope = Lanes.zero
    /// Whether any node is held; then the forces on it are summed.
    var isHeld = false
    /// Where the batch's nodes begin in the arrays below.
    var slot: Int

    /// The force that a segment pulls with at an elongation (m), N, and its slope, N/m.
    ///
    /// Under a push a thread buckles in folds smaller than the grid: past the load of a hinged column, Euler's P = π²·D·w/h²,
    /// it gains only P·½ for a unit of strain. The slope falls to that over a strain of at least `brink`. Shorter by
    /// `foldDepth` the fold is closed and a tenth of the stiffness returns.
    @inline(__always) func force(_ elongation: Lanes) -> (force: Lanes, slope: Lanes) {
      elongation.isTaut ? (stretch * elongation, stretch) : buckled(elongation)
    }

    /// The same where any lane may be slack.
    @inline(__always) private func buckled(_ elongation: Lanes) -> (force: Lanes, slope: Lanes) {
      let shortening = (-elongation).replacing(with: 0, where: elongation .> 0)
      let part = shortening.replacing(with: brinkWidth, where: shortening .> brinkWidth)
      let beyond = shortening - part
      let fold = shortening - Self.foldDepth * restLength
      let closed = fold.replacing(with: 0, where: fold .< 0)
      let jam = (stretch * 0.1).replacing(with: 0, where: fold .<= 0)
      let lost = pushSlope - softSlope
      let push = pushSlope * shortening - lost * (part * part / (2 * brinkWidth) + beyond) + jam * closed
      let isPush = elongation .< 0
      let slope = pushSlope - lost * part / brinkWidth + jam
      return ((stretch * elongation).replacing(with: -push, where: isPush), stretch.replacing(with: slope, where: isPush))
    }

    /// The energy stored in a segment of one lane, J: the integral of the pull.
    func work(_ elongation: Double, _ lane: Int) -> Double {
      if elongation >= 0 { return 0.5 * stretch[lane] * elongation * elongation }
      let (width, push) = (brinkWidth[lane], pushSlope[lane])
      let part = min(-elongation, width)
      let beyond = -elongation - part
      let closed = max(-elongation - Self.foldDepth * restLength, 0)
      let spared = part * part * part / (6 * width) + 0.5 * (width + beyond) * beyond
      return 0.5 * push * elongation * elongation - (push - softSlope[lane]) * spared + 0.05 * stretch[lane] * closed * closed
    }

    /// As strains.
    static let brink = 1e-3
    static let foldDepth = 0.1

    /// From the bending stiffness: the shortening over which a segment gives way (m), its slope at first and in the end (N/m).
    mutating func settleBuckling() {
      let euler = bending * (.pi * .pi * restLength) + Lanes(repeating: 1e-12)
      let width = 2 * euler / stretch
      let least = Lanes(repeating: Self.brink * restLength)
      brinkWidth = width.replacing(with: least, where: width .< least)
      pushSlope = 2 * euler / brinkWidth
      softSlope = euler * (0.5 / restLength)
    }
  }

  /// How many times slopes are chosen anew at most, and the strain by whose force a choice may miss.
  private static let passes = 3
  private static let forceTolerance = 3e-5

  private(set) var weft: [Batch] = []
  private(set) var warp: [Batch] = []
  /// kg of a free node; 1 for a held one, whose equation reads Δx = 0.
  private let mass: UnsafeMutablePointer<Lanes>
  /// 1 for a free node, 0 for a held one.
  private let free: UnsafeMutablePointer<Lanes>
  /// How much stiffer than in the open each hinge is: 2 beside a clamped segment, of which no half bends, 1 elsewhere.
  private let hinge: UnsafeMutablePointer<Lanes>
  private var scratch: [YarnScratch] = []
  /// The greatest of any segment along weft and warp by its tension in the last solve.
  private var elasticStrain = SIMD2<Double>.zero

  init(rows: Int, columns: Int) {
    let capacity = (rows + 3) / 4 * columns + (columns + 3) / 4 * rows
    mass = .allocate(capacity: capacity)
    free = .allocate(capacity: capacity)
    hinge = .allocate(capacity: capacity)
    for memory in [mass, free, hinge] { memory.initialize(repeating: Lanes(repeating: 1), count: capacity) }
  }

  func deallocate() {
    mass.deallocate()
    free.deallocate()
    hinge.deallocate()
    for memory in scratch { memory.deallocate() }
  }

  /// Lays out the threads of a sheet; again whenever a pin takes hold or gives way.
  mutating func prepare(_ sheet: Sheet) {
    let (rows, columns) = (sheet.rows, sheet.columns)
    let (material, hu, hv) = (sheet.definition.material, sheet.weftSpacing, sheet.warpSpacing)
    weft = batches(
      of: rows, nodes: columns, start: columns, stride: 1, spacing: hu, width: hv, stretch: material.weftStretch,
      bending: material.weftBending, slot: 0)
    warp = batches(
      of: columns, nodes: rows, start: 1, stride: columns, spacing: hv, width: hu, stretch: material.warpStretch,
      bending: material.warpBending, slot: (rows + 3) / 4 * columns)
    for index in weft.indices { fill(&weft[index], sheet) }
    for index in warp.indices { fill(&warp[index], sheet) }
  }

  private func batches(
    of yarns: Int, nodes: Int, start: Int, stride: Int, spacing: Double, width: Double, stretch: Double, bending: Double,
    slot: Int
  ) -> [Batch] {
    Swift.stride(from: 0, to: yarns, by: 4).map { first in
      var batch = Batch(
        starts: .zero, lanes: min(4, yarns - first), stride: stride, count: nodes, restLength: spacing, stretch: .zero,
        bending: .zero, slot: slot + first / 4 * nodes)
      for lane in 0..<4 {
        let yarn = min(first + lane, yarns - 1)
        let carried = yarn == 0 || yarn == yarns - 1 ? width / 2 : width
        batch.starts[lane] = yarn * start
        batch.stretch[lane] = stretch * carried / spacing
        batch.bending[lane] = bending * carried / (spacing * spacing * spacing)
      }
      batch.settleBuckling()
      return batch
    }
  }

  /// A segment held at both ends can't bend: the hinge at its end has only the other segment's half to bend in.
  private func fill(_ batch: inout Batch, _ sheet: Sheet) {
    for lane in 0..<4 {
      func held(_ i: Int) -> Bool { sheet.inverseMass[batch.starts[lane] + i * batch.stride] == 0 }
      for i in 0..<batch.count {
        let at = batch.slot + i
        batch.isHeld = batch.isHeld || held(i)
        mass[at][lane] = held(i) ? 1 : sheet.mass[batch.starts[lane] + i * batch.stride]
        free[at][lane] = held(i) ? 0 : 1
        let isInner = i > 0 && i < batch.count - 1
        hinge[at][lane] = isInner && held(i) && (held(i - 1) || held(i + 1)) ? 2 : 1
      }
    }
  }

  /// Moves the sheet's nodes by the threads of both directions, weft first.
  mutating func solve(_ sheet: Sheet, substep: Double, workers: Int) {
    while scratch.count < workers { scratch.append(YarnScratch(nodes: max(sheet.rows, sheet.columns))) }
    let (system, scratch) = (self, scratch)
    for (direction, batches) in [weft, warp].enumerated() {
      for memory in scratch { memory.greatestPull.pointee = 0 }
      forEachPiece(of: batches.count, workers: workers) { worker, range in
        for index in range { system.solve(batches[index], sheet, substep, scratch[worker]) }
      }
      let greatest = scratch.reduce(0) { max($0, $1.greatestPull.pointee) }
      elasticStrain[direction] = greatest / (substep * substep)
    }
  }

  /// The greatest strain of any thread beyond what the greatest tension explains, after all other constraints have had their
  /// say.
  func excessStrain(_ sheet: Sheet) -> Double {
    let x = sheet.position
    let (rows, columns) = (sheet.rows, sheet.columns)
    var (weft, warp) = (0.0, 0.0)
    for row in 0..<rows {
      let line = x + row * columns
      for column in 0..<columns - 1 { weft = max(weft, (line[column + 1] - line[column]).lengthSquared) }
      guard row + 1 < rows else { continue }
      for column in 0..<columns { warp = max(warp, (line[column + columns] - line[column]).lengthSquared) }
    }
    let weftExcess = weft.squareRoot() / sheet.weftSpacing - 1 - elasticStrain.x
    let warpExcess = warp.squareRoot() / sheet.warpSpacing - 1 - elasticStrain.y
    return max(weftExcess, warpExcess, 0)
  }

  private func solve(_ batch: Batch, _ sheet: Sheet, _ dt: Double, _ scratch: YarnScratch) {
    let material = sheet.definition.material
    let n = batch.count
    let (free, hinge) = (free + batch.slot, hinge + batch.slot)
    scratch.load(batch, sheet.position, sheet.previous)
    let stretchDrag = material.membraneDamping * dt
    let bendDrag = material.bendingDamping * dt

    // Threads whose segments go slack or taut within the substep are solved again with the slopes they reach.
    let tolerance = batch.stretch * (Self.forceTolerance * batch.restLength)
    for pass in 0..<Self.passes {
      scratch.startMatrix(mass + batch.slot, nodes: n)

      // Stretch. Damping adds its time over Δt to the stiffness the solve sees (Macklin et al. 2016, eq. 26); a slack thread
      // keeps a twentieth of it.
      for i in 0..<n - 1 {
        let e = scratch.place[i + 1] - scratch.place[i]
        let length = e.dot(e).squareRoot()
        let direction = e * (1 / length.replacing(with: 1, where: length .== 0))
        let elongation = length - batch.restLength
        if pass == 0 { scratch.reached[i] = elongation }
        let (pull, slope) = batch.force(scratch.reached[i])
        let viscous = slope.replacing(with: batch.stretch * 0.05, where: slope .< batch.stretch * 0.05) * stretchDrag
        let change = (e - (scratch.old[i + 1] - scratch.old[i])).dot(direction)
        let tension = (pull + slope * (elongation - scratch.reached[i])) * (dt * dt) + viscous * change
        let seen = slope * (dt * dt) + viscous
        scratch.direction[i] = direction
        scratch.elongation[i] = elongation
        scratch.tension[i] = tension
        scratch.slope[i] = seen
        scratch.addForce(i, direction * (tension * free[i]))
        scratch.addForce(i + 1, direction * (-tension * free[i + 1]))
        scratch.addStretch(i, direction, seen, free[i], free[i + 1])
      }

      // Bending.
      for i in 1..<n - 1 {
        let bend = scratch.place[i - 1] - scratch.place[i] * 2 + scratch.place[i + 1]
        let oldBend = scratch.old[i - 1] - scratch.old[i] * 2 + scratch.old[i + 1]
        let stiffness = batch.bending * hinge[i]
        let force = (bend * (dt * dt + bendDrag) - oldBend * bendDrag) * stiffness
        scratch.bend[i] = force
        scratch.addForce(i - 1, force * -free[i - 1])
        scratch.addForce(i, force * (free[i] * 2))
        scratch.addForce(i + 1, force * -free[i + 1])
        scratch.addBend(i, stiffness * (dt * dt + bendDrag), free[i - 1], free[i], free[i + 1])
      }
      scratch.solve(nodes: n)

      var wrong = SIMDMask<SIMD4<Int64>>(repeating: false)
      for i in 0..<n - 1 {
        let now = scratch.elongation[i] + (scratch.moved(i + 1) - scratch.moved(i)).dot(scratch.direction[i])
        let last = scratch.reached[i]
        scratch.reached[i] = now
        // Taut before and after, the force is linear.
        if now.isTaut && last.isTaut { continue }
        let (oldPull, oldSlope) = batch.force(last)
        let miss = batch.force(now).force - (oldPull + oldSlope * (now - last))
        wrong = wrong .| (miss .> tolerance) .| (-miss .> tolerance)
      }
      if !any(wrong) { break }
    }
    scratch.store(batch, sheet.position)

    // The tensions reached, and what held nodes felt: each constraint's force at the solution.
    var greatest = Lanes.zero
    let perWidth = 1 / (batch.stretch * batch.restLength)
    for i in 0..<n - 1 {
      let tension = scratch.tension[i] + scratch.slope[i] * (scratch.moved(i + 1) - scratch.moved(i)).dot(scratch.direction[i])
      scratch.tension[i] = tension
      greatest.replace(with: tension, where: tension .> greatest)
    }
    // As strain: tension/(E·w), with stretch = E·w/h.
    scratch.greatestPull.pointee = max(scratch.greatestPull.pointee, (greatest * perWidth).max())
    guard batch.isHeld else { return }
    for i in 0..<n - 1 {
      let pull = scratch.direction[i] * scratch.tension[i]
      react(batch, sheet, i, pull, free[i])
      react(batch, sheet, i + 1, pull * Lanes(repeating: -1), free[i + 1])
    }
    for i in 1..<n - 1 {
      let change = scratch.moved(i - 1) - scratch.moved(i) * 2 + scratch.moved(i + 1)
      let force = scratch.bend[i] + change * (batch.bending * hinge[i] * (dt * dt + bendDrag))
      react(batch, sheet, i - 1, force * Lanes(repeating: -1), free[i - 1])
      react(batch, sheet, i, force * Lanes(repeating: 2), free[i])
      react(batch, sheet, i + 1, force * Lanes(repeating: -1), free[i + 1])
    }
  }

  private func react(_ batch: Batch, _ sheet: Sheet, _ i: Int, _ force: LaneVector, _ free: Lanes) {
    for lane in 0..<batch.lanes where free[lane] == 0 {
      sheet.reaction[batch.starts[lane] + i * batch.stride] += Vector3(force.x[lane], force.y[lane], force.z[lane])
    }
  }

  /// The threads' potential energy in stretch and in bending, J.
  func energy(_ sheet: Sheet) -> (stretch: Double, bending: Double) {
    var (stretch, bending) = (0.0, 0.0)
    for batch in weft + warp {
      for lane in 0..<batch.lanes {
        for i in 0..<batch.count - 1 {
          let a = batch.starts[lane] + i * batch.stride
          let elongation = (sheet.position[a + batch.stride] - sheet.position[a]).length - batch.restLength
          stretch += batch.work(elongation, lane)
        }
        for i in 1..<batch.count - 1 {
          let b = batch.starts[lane] + i * batch.stride
          let bend = sheet.position[b - batch.stride] - sheet.position[b] * 2 + sheet.position[b + batch.stride]
          bending += 0.5 * batch.bending[lane] * hinge[batch.slot + i][lane] * bend.lengthSquared
        }
      }
    }
    return (stretch, bending)
  }

  /// The greatest elongation of any segment over its length.
  func greatestStrain(_ sheet: Sheet) -> Double {
    var greatest = 0.0
    for batch in weft + warp {
      for lane in 0..<batch.lanes {
        for i in 0..<batch.count - 1 {
          let a = batch.starts[lane] + i * batch.stride
          greatest = max(greatest, (sheet.position[a + batch.stride] - sheet.position[a]).length / batch.restLength - 1)
        }
      }
    }
    return greatest
  }
}
