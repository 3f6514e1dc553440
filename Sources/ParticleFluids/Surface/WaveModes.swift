import Foundation
import WorldCore

/// Waves on a rectangular basin of even depth, as standing waves between its walls.
///
/// Linear potential flow (Airy 1845; Lamb 1932, section 227 ff.): each cosine mode of wave number k swings on its own with
/// ω² = (g k + σ k³/ρ) tanh(k h) and fades with 2 ν k² (Lamb 1932, section 348), so any step of time is exact. Long waves run
/// as shallow water does, short ones disperse, ripples feel tension.
struct WaveModes {
  /// Cells along x and y, and their sides, m.
  let counts: SIMD2<Int>
  let cell: SIMD2<Double>
  private let depth: Double
  private let gravity: Double
  /// One row a mode: the orthonormal cosines (type II) at the cells' middles.
  private let (cosinesX, cosinesY): ([Double], [Double])
  /// Of each mode: wave number 1/m, angular frequency 1/s, g + σ k²/ρ.
  private let waveNumbers: [Double]
  private let frequencies: [Double]
  private let stiffnesses: [Double]
  private let kinematicViscosity: Double
  /// Elevation of each mode, m, and what swings with it a quarter period behind: ω⁻¹ ∂η/∂t.
  private(set) var elevation: [Double]
  private(set) var motion: [Double]

  init(counts: SIMD2<Int>, cell: SIMD2<Double>, depth: Double, gravity: Double, liquid: FluidLiquid) {
    (self.counts, self.cell, self.depth, self.gravity) = (counts, cell, depth, gravity)
    (cosinesX, cosinesY) = (Self.cosines(counts.x), Self.cosines(counts.y))
    var (waveNumbers, frequencies, stiffnesses): ([Double], [Double], [Double]) = ([], [], [])
    for n in 0..<counts.y {
      for m in 0..<counts.x {
        let (kx, ky) = (.pi * Double(m) / (Double(counts.x) * cell.x), .pi * Double(n) / (Double(counts.y) * cell.y))
        let k = (kx * kx + ky * ky).squareRoot()
        let stiffness = gravity + liquid.surfaceTension * k * k / liquid.density
        waveNumbers.append(k)
        stiffnesses.append(stiffness)
        frequencies.append((stiffness * k * tanh(k * depth)).squareRoot())
      }
    }
    (self.waveNumbers, self.frequencies, self.stiffnesses) = (waveNumbers, frequencies, stiffnesses)
    kinematicViscosity = liquid.viscosity / liquid.density
    elevation = [Double](repeating: 0, count: counts.x * counts.y)
    motion = elevation
  }

  private static func cosines(_ n: Int) -> [Double] {
    (0..<n * n).map { index in
      let (mode, place) = (index / n, index % n)
      return ((mode == 0 ? 1 : 2) / Double(n)).squareRoot() * cos(.pi * Double(mode) * (Double(place) + 0.5) / Double(n))
    }
  }

  // MARK: Time

  mutating func advance(_ dt: Double) {
    for i in elevation.indices {
      let (k, phase) = (waveNumbers[i], frequencies[i] * dt)
      let (c, s, fading) = (cos(phase), sin(phase), exp(-2 * kinematicViscosity * k * k * dt))
      let (a, b) = (elevation[i], motion[i])
      elevation[i] = (a * c + b * s) * fading
      motion[i] = (b * c - a * s) * fading
    }
  }

  // MARK: Patches of cells

  /// A rectangle of cells: a body has to do with those round it only.
  struct Patch: Equatable {
    var columns: Range<Int>
    var rows: Range<Int>

    var count: Int { columns.count * rows.count }
  }

  var whole: Patch { Patch(columns: 0..<counts.x, rows: 0..<counts.y) }

  /// Volume let in at depth `source` under the surface, m³ for each cell of a patch: short waves hardly notice what is deep.
  mutating func displace(_ volumes: [Double], _ patch: Patch, depth source: Double) {
    let modes = transform(volumes, patch)
    for i in elevation.indices { elevation[i] += modes[i] * reach(waveNumbers[i], source) }
  }

  /// Upright dipoles at depth `source`, m⁴ for each cell of a patch: volume let in above and taken out below.
  mutating func displace(dipoles: [Double], _ patch: Patch, depth source: Double) {
    let modes = transform(dipoles, patch)
    for i in elevation.indices { elevation[i] += modes[i] * steepness(waveNumbers[i], source) }
  }

  /// An impulse on the surface over the density, m⁴/s downwards for each cell of a patch.
  mutating func strike(_ impulses: [Double], _ patch: Patch) {
    let modes = transform(impulses, patch)
    for i in motion.indices where frequencies[i] > 0 { motion[i] -= modes[i] * frequencies[i] / stiffnesses[i] }
  }

  /// m over the level at rest, a value a cell of a patch; at a depth under it what its pressure there is worth.
  func heights(_ patch: Patch, at source: Double = 0) -> [Double] {
    fields(elevation.indices.map { elevation[$0] * reach(waveNumbers[$0], source) }, patch)
  }

  /// How fast the surface rises, m/s; likewise at a depth.
  func rises(_ patch: Patch, at source: Double = 0) -> [Double] {
    fields(motion.indices.map { motion[$0] * frequencies[$0] * reach(waveNumbers[$0], source) }, patch)
  }

  /// What accelerates the water upwards at a depth, m/s².
  func accelerations(_ patch: Patch, at source: Double) -> [Double] {
    fields(elevation.indices.map { -elevation[$0] * stiffnesses[$0] * steepness(waveNumbers[$0], source) }, patch)
  }

  /// J over the density, of motion.
  var kineticEnergy: Double {
    let sum = motion.indices.reduce(0) { $0 + stiffnesses[$1] * motion[$1] * motion[$1] }
    return 0.5 * cell.x * cell.y * sum
  }

  /// cosh k(h − z) / cosh kh: the share of a wave that reaches the depth z.
  private func reach(_ k: Double, _ z: Double) -> Double {
    if z <= 0 { return 1 }
    let z = min(z, depth)
    // Both exponentials over e^{kh}, which may be too great for a number.
    return (exp(-k * z) + exp(-k * (2 * depth - z))) / (1 + exp(-2 * k * depth))
  }

  /// k sinh k(h − z) / cosh kh, 1/m: how fast the share grows upwards.
  private func steepness(_ k: Double, _ z: Double) -> Double {
    let z = min(max(z, 0), depth)
    return k * (exp(-k * z) - exp(-k * (2 * depth - z))) / (1 + exp(-2 * k * depth))
  }

  // MARK: Cosine transforms

  /// Modes of what a patch holds, over the cell's area.
  private func transform(_ field: [Double], _ patch: Patch) -> [Double] {
    let (nx, ny, width) = (counts.x, counts.y, patch.columns.count)
    let inverseArea = 1 / (cell.x * cell.y)
    // Along x, row by row of the patch; then along y.
    var rows = [Double](repeating: 0, count: patch.rows.count * nx)
    rows.withUnsafeMutableBufferPointer { rows in
      for row in 0..<patch.rows.count {
        for mode in 0..<nx {
          var sum = 0.0
          for k in 0..<width { sum += cosinesX[mode * nx + patch.columns.lowerBound + k] * field[row * width + k] }
          rows[row * nx + mode] = sum * inverseArea
        }
      }
    }
    var modes = [Double](repeating: 0, count: nx * ny)
    modes.withUnsafeMutableBufferPointer { modes in
      for mode in 0..<ny {
        for row in 0..<patch.rows.count {
          let factor = cosinesY[mode * ny + patch.rows.lowerBound + row]
          for k in 0..<nx { modes[mode * nx + k] += factor * rows[row * nx + k] }
        }
      }
    }
    return modes
  }

  private func fields(_ modes: [Double], _ patch: Patch) -> [Double] {
    let (nx, ny, width) = (counts.x, counts.y, patch.columns.count)
    // Along y to the patch's rows, then along x to its columns.
    var rows = [Double](repeating: 0, count: patch.rows.count * nx)
    rows.withUnsafeMutableBufferPointer { rows in
      for row in 0..<patch.rows.count {
        for mode in 0..<ny {
          let factor = cosinesY[mode * ny + patch.rows.lowerBound + row]
          for k in 0..<nx { rows[row * nx + k] += factor * modes[mode * nx + k] }
        }
      }
    }
    var field = [Double](repeating: 0, count: patch.count)
    field.withUnsafeMutableBufferPointer { field in
      for row in 0..<patch.rows.count {
        for mode in 0..<nx {
          let (factor, from) = (rows[row * nx + mode], mode * nx + patch.columns.lowerBound)
          for k in 0..<width { field[row * width + k] += factor * cosinesX[from + k] }
        }
      }
    }
    return field
  }
}
