import LinearAlgebra
import WorldCore

extension BodyTrack {
  /// Off it by more than this share of the arm, rms, a body doesn't turn about a point; and by less than this share of the arm
  /// it goes, it doesn't turn.
  private static let (still, turning) = (0.01, 0.2)

  /// The point of the world that a point of the body keeps to, whatever way it turns: a hinge, a hook. nil of what goes freely,
  /// or hardly turns.
  ///
  /// The least squares of `x + R p − q` over p in the body's frame and q in the world's. Along a hinge's axis neither is told; a
  /// small ridge takes them next to the body's middle.
  var pivot: Vector3? {
    let samples = stride(from: 0, to: states.count, by: max(1, states.count / 60)).map { states[$0] }
    guard samples.count > 8 else { return nil }
    let middle = samples.reduce(Vector3.zero) { $0 + $1.position } / Double(samples.count)
    let way = samples.map { ($0.position - middle).length }.max() ?? 0
    guard way > 0 else { return nil }
    var design = Matrix(rows: 3 * samples.count + 6, columns: 6)
    var right: [Double] = []
    for (k, state) in samples.enumerated() {
      let turned = [Vector3.unitX, .unitY, .unitZ].map(state.orientation.rotate)
      let offset = middle - state.position
      for axis in 0..<3 {
        for column in 0..<3 { design[3 * k + axis, column] = turned[column][axis] }
        design[3 * k + axis, 3 + axis] = -1
        right.append(offset[axis])
      }
    }
    for k in 0..<6 { design[3 * samples.count + k, k] = 1e-3 }
    guard let fit = try? leastSquares(design, right + [Double](repeating: 0, count: 6)) else { return nil }
    let arm = Vector3(fit.unknowns[0], fit.unknowns[1], fit.unknowns[2])
    let point = Vector3(fit.unknowns[3], fit.unknowns[4], fit.unknowns[5])
    let miss =
      samples.reduce(0) { $0 + ($1.position - middle + $1.orientation.rotate(arm) - point).lengthSquared }
      / Double(samples.count)
    guard way > Self.turning * arm.length, miss.squareRoot() < Self.still * arm.length else { return nil }
    return middle + point
  }
}
