import Foundation
import WorldCore

/// Where a fluid's particles start: a lattice in its region, less what the solids take.
struct FluidFill {
  private(set) var points: [Vector3]

  /// Most particles of one fluid.
  static let limit = 20_000_000

  /// The volume of a particle, m³: the one nearest to spacing³ that divides the region evenly.
  static func particleVolume(of region: Shape?, spacing: Double) -> Double {
    guard case .box(let size) = region else { return spacing * spacing * spacing }
    let counts = Self.counts(size, spacing)
    return size.x * size.y * size.z / Double(counts.x * counts.y * counts.z)
  }

  private static func counts(_ size: Vector3, _ spacing: Double) -> SIMD3<Int> {
    func count(_ length: Double) -> Int { max(1, Int((length / spacing).rounded())) }
    return SIMD3(count(size.x), count(size.y), count(size.z))
  }

  /// Of the cells that a particle's volume gives nearly its own sides, those whose number comes nearest to the volumes that the
  /// box holds: each side holds one of the two whole numbers of spacings next to it. A row more than fits would start the whole
  /// fill too dense.
  private static func counts(_ size: Vector3, volume: Double) -> SIMD3<Int> {
    let (spacing, wanted) = (cbrt(volume), size.x * size.y * size.z / volume)
    var best = counts(size, spacing)
    func misfit(_ n: SIMD3<Int>) -> Double { abs(Double(n.x * n.y * n.z) - wanted) }
    for corner in 0..<8 {
      func count(_ length: Double, _ bit: Int) -> Int { max(1, Int((length / spacing).rounded(.down)) + (corner >> bit & 1)) }
      let n = SIMD3(count(size.x, 0), count(size.y, 1), count(size.z, 2))
      if misfit(n) < misfit(best) - 1e-6 { best = n }
    }
    return best
  }

  /// - Parameters:
  ///   - volume: of a particle, m³. The fill has the region's volume over it, as exactly as whole particles can.
  ///   - solids: each with the transform shapeFromWorld.
  init(
    _ fluid: FluidDefinition, _ shape: Shape, volume: Double,
    solids: [(field: SignedDistanceField, shapeFromWorld: RigidTransform)]
  ) throws(FluidError) {
    let size = shape.fillExtent
    let counts = Self.counts(size, volume: volume)
    guard counts.x * counts.y * counts.z <= Self.limit * 2 else {
      throw .tooMany(fluid: fluid.name, particles: counts.x * counts.y * counts.z, limit: Self.limit)
    }
    let cell = size / Vector3(Double(counts.x), Double(counts.y), Double(counts.z))
    let region = SignedDistanceField(shape)
    let isBox = if case .box = shape { true } else { false }

    // How deep a place lies in the region and outside the solids; negative is free.
    func solidDepth(_ p: Vector3) -> Double {
      let world = fluid.worldFromRegion.point(p)
      return solids.reduce(-Double.infinity) { max($0, -$1.field.sample(at: $1.shapeFromWorld.point(world)).distance) }
    }
    func depth(_ p: Vector3) -> Double { max(isBox ? -Double.infinity : region.sample(at: p).distance, solidDepth(p)) }
    let hollow = fluid.isEnclosed ? Hollow(counts: counts, cell: cell, size: size, depth: solidDepth) : nil

    // The region's own volume has a formula; the share of it that is free is sampled.
    var candidates: [(depth: Double, point: Vector3)] = []
    var (free, whole) = (0.0, 0.0)
    for z in 0..<counts.z {
      for y in 0..<counts.y {
        for x in 0..<counts.x {
          let p = (Vector3(Double(x), Double(y), Double(z)) + 0.5) * cell - size / 2
          if let hollow {
            whole += 1
            guard hollow.holds(SIMD3(x, y, z)) else { continue }
            candidates.append((depth(p), fluid.worldFromRegion.point(p)))
            free += 1
            continue
          }
          let inRegion = isBox ? -Double.infinity : region.sample(at: p).distance
          if inRegion > cell.length / 2 { continue }
          whole += inRegion < -cell.length / 2 ? 1 : Self.share(p, cell) { region.sample(at: $0).distance }
          let here = depth(p)
          if here > cell.length / 2 { continue }
          candidates.append((here, fluid.worldFromRegion.point(p)))
          free += here < -cell.length / 2 ? 1 : Self.share(p, cell, depth)
        }
      }
    }

    // As many particles as the free volume holds; those that stick out most are left away.
    let total = shape.massProperties(density: 1)?.mass ?? size.x * size.y * size.z
    let wanted = Int((total * free / max(whole, 1) / volume).rounded())
    if candidates.count > wanted {
      let ranked = candidates.indices.sorted { (candidates[$0].depth, $0) < (candidates[$1].depth, $1) }
      points = ranked.prefix(wanted).sorted().map { candidates[$0].point }
    } else {
      points = candidates.map(\.point)
    }
    guard !points.isEmpty else { throw .emptyRegion(fluid: fluid.name) }
    guard points.count <= Self.limit else { throw .tooMany(fluid: fluid.name, particles: points.count, limit: Self.limit) }
  }

  /// The share of a cell where `depth` is negative, from 4³ places in it.
  private static func share(_ p: Vector3, _ cell: Vector3, _ depth: (Vector3) -> Double) -> Double {
    var inside = 0
    for k in 0..<64 {
      let offset = Vector3(Double(k & 3), Double(k >> 2 & 3), Double(k >> 4)) - 1.5
      if depth(p + offset / 4 * cell) < 0 { inside += 1 }
    }
    return Double(inside) / 64
  }
}

/// The cells of a box from which no way leads out through its sides or its bottom: what a vessel holds up to the box's top.
private struct Hollow {
  private let counts: SIMD3<Int>
  /// Cells in a solid, or with a way out.
  private var isLost: [Bool]

  /// - Parameter depth: how deep a place lies in a solid, m; negative is how far from any it is.
  init(counts: SIMD3<Int>, cell: Vector3, size: Vector3, depth: (Vector3) -> Double) {
    self.counts = counts
    func center(_ c: SIMD3<Int>) -> Vector3 { (Vector3(Double(c.x), Double(c.y), Double(c.z)) + 0.5) * cell - size / 2 }
    isLost = [Bool](repeating: false, count: counts.x * counts.y * counts.z)
    var reached: [SIMD3<Int>] = []
    for z in 0..<counts.z {
      for y in 0..<counts.y {
        for x in 0..<counts.x {
          let c = SIMD3(x, y, z)
          let isSolid = depth(center(c)) >= 0
          let isAtEdge = x == 0 || y == 0 || z == 0 || x == counts.x - 1 || y == counts.y - 1
          isLost[index(c)] = isSolid || isAtEdge
          if isAtEdge && !isSolid { reached.append(c) }
        }
      }
    }

    // From each reached cell to its neighbours, unless a wall stands between, however thin: spheres that are free of solids
    // lead there.
    func isOpen(_ a: Vector3, _ b: Vector3) -> Bool {
      let (length, direction) = ((b - a).length, (b - a).normalized)
      var way = 0.0
      while way < length {
        let free = -depth(a + direction * way)
        if free <= 1e-3 * length { return false }
        way += free
      }
      return true
    }
    let steps = [SIMD3(1, 0, 0), SIMD3(-1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, -1, 0), SIMD3(0, 0, 1), SIMD3(0, 0, -1)]
    while let c = reached.popLast() {
      for step in steps {
        let next = c &+ step
        let isInside = all(next .>= SIMD3(repeating: 0)) && all(next .< counts)
        guard isInside, !isLost[index(next)], isOpen(center(c), center(next)) else { continue }
        isLost[index(next)] = true
        reached.append(next)
      }
    }
  }

  private func index(_ c: SIMD3<Int>) -> Int { (c.z * counts.y + c.y) * counts.x + c.x }

  func holds(_ c: SIMD3<Int>) -> Bool { !isLost[index(c)] }
}

extension Shape {
  /// The box round a region that fluid may fill, about its frame's origin.
  fileprivate var fillExtent: Vector3 {
    switch self {
    case .box, .sphere, .cylinder, .cone, .capsule, .torus, .mesh:
      bounds(placed: .identity).map { 2 * pointwiseMax($0.upper, -$0.lower) } ?? .zero
    case .plane, .tank, .compound: .zero
    }
  }
}
