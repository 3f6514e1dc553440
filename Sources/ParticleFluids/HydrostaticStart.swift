package import WorldCore

/// The pressures that the first substep's sweeps start from: those of water at rest, where a fill stands on something.
///
/// Sweeps carry a pressure from the surface down one particle after another; from zero, a deep fill takes many. A column of particles
/// along gravity weighs on its own; then the greatest head in a fluid counts everywhere in it, as under a body that floats, where columns
/// end early. It is a guess: where the fluid is let go, as in a dam break, the sweeps take it back.
package struct HydrostaticStart {
  private let up: Vector3
  private let sides: (Vector3, Vector3)
  private let weight: Double
  private let spacing: Double
  private let fields: [(field: SignedDistanceField, shapeFromWorld: RigidTransform)]

  /// A gap in a column wider than this many spacings parts it.
  private static let widestGap = 1.5
  /// A column stands on what is found so many spacings below its last centre, within the second: half a spacing below it lies the floor.
  private static let support = (depth: 0.75, reach: 0.25)

  /// Nil without gravity.
  package init?(
    gravity: Vector3, spacing: Double, solids: [(field: SignedDistanceField, shapeFromWorld: RigidTransform)]
  ) {
    guard gravity.length > 0 else { return nil }
    weight = gravity.length
    up = gravity * (-1 / weight)
    let side = up.anyPerpendicular
    sides = (side, up.cross(side))
    self.spacing = spacing
    fields = solids
  }

  /// Pressures over the reference density, m²/s².
  ///
  /// - Parameters:
  ///   - points: of all fluids, world frame, m.
  ///   - fluids: which each belongs to.
  ///   - lightness: reference density over each fluid's.
  package func pressures(at points: [Vector3], fluids: [Int], lightness: [Double]) -> [Double] {
    var pressures = [Double](repeating: 0, count: points.count)
    // What height of its own kind would give a fluid's pressure, over the world's origin, m.
    var heads = [Double](repeating: -.infinity, count: lightness.count)
    func head(_ i: Int) -> Double { points[i].dot(up) + pressures[i] * lightness[fluids[i]] / weight }
    var isSupported = [Bool](repeating: false, count: points.count)
    for column in columns(of: points) {
      // From its top down, stack by stack.
      var stack = column[...]
      while !stack.isEmpty {
        var last = stack.startIndex
        while last + 1 < stack.endIndex,
          points[stack[last]].dot(up) - points[stack[last + 1]].dot(up) < Self.widestGap * spacing
        { last += 1 }
        let whole = stack[stack.startIndex...last]
        stack = stack[(last + 1)...]
        guard stands(points[whole.last!]) else { continue }
        var above = 0.0
        for i in whole {
          let own = weight * spacing / lightness[fluids[i]]
          pressures[i] = above + own / 2
          above += own
          isSupported[i] = true
          heads[fluids[i]] = max(heads[fluids[i]], head(i))
        }
      }
    }
    for i in points.indices where isSupported[i] {
      pressures[i] = weight * (heads[fluids[i]] - points[i].dot(up)) / lightness[fluids[i]]
    }
    return pressures
  }

  /// The particles of each column a spacing wide, highest first.
  private func columns(of points: [Vector3]) -> [[Int]] {
    guard let corner = points.first else { return [] }
    var columns: [SIMD2<Int>: [Int]] = [:]
    for (i, point) in points.enumerated() {
      // A lattice's places lie in the middle of columns.
      let from = point - corner
      columns[
        SIMD2(Int((from.dot(sides.0) / spacing).rounded()), Int((from.dot(sides.1) / spacing).rounded())), default: []
      ].append(i)
    }
    return columns.values.map { $0.sorted { points[$0].dot(up) > points[$1].dot(up) } }
  }

  private func stands(_ point: Vector3) -> Bool {
    let below = point - up * (Self.support.depth * spacing)
    return fields.contains { $0.field.sample(at: $0.shapeFromWorld.point(below)).distance < Self.support.reach * spacing }
  }
}
