import Foundation
import WorldCore

/// Where a fluid's particles start: a lattice in its region, less what the solids take.
struct FluidFill {
  private(set) var points: [Vector3]

  /// Most particles of one fluid.
  static let limit = 20_000_000

  /// The volume of a particle, m³: the one nearest to spacing³ that divides the region evenly.
  static func particleVolume(of region: Shape, spacing: Double) -> Double {
    guard case .box(let size) = region else { return spacing * spacing * spacing }
    let counts = Self.counts(size, spacing)
    return size.x * size.y * size.z / Double(counts.x * counts.y * counts.z)
  }

  private static func counts(_ size: Vector3, _ spacing: Double) -> SIMD3<Int> {
    func count(_ length: Double) -> Int { max(1, Int((length / spacing).rounded())) }
    return SIMD3(count(size.x), count(size.y), count(size.z))
  }

  /// - Parameters:
  ///   - volume: of a particle, m³. The fill has the region's volume over it, as exactly as whole particles can.
  ///   - solids: each with the transform shapeFromWorld.
  init(_ fluid: FluidDefinition, volume: Double, solids: [(field: SignedDistanceField, shapeFromWorld: RigidTransform)])
    throws(FluidError)
  {
    let size = fluid.region.fillExtent
    let spacing = cbrt(volume)
    let counts = Self.counts(size, spacing)
    guard counts.x * counts.y * counts.z <= Self.limit * 2 else {
      throw .tooMany(fluid: fluid.name, particles: counts.x * counts.y * counts.z, limit: Self.limit)
    }
    let cell = size / Vector3(Double(counts.x), Double(counts.y), Double(counts.z))
    let region = SignedDistanceField(fluid.region)
    let isBox = if case .box = fluid.region { true } else { false }

    // How deep a place lies in the region and outside the solids; negative is free.
    func depth(_ p: Vector3) -> Double {
      let world = fluid.worldFromRegion.point(p)
      var depth = isBox ? -Double.infinity : region.sample(at: p).distance
      for solid in solids { depth = max(depth, -solid.field.sample(at: solid.shapeFromWorld.point(world)).distance) }
      return depth
    }
    // The region's own volume has a formula; the share of it that is free is sampled.
    var candidates: [(depth: Double, point: Vector3)] = []
    var (free, whole) = (0.0, 0.0)
    for z in 0..<counts.z {
      for y in 0..<counts.y {
        for x in 0..<counts.x {
          let p = (Vector3(Double(x), Double(y), Double(z)) + 0.5) * cell - size / 2
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
    let total = fluid.region.massProperties(density: 1)?.mass ?? size.x * size.y * size.z
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

extension Shape {
  /// The box round a region that fluid may fill, about its frame's origin.
  fileprivate var fillExtent: Vector3 {
    switch self {
    case .box(let size): size
    case .sphere(let r): Vector3(repeating: 2 * r)
    case .cylinder(let r, let h), .cone(let r, let h): Vector3(2 * r, 2 * r, h)
    case .capsule(let r, let h): Vector3(2 * r, 2 * r, h + 2 * r)
    case .torus(let r, let tube): Vector3(2 * (r + tube), 2 * (r + tube), 2 * tube)
    case .plane, .tank, .mesh, .compound: .zero
    }
  }
}
