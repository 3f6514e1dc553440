/// Why a matrix problem has no answer.
public enum LinearAlgebraError: Error, Equatable, CustomStringConvertible {
  /// The leading minor of this order is not positive: no Cholesky factor exists.
  case notPositiveDefinite(order: Int)
  /// An iteration didn't converge: the input holds NaN or infinity, as a rule.
  case noConvergence(routine: String)
  /// Fewer independent columns than unknowns.
  case rankDeficient(rank: Int, unknowns: Int)

  public var description: String {
    switch self {
    case .notPositiveDefinite(let order):
      "the matrix is not positive definite: its leading minor of order \(order) is not positive"
    case .noConvergence(let routine):
      "\(routine) did not converge: look for NaN or infinity in the matrix"
    case .rankDeficient(let rank, let unknowns):
      "the equations determine only \(rank) of \(unknowns) unknowns: add observations or fix a parameter"
    }
  }
}
