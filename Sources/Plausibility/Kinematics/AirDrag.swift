import Foundation
import LinearAlgebra
import WorldCore

/// One gravity and one drag for all flights of a body: `a = g − κ|v|v`, the drag of what is large for its weight.
///
/// A balloon's flights have accelerations of their own each: it falls slowly where it is fast already. Least squares for g, two
/// components, and κ ≥ 0 over the flights' mean accelerations, under their covariances and the share of g by which perspective
/// changes them.
struct AirDrag {
  /// How often flights that obey it miss their fit by as much.
  let pValue: Double

  /// Share of g by which perspective changes an acceleration across gravity, where it stands for the drag alone, and along it.
  private static let slack = SIMD2(0.04, 0.12)

  /// nil where there are too few flights, or where the air would have to speed the body up.
  init?(_ arcs: [Arc]) {
    guard arcs.count >= 2, let most = arcs.map(\.meanAcceleration.value.length).max() else { return nil }
    let speeds = arcs.map(Self.meanSquare)
    let unit = speeds.map(\.length).max() ?? 0
    guard unit > 0 else { return nil }
    var design = Matrix(rows: 2 * arcs.count, columns: 3)
    var values = [Double](repeating: 0, count: 2 * arcs.count)
    for (k, arc) in arcs.enumerated() {
      let (a, covariance) = arc.meanAcceleration
      for axis in 0..<2 {
        let deviation = ((axis == 0 ? covariance.xx : covariance.yy) + pow(Self.slack[axis] * most, 2)).squareRoot()
        design[2 * k + axis, axis] = 1 / deviation
        design[2 * k + axis, 2] = -speeds[k][axis] / unit / deviation
        values[2 * k + axis] = a[axis] / deviation
      }
    }
    guard let fit = try? leastSquares(design, values), fit.unknowns[2] > 0, fit.unknowns[1] > 0 else { return nil }
    pValue = Tails.chiSquare(above: fit.chiSquare, degrees: 2 * arcs.count - 3)
  }

  /// Mean of |v|v over an arc, px²/s².
  private static func meanSquare(_ arc: Arc) -> SIMD2<Double> {
    let steps = 8
    let all = (0...steps).map { arc.velocity(at: arc.start + Double($0) / Double(steps) * arc.duration) }
    return all.reduce(SIMD2<Double>.zero) { $0 + $1 * $1.length } / Double(all.count)
  }
}
