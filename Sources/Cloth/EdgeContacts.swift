import WorldCore

/// Contact of the edges of two sheets: where two threads cross without a node of either over a triangle of the other, nothing
/// else keeps them apart.
///
/// Pairs come from a spatial hash of the edges' middles once a step, each with the side on which the one lies of the other: the
/// sign of (p − q)·(d × e), with p and q the nearest points of the lines and d and e their directions. All substeps keep that
/// side, a thickness away. Edges nearly parallel, or nearest at an end, are the nodes' business.
struct EdgeContacts {
  private struct Pair {
    var a: SIMD2<Int32>
    var b: SIMD2<Int32>
    /// 0 where the lines were beside each other and each substep looks anew.
    var side: Double
    /// How far the two may close in during the step, m.
    var travel: Double
  }

  private var pairs: [Pair] = []
  private var buckets: [Int32] = []
  private var sorted: [Int32] = []
  private var middles: [Vector3] = []
  private var near: [SIMD2<Int32>] = []

  /// m/s
  private static let partingSpeed = 0.1
  /// Of the sine between two edges: less is parallel.
  private static let leastSine = 0.1

  var isEmpty: Bool { pairs.isEmpty }

  /// Warp, weft and the diagonal of each cell that its triangles share.
  static func edges(of sheet: Sheet) -> [SIMD2<Int32>] {
    var edges: [SIMD2<Int32>] = []
    for row in 0..<sheet.rows {
      for column in 0..<sheet.columns {
        let node = Int32(row * sheet.columns + column)
        if column + 1 < sheet.columns { edges.append(SIMD2(node, node + 1)) }
        if row + 1 < sheet.rows { edges.append(SIMD2(node, node + Int32(sheet.columns))) }
      }
    }
    for cell in stride(from: 0, to: sheet.triangles.count, by: 2) {
      // The corners that two triangles share.
      let (t, u) = (sheet.triangles[cell], sheet.triangles[cell + 1])
      let other = [u.x, u.y, u.z]
      let shared = [t.x, t.y, t.z].filter(other.contains)
      if shared.count == 2 { edges.append(SIMD2(min(shared[0], shared[1]), max(shared[0], shared[1]))) }
    }
    return edges
  }

  mutating func gather(_ sheet: Sheet, _ edges: [SIMD2<Int32>], _ other: Sheet, _ otherEdges: [SIMD2<Int32>], duration: Double)
  {
    pairs.removeAll(keepingCapacity: true)
    let thickness = SheetContacts.thickness(sheet, other)
    func length(_ s: Sheet) -> Double { (s.weftSpacing * s.weftSpacing + s.warpSpacing * s.warpSpacing).squareRoot() }
    let longest = 0.5 * (length(sheet) + length(other))
    let speed = 0.5 * (sheet.greatestSpeed + other.greatestSpeed)
    let farthest = thickness + min(0.5 * length(other), 2.5 * speed * duration + 0.25 * thickness)
    let (box, otherBox) = (sheet.box, other.box)
    if !box.isNear(otherBox, within: farthest) { return }
    // Middles of edges that meet are no farther apart than half of each and the gap; threads give a little.
    let cellSize = 1.05 * longest + farthest

    // The hash of the other's edges: those that the sheet may reach, sorted by bucket.
    let x = other.position
    near.removeAll(keepingCapacity: true)
    for edge in otherEdges {
      let p = (x[Int(edge.x)] + x[Int(edge.y)]) / 2
      let apart = pointwiseMax(box.low - p, p - box.high)
      if apart.max() <= cellSize { near.append(edge) }
    }
    guard !near.isEmpty else { return }
    var tableSize = 1
    while tableSize < 2 * near.count { tableSize *= 2 }
    let mask = tableSize - 1
    buckets = [Int32](repeating: 0, count: tableSize + 1)
    middles = near.map { (x[Int($0.x)] + x[Int($0.y)]) / 2 }
    sorted = [Int32](repeating: 0, count: near.count)
    for p in middles { buckets[SheetContacts.bucket(SheetContacts.cell(p, cellSize), mask)] += 1 }
    var total: Int32 = 0
    for i in buckets.indices {
      total += buckets[i]
      buckets[i] = total
    }
    for index in stride(from: near.count - 1, through: 0, by: -1) {
      let b = SheetContacts.bucket(SheetContacts.cell(middles[index], cellSize), mask)
      buckets[b] -= 1
      sorted[Int(buckets[b])] = Int32(index)
    }

    let y = sheet.position
    for edge in edges {
      let middle = (y[Int(edge.x)] + y[Int(edge.y)]) / 2
      let apart = pointwiseMax(otherBox.low - middle, middle - otherBox.high)
      if apart.max() > cellSize { continue }
      let home = SheetContacts.cell(middle, cellSize)
      for dx in Int32(-1)...1 {
        for dy in Int32(-1)...1 {
          for dz in Int32(-1)...1 {
            let there = home &+ SIMD3(dx, dy, dz)
            let b = SheetContacts.bucket(there, mask)
            for place in Int(buckets[b])..<Int(buckets[b + 1]) {
              let index = Int(sorted[place])
              guard (middles[index] - middle).lengthSquared < cellSize * cellSize,
                SheetContacts.cell(middles[index], cellSize) == there
              else { continue }
              consider(sheet, edge, other, near[index], thickness, farthest, duration)
            }
          }
        }
      }
    }
  }

  private mutating func consider(
    _ sheet: Sheet, _ a: SIMD2<Int32>, _ other: Sheet, _ b: SIMD2<Int32>, _ thickness: Double, _ farthest: Double,
    _ duration: Double
  ) {
    let (v, w) = (sheet.velocity, other.velocity)
    let relative = (v[Int(a.x)] + v[Int(a.y)] - w[Int(b.x)] - w[Int(b.y)]) / 2
    let travel = relative.length * duration * 1.25 + 0.25 * thickness
    let reach = min(thickness + travel, farthest)
    guard let lines = Crossing(sheet.position, a, other.position, b, Self.leastSine), abs(lines.height) < reach else { return }
    // Where they may come to cross within the step.
    let slack = 0.5
    guard lines.s > -slack, lines.s < 1 + slack, lines.t > -slack, lines.t < 1 + slack, lines.height != 0 else { return }
    pairs.append(Pair(a: a, b: b, side: lines.isInside ? (lines.height > 0 ? 1 : -1) : 0, travel: reach + travel))
  }

  func solve(_ sheet: Sheet, _ other: Sheet, substep dt: Double) {
    guard !pairs.isEmpty else { return }
    let thickness = SheetContacts.thickness(sheet, other)
    let friction = (sheet.definition.material.friction * other.definition.material.friction).squareRoot()
    for pair in pairs {
      guard let now = Crossing(sheet.position, pair.a, other.position, pair.b, Self.leastSine), now.isInside,
        let before = Crossing(sheet.previous, pair.a, other.previous, pair.b, Self.leastSine),
        before.normal.dot(now.normal) > 0
      else { continue }
      let side: Double = pair.side != 0 ? pair.side : before.height < 0 ? -1 : 1
      let (gap, startGap) = (now.height * side, before.height * side)
      guard gap < thickness, gap > -pair.travel else { continue }
      // Layers that are too near already part no faster than `partingSpeed`, so that no contact throws them apart.
      let wanted = min(thickness, startGap + Self.partingSpeed * dt)
      guard gap < wanted else { continue }
      let (i, j, k, l) = (Int(pair.a.x), Int(pair.a.y), Int(pair.b.x), Int(pair.b.y))
      let (s, t) = (now.s, now.t)
      let inverseMass =
        (1 - s) * (1 - s) * sheet.inverseMass[i] + s * s * sheet.inverseMass[j] + (1 - t) * (1 - t) * other.inverseMass[k] + t
        * t
        * other.inverseMass[l]
      guard inverseMass > 0 else { continue }
      func push(_ impulse: Vector3) {
        sheet.push(i, impulse * (1 - s))
        sheet.push(j, impulse * s)
        other.push(k, impulse * (t - 1))
        other.push(l, impulse * -t)
      }
      let lambda = (wanted - gap) / inverseMass
      let normal = now.normal * side
      push(normal * lambda)

      // Friction holds back the slip over the substep.
      func moved(_ sheet: Sheet, _ node: Int) -> Vector3 { sheet.position[node] - sheet.previous[node] }
      var slip = moved(sheet, i) * (1 - s) + moved(sheet, j) * s
      slip -= moved(other, k) * (1 - t) + moved(other, l) * t
      slip -= normal * slip.dot(normal)
      let distance = slip.length
      if distance > 0 { push(slip * (-min(distance / inverseMass, friction * lambda) / distance)) }
    }
  }
}

/// The nearest points of the lines through two edges.
private struct Crossing {
  /// Where they are along the edges, 0…1 inside.
  var s: Double
  var t: Double
  /// Of length 1, across both.
  var normal: Vector3
  /// From the second line to the first along `normal`, m.
  var height: Double

  var isInside: Bool { s > 0 && s < 1 && t > 0 && t < 1 }

  /// nil for lines that are parallel to within `leastSine`.
  init?(
    _ x: UnsafeMutablePointer<Vector3>, _ a: SIMD2<Int32>, _ y: UnsafeMutablePointer<Vector3>, _ b: SIMD2<Int32>,
    _ leastSine: Double
  ) {
    let (p, q) = (x[Int(a.x)], y[Int(b.x)])
    let (d, e) = (x[Int(a.y)] - p, y[Int(b.y)] - q)
    let across = d.cross(e)
    let square = across.lengthSquared
    guard square > leastSine * leastSine * d.lengthSquared * e.lengthSquared else { return nil }
    let between = q - p
    s = between.cross(e).dot(across) / square
    t = between.cross(d).dot(across) / square
    normal = across / square.squareRoot()
    height = -between.dot(normal)
  }
}
