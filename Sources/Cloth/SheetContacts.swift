import WorldCore

/// Contact of a sheet's nodes with the triangles of a sheet, its own or another's: each node against those it may meet during a
/// step, its neighbours left out. Two sheets meet by the nodes of either.
///
/// Pairs come from a spatial hash of the triangles' centroids once a step, each with the side of the triangle that the node is
/// on then; all substeps keep the node on that side, a thickness away, so that a layer that would jump through another within a
/// substep is brought back. What starts entangled stays so. Where only edges of two sheets cross, `EdgeContacts` does it.
struct SheetContacts {
  private struct Pair {
    var node: Int32
    var triangle: Int32
    /// +1 in front of the triangle, −1 behind it, 0 where the node was beside it and each substep looks anew.
    var side: Double
    /// How far the two may close in during the step, m.
    var travel: Double
  }

  private var pairs: [Pair] = []
  private var buckets: [Int32] = []
  private var sorted: [Int32] = []
  private var cells: [SIMD3<Int32>] = []
  private var centers: [Vector3] = []
  private var found: [PairList] = []

  /// m/s
  private static let partingSpeed = 0.1

  var isEmpty: Bool { pairs.isEmpty }

  /// How near the middles of two layers come, m.
  static func thickness(_ a: Sheet, _ b: Sheet) -> Double {
    func own(_ sheet: Sheet) -> Double {
      min(sheet.definition.material.thickness, 0.5 * min(sheet.weftSpacing, sheet.warpSpacing))
    }
    return 0.5 * (own(a) + own(b))
  }

  mutating func gather(nodesOf sheet: Sheet, trianglesOf other: Sheet, duration: Double, workers: Int) {
    pairs.removeAll(keepingCapacity: true)
    let x = other.position
    let thickness = Self.thickness(sheet, other)
    // Farther than half a cell no pair is looked for: what closes in by more during one step may pass through.
    let edge = (other.weftSpacing * other.weftSpacing + other.warpSpacing * other.warpSpacing).squareRoot()
    let speed = 0.5 * (sheet.greatestSpeed + other.greatestSpeed)
    let farthest = thickness + min(0.5 * edge, 2.5 * speed * duration + 0.25 * thickness)
    if sheet !== other && !sheet.box.isNear(other.box, within: farthest) { return }
    let radius = 0.7 * edge
    let cellSize = farthest + radius
    let squareReach = cellSize * cellSize

    // The hash: a counting sort of the triangles by bucket.
    let count = other.triangles.count
    var tableSize = 1
    while tableSize < 2 * count { tableSize *= 2 }
    let mask = tableSize - 1
    if buckets.count != tableSize + 1 {
      buckets = [Int32](repeating: 0, count: tableSize + 1)
      sorted = [Int32](repeating: 0, count: count)
      cells = [SIMD3<Int32>](repeating: .zero, count: count)
      centers = [Vector3](repeating: .zero, count: count)
    } else {
      for i in buckets.indices { buckets[i] = 0 }
    }
    for (index, t) in other.triangles.enumerated() {
      let sum = x[Int(t.x)] + x[Int(t.y)] + x[Int(t.z)]
      centers[index] = sum / 3
      cells[index] = Self.cell(centers[index], cellSize)
      buckets[Self.bucket(cells[index], mask)] += 1
    }
    var total: Int32 = 0
    for i in buckets.indices {
      total += buckets[i]
      buckets[i] = total
    }
    for index in stride(from: count - 1, through: 0, by: -1) {
      let b = Self.bucket(cells[index], mask)
      buckets[b] -= 1
      sorted[Int(buckets[b])] = Int32(index)
    }

    // Each node against the triangles of the cells around it, the nodes cut into one piece a worker.
    found.reserveCapacity(workers)
    while found.count < workers { found.append(PairList()) }
    let search = Search(
      sheet: sheet, other: other, thickness: thickness, farthest: farthest, squareReach: squareReach, cellSize: cellSize,
      mask: mask, duration: duration)
    let lists = found
    for list in lists { list.pairs.removeAll(keepingCapacity: true) }
    buckets.withUnsafeBufferPointer { buckets in
      sorted.withUnsafeBufferPointer { sorted in
        cells.withUnsafeBufferPointer { cells in
          centers.withUnsafeBufferPointer { centers in
            let hash = Hash(buckets: buckets, sorted: sorted, cells: cells, centers: centers)
            forEachPiece(of: sheet.count, workers: workers) { worker, range in
              for node in range { search.collect(node, hash, into: lists[worker]) }
            }
          }
        }
      }
    }
    for list in lists { pairs += list.pairs }
  }

  /// One worker's finds.
  private final class PairList: @unchecked Sendable {  // Each worker has one of its own.
    var pairs: [Pair] = []
  }

  /// The triangles by bucket: those of bucket b are `sorted[buckets[b] ..< buckets[b + 1]]`.
  private struct Hash: @unchecked Sendable {  // Nothing is written while workers read.
    let buckets: UnsafeBufferPointer<Int32>
    let sorted: UnsafeBufferPointer<Int32>
    let cells: UnsafeBufferPointer<SIMD3<Int32>>
    let centers: UnsafeBufferPointer<Vector3>
  }

  /// What to look for.
  private struct Search: Sendable {
    let sheet: Sheet
    let other: Sheet
    let thickness: Double
    let farthest: Double
    let squareReach: Double
    let cellSize: Double
    let mask: Int
    let duration: Double

    func collect(_ node: Int, _ hash: Hash, into list: PairList) {
      let (x, v) = (other.position, other.velocity)
      let p = sheet.position[node]
      let isOwn = sheet === other
      let home = SheetContacts.cell(p, cellSize)
      let (row, column) = (node / sheet.columns, node % sheet.columns)
      for dx in Int32(-1)...1 {
        for dy in Int32(-1)...1 {
          for dz in Int32(-1)...1 {
            let there = home &+ SIMD3(dx, dy, dz)
            let b = SheetContacts.bucket(there, mask)
            for place in Int(hash.buckets[b])..<Int(hash.buckets[b + 1]) {
              let index = Int(hash.sorted[place])
              guard (hash.centers[index] - p).lengthSquared < squareReach, hash.cells[index] == there else { continue }
              // Cells that touch those of the node bend with it and are kept apart by bending.
              if isOwn {
                let cell = index >> 1
                let (down, across) = (cell / (sheet.columns - 1) - row, cell % (sheet.columns - 1) - column)
                if down >= -2 && down <= 1 && across >= -2 && across <= 1 { continue }
              }
              let t = other.triangles[index]
              let (i, j, k) = (Int(t.x), Int(t.y), Int(t.z))
              let relative = sheet.velocity[node] - (v[i] + v[j] + v[k]) / 3
              let travel = relative.length * duration * 1.25 + 0.25 * thickness
              let reach = min(thickness + travel, farthest)
              let height = (p - x[i]).dot((x[j] - x[i]).cross(x[k] - x[i]).normalized)
              guard height != 0, abs(height) < reach else { continue }
              let nearest = TriangleClosestPoint(to: p, on: x[i], x[j], x[k])
              guard (p - nearest.point).lengthSquared < reach * reach else { continue }
              list.pairs.append(
                Pair(
                  node: Int32(node), triangle: Int32(index), side: nearest.feature != .face ? 0 : height > 0 ? 1 : -1,
                  travel: reach + travel))
            }
          }
        }
      }
    }
  }

  static func cell(_ p: Vector3, _ size: Double) -> SIMD3<Int32> {
    let q = (p / size).rounded(.down).clamped(lowerBound: Vector3(repeating: -1e9), upperBound: Vector3(repeating: 1e9))
    return SIMD3(Int32(q.x), Int32(q.y), Int32(q.z))
  }

  static func bucket(_ c: SIMD3<Int32>, _ mask: Int) -> Int {
    let (i, j, k) = (Int(c.x) &* 73_856_093, Int(c.y) &* 19_349_663, Int(c.z) &* 83_492_791)
    return (i ^ j ^ k) & mask
  }

  func solve(nodesOf sheet: Sheet, trianglesOf other: Sheet, substep dt: Double) {
    guard !pairs.isEmpty else { return }
    let (x, old, w) = (other.position, other.previous, other.inverseMass)
    let thickness = Self.thickness(sheet, other)
    let friction = (sheet.definition.material.friction * other.definition.material.friction).squareRoot()
    for pair in pairs {
      let node = Int(pair.node)
      let t = other.triangles[Int(pair.triangle)]
      let (i, j, k) = (Int(t.x), Int(t.y), Int(t.z))
      let nearest = TriangleClosestPoint(to: sheet.position[node], on: x[i], x[j], x[k])
      let b = nearest.weights

      // Over the face the side counts; beside it only the distance, for there the node may go round.
      let startArm = sheet.previous[node] - (old[i] * b.x + old[j] * b.y + old[k] * b.z)
      var normal: Vector3
      let gap: Double
      let startGap: Double
      if nearest.feature == .face {
        normal = (x[j] - x[i]).cross(x[k] - x[i]).normalized
        let startNormal = (old[j] - old[i]).cross(old[k] - old[i]).normalized
        let startHeight = startArm.dot(startNormal)
        let side = pair.side != 0 ? pair.side : startHeight < 0 ? -1 : 1
        normal *= side
        gap = (sheet.position[node] - x[i]).dot(normal)
        startGap = startHeight * side
        guard gap < thickness, gap > -pair.travel else { continue }
      } else {
        let offset = sheet.position[node] - nearest.point
        gap = offset.length
        startGap = startArm.length
        guard gap < thickness, gap > 0 else { continue }
        normal = offset / gap
      }
      // Layers that are too near already part no faster than `partingSpeed`, so that no contact throws them apart.
      let wanted = min(thickness, startGap + Self.partingSpeed * dt)
      guard gap < wanted else { continue }
      let squares = b * b
      let inverseMass = sheet.inverseMass[node] + squares.x * w[i] + squares.y * w[j] + squares.z * w[k]
      guard inverseMass > 0 else { continue }
      func push(_ impulse: Vector3) {
        sheet.push(node, impulse)
        other.push(i, impulse * -b.x)
        other.push(j, impulse * -b.y)
        other.push(k, impulse * -b.z)
      }
      let lambda = (wanted - gap) / inverseMass
      push(normal * lambda)

      // Friction holds back the slip over the substep.
      let moved = sheet.position[node] - sheet.previous[node]
      let under = (x[i] - old[i]) * b.x + (x[j] - old[j]) * b.y + (x[k] - old[k]) * b.z
      var slip = moved - under
      slip -= normal * slip.dot(normal)
      let distance = slip.length
      if distance > 0 { push(slip * (-min(distance / inverseMass, friction * lambda) / distance)) }
    }
  }
}
