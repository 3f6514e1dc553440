import WorldCore

/// Stretch and bending along the threads, each thread solved as a whole.
///
/// A substep of XPBD finds x' that minimises ½|x' − x|²_M + Δt²·E(x') (Macklin et al. 2016, eq. 4). Taken constraint by constraint,
/// its stiffness reaches along a thread only as far as the iterations carry it: the top of a hanging chain of N links sags by a
/// factor N², a bent one by N⁴. Here all constraints of one thread form one group: the linearised minimum is the solution of
/// (M + Δt²·JᵀKJ) Δx = −Δt²·JᵀKC, a banded system of seven diagonals, factored directly. At rest the result is the exact equilibrium of
/// the discrete thread whatever the substep. Threads of one direction share no node, so that they are solved side by side.
///
/// Stretch: C = |x₁ − x₀| − h, stiffness E·w/h for a thread that carries a width w of cloth. Bending: the vector C = x₀ − 2x₁ + x₂,
/// whose length over h² is the curvature of an inextensible thread, stiffness D·w/h³. With the cells' twist term this is the quadratic
/// isometric bending energy (Bergou et al. 2006) on a grid, that of a plate with Poisson's ratio 0.
struct YarnSystem: @unchecked Sendable {  // Its memory is written only while no worker runs.
  struct Yarn {
    var start: Int
    var stride: Int
    var count: Int
    /// m
    var restLength: Double
    /// N/m
    var stretch: Double
    var bending: Double
    /// Whether any of its nodes is held; then the forces on that node are summed.
    var isHeld = false
    /// Where its factors begin in `bendFactor`.
    var factors: Int
  }

  private(set) var weft: [Yarn] = []
  private(set) var warp: [Yarn] = []
  /// How much stiffer than in the open each hinge is: 2 beside a clamped segment, of which no half bends, 1 elsewhere.
  private let bendFactor: UnsafeMutablePointer<Double>
  private let factorCount: Int
  private var scratch: [YarnScratch] = []

  init(rows: Int, columns: Int) {
    factorCount = 2 * rows * columns
    bendFactor = .allocate(capacity: factorCount)
    bendFactor.initialize(repeating: 1, count: factorCount)
  }

  func deallocate() {
    bendFactor.deallocate()
    for memory in scratch { memory.deallocate() }
  }

  /// Lays out the threads of a sheet; again whenever a pin gives way.
  mutating func prepare(_ sheet: Sheet) {
    let (rows, columns) = (sheet.rows, sheet.columns)
    let (material, hu, hv) = (sheet.definition.material, sheet.weftSpacing, sheet.warpSpacing)
    weft = (0..<rows).map { row in
      let width = row == 0 || row == rows - 1 ? hv / 2 : hv
      return Yarn(
        start: row * columns, stride: 1, count: columns, restLength: hu, stretch: material.weftStretch * width / hu,
        bending: material.weftBending * width / (hu * hu * hu), factors: row * columns)
    }
    warp = (0..<columns).map { column in
      let width = column == 0 || column == columns - 1 ? hu / 2 : hu
      return Yarn(
        start: column, stride: columns, count: rows, restLength: hv, stretch: material.warpStretch * width / hv,
        bending: material.warpBending * width / (hv * hv * hv), factors: rows * columns + column * rows)
    }
    for index in weft.indices { mark(&weft[index], sheet) }
    for index in warp.indices { mark(&warp[index], sheet) }
  }

  /// A segment held at both ends can't bend: the hinge at its end has only the other segment's half to bend in.
  private func mark(_ yarn: inout Yarn, _ sheet: Sheet) {
    func held(_ i: Int) -> Bool { sheet.inverseMass[yarn.start + i * yarn.stride] == 0 }
    yarn.isHeld = (0..<yarn.count).contains { held($0) }
    for i in 1..<yarn.count - 1 {
      bendFactor[yarn.factors + i] = held(i) && (held(i - 1) || held(i + 1)) ? 2 : 1
    }
  }

  /// Moves the sheet's nodes by the threads of both directions, weft first.
  mutating func solve(_ sheet: Sheet, substep: Double, workers: Int) {
    while scratch.count < workers { scratch.append(YarnScratch(nodes: max(sheet.rows, sheet.columns))) }
    let scratch = self.scratch
    for yarns in [weft, warp] {
      let system = self
      forEachPiece(of: yarns.count, workers: workers) { worker, range in
        for index in range { system.solve(yarns[index], sheet, substep, scratch[worker]) }
      }
    }
  }

  private func solve(_ yarn: Yarn, _ sheet: Sheet, _ dt: Double, _ scratch: YarnScratch) {
    let material = sheet.definition.material
    let (x, old, inverseMass) = (sheet.position, sheet.previous, sheet.inverseMass)
    let n = yarn.count
    scratch.clear(nodes: n)
    for i in 0..<n {
      let node = yarn.start + i * yarn.stride
      scratch.addToDiagonal(i, inverseMass[node] > 0 ? sheet.mass[node] : 1)
    }

    // Stretch. Damping adds its time over Δt to the stiffness the solve sees (Macklin et al. 2016, eq. 26).
    let stretchDrag = material.membraneDamping * dt
    let stretchSeen = yarn.stretch * (dt * dt + stretchDrag)
    for i in 0..<n - 1 {
      let a = yarn.start + i * yarn.stride, b = a + yarn.stride
      let e = x[b] - x[a]
      let length = e.length
      let u = length > 0 ? e / length : .zero
      scratch.direction[i] = u
      let tension = yarn.stretch * (dt * dt * (length - yarn.restLength) + stretchDrag * (e - (old[b] - old[a])).dot(u))
      scratch.tension[i] = tension
      scratch.addForce(i, u * tension)
      scratch.addForce(i + 1, u * -tension)
      scratch.addStretch(i, u, stretchSeen, freeA: inverseMass[a] > 0, freeB: inverseMass[b] > 0)
    }

    // Bending.
    let bendDrag = material.bendingDamping * dt
    let bendSeen = yarn.bending * (dt * dt + bendDrag)
    for i in 1..<n - 1 {
      let b = yarn.start + i * yarn.stride, a = b - yarn.stride, c = b + yarn.stride
      let factor = bendFactor[yarn.factors + i]
      let bend = x[a] - x[b] * 2 + x[c]
      let oldBend = old[a] - old[b] * 2 + old[c]
      var force = bend * (dt * dt) + (bend - oldBend) * bendDrag
      force *= factor * yarn.bending
      scratch.bend[i] = force
      scratch.addForce(i - 1, -force)
      scratch.addForce(i, force * 2)
      scratch.addForce(i + 1, -force)
      scratch.addBend(
        i, factor * bendSeen, freeA: inverseMass[a] > 0, freeB: inverseMass[b] > 0, freeC: inverseMass[c] > 0)
    }

    for i in 0..<n where inverseMass[yarn.start + i * yarn.stride] == 0 { scratch.hold(i) }
    scratch.solve(nodes: n)
    for i in 0..<n { x[yarn.start + i * yarn.stride] += scratch.moved(i) }

    // What the held nodes felt: each constraint's force at the solution.
    guard yarn.isHeld else { return }
    for i in 0..<n - 1 {
      let a = yarn.start + i * yarn.stride, b = a + yarn.stride
      guard inverseMass[a] == 0 || inverseMass[b] == 0 else { continue }
      let u = scratch.direction[i]
      let tension = scratch.tension[i] + stretchSeen * (scratch.moved(i + 1) - scratch.moved(i)).dot(u)
      if inverseMass[a] == 0 { sheet.reaction[a] += u * tension }
      if inverseMass[b] == 0 { sheet.reaction[b] -= u * tension }
    }
    for i in 1..<n - 1 {
      let b = yarn.start + i * yarn.stride, a = b - yarn.stride, c = b + yarn.stride
      guard inverseMass[a] == 0 || inverseMass[b] == 0 || inverseMass[c] == 0 else { continue }
      let change = scratch.moved(i - 1) - scratch.moved(i) * 2 + scratch.moved(i + 1)
      let force = scratch.bend[i] + change * (bendSeen * bendFactor[yarn.factors + i])
      if inverseMass[a] == 0 { sheet.reaction[a] -= force }
      if inverseMass[b] == 0 { sheet.reaction[b] += force * 2 }
      if inverseMass[c] == 0 { sheet.reaction[c] -= force }
    }
  }

  /// J stored as the threads' potential energy: stretch and bending, J.
  func energy(_ sheet: Sheet) -> (stretch: Double, bending: Double) {
    var (stretch, bending) = (0.0, 0.0)
    for yarn in weft + warp {
      for i in 0..<yarn.count - 1 {
        let a = yarn.start + i * yarn.stride
        let strain = (sheet.position[a + yarn.stride] - sheet.position[a]).length - yarn.restLength
        stretch += 0.5 * yarn.stretch * strain * strain
      }
      for i in 1..<yarn.count - 1 {
        let b = yarn.start + i * yarn.stride
        let bend = sheet.position[b - yarn.stride] - sheet.position[b] * 2 + sheet.position[b + yarn.stride]
        bending += 0.5 * yarn.bending * bendFactor[yarn.factors + i] * bend.lengthSquared
      }
    }
    return (stretch, bending)
  }

  /// The greatest |strain| of any segment.
  func greatestStrain(_ sheet: Sheet) -> Double {
    var greatest = 0.0
    for yarn in weft + warp {
      for i in 0..<yarn.count - 1 {
        let a = yarn.start + i * yarn.stride
        greatest = max(greatest, abs((sheet.position[a + yarn.stride] - sheet.position[a]).length / yarn.restLength - 1))
      }
    }
    return greatest
  }
}
