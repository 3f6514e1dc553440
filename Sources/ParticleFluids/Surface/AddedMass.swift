import Foundation
import WorldCore

/// The water that a body moves with it: the added mass of its wetted hull, kg, kg·m and kg·m² about a point.
///
/// Panels carry sources (Hess & Smith 1967); the surface takes no pressure from sudden motion, so each source has a negative
/// image above it, and the bottom has one of its own sign below: the limit of high frequencies (Newman 1977, section 6.18).
/// What is slower makes waves, which ``WaveModes`` carry (Cummins 1962).
struct AddedMass {
  /// 6 × 6, row by row: three of motion, three of turning.
  private(set) var values = [Double](repeating: 0, count: 36)
  /// The potentials on the hull that hold it.
  private(set) var potentials: [PanelPotential] = []

  /// A wet panel with the potential of the flow that each of the six motions at unit speed makes there.
  struct PanelPotential {
    /// From the centre that turning is about, world axes, m.
    var offset: Vector3
    var normal: Vector3
    /// m²
    var area: Double
    /// m²/s for each m/s; m³/s for each rad/s.
    var values: [Double]
  }

  init() {}

  /// The square of a distance, over a panel's area, below which it is no point.
  private static let nearness = 9.0

  /// - Parameters:
  ///   - panels: under water.
  ///   - center: that turning is about.
  ///   - level: of the surface, and the depth under it, m.
  init(_ panels: [WettedHull.Panel], about center: Vector3, level: Double, depth: Double, density: Double) {
    let n = panels.count
    guard n > 0 else { return }
    // Normal velocity and potential at each panel (rows) by a unit source density on each (columns).
    var flow = [Double](repeating: 0, count: n * n)
    var potential = flow
    for (j, of) in panels.enumerated() {
      for (index, image) in Self.images(level: level, depth: depth).enumerated() {
        let center = image.place(of.center)
        for (i, at) in panels.enumerated() {
          let entry = i * n + j
          let offset = at.center - center
          if i == j && index < 2 && abs(offset.dot(at.normal)) >= 0.99 * offset.length {
            // On the axis of a disc of the panel's area: ½ (√(R² + h²) − h) and its slope; on the disc itself half the flow
            // goes either way.
            let (radius, height) = ((of.area / .pi).squareRoot(), offset.length)
            let slant = (radius * radius + height * height).squareRoot()
            potential[entry] += image.sign * (slant - height) / 2
            let side = index == 0 ? 1 : (offset.dot(at.normal) >= 0 ? 1.0 : -1)
            flow[entry] -= image.sign * side * (1 - height / slant) / 2
            continue
          }
          // Close by a panel is its pieces, each as wide as its share; farther off a point.
          let pieces = offset.lengthSquared < Self.nearness * of.area ? of.pieces.count : 1
          let area = of.area / Double(pieces)
          for piece in 0..<pieces {
            let offset = pieces == 1 ? offset : at.center - image.place(of.pieces[piece])
            let square = offset.lengthSquared + (pieces == 1 ? 0 : area / (4 * .pi))
            let distance = square.squareRoot()
            potential[entry] += image.sign * area / (4 * .pi * distance)
            flow[entry] -= image.sign * area * offset.dot(at.normal) / (4 * .pi * square * distance)
          }
        }
      }
    }

    // Sources for each of the six motions, then the impulse that their potentials hold.
    var sources = [Double](repeating: 0, count: n * 6)
    for (i, panel) in panels.enumerated() {
      let motion = Self.motion(panel, center)
      for k in 0..<6 { sources[i * 6 + k] = motion[k] }
    }
    DenseSolve.solve(&flow, &sources, size: n, columns: 6)
    for i in 0..<n {
      let panel = panels[i]
      var sums = [Double](repeating: 0, count: 6)
      for j in 0..<n {
        let factor = potential[i * n + j]
        for k in 0..<6 { sums[k] += factor * sources[j * 6 + k] }
      }
      potentials.append(PanelPotential(offset: panel.center - center, normal: panel.normal, area: panel.area, values: sums))
      let motion = Self.motion(panel, center)
      for row in 0..<6 { for k in 0..<6 { values[row * 6 + k] -= density * motion[row] * sums[k] * panel.area } }
    }
    // What is symmetric but for the panels' coarseness is made so.
    for row in 0..<6 {
      for k in 0..<row {
        let mean = (values[row * 6 + k] + values[k * 6 + row]) / 2
        (values[row * 6 + k], values[k * 6 + row]) = (mean, mean)
      }
    }
    for k in 0..<6 { values[k * 7] = max(values[k * 7], 0) }
  }

  /// A panel itself, its image over the surface of the other sign, and both of them under the floor: where each is, and what
  /// its potential counts.
  private static func images(level: Double, depth: Double) -> [(sign: Double, place: (Vector3) -> Vector3)] {
    let floor = level - depth
    return [
      (-1, { $0 }), (1, { Vector3($0.x, $0.y, 2 * level - $0.z) }), (-1, { Vector3($0.x, $0.y, 2 * floor - $0.z) }),
      (1, { Vector3($0.x, $0.y, 2 * floor - 2 * level + $0.z) }),
    ]
  }

  /// What each motion of the body makes of the panel's normal velocity.
  private static func motion(_ panel: WettedHull.Panel, _ center: Vector3) -> [Double] {
    let moment = (panel.center - center).cross(panel.normal)
    return [panel.normal.x, panel.normal.y, panel.normal.z, moment.x, moment.y, moment.z]
  }

  subscript(_ row: Int, _ column: Int) -> Double { values[row * 6 + column] }
}
