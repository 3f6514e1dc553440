/// Minimises a function of a few variables without derivatives: Nelder and Mead's simplex (Computer Journal 1965), with the
/// dimension-dependent coefficients of Gao and Han (2012), which keep it from stalling in more than a few dimensions.
public struct DownhillSimplex: Sendable {
  /// Calls of the function at most.
  public var calls: Int
  /// It ends when the corners' values differ by no more than this share of the best.
  public var tolerance: Double

  public init(calls: Int = 200, tolerance: Double = 1e-4) { (self.calls, self.tolerance) = (calls, tolerance) }

  /// - Parameters:
  ///   - start: one corner of the first simplex.
  ///   - steps: to the other corners, one along each axis; none is 0.
  ///   - function: may return infinity where a point isn't allowed; what it throws ends the search.
  /// - Returns: the best point, its value, and how often the function was called.
  public func minimum(
    from start: [Double], steps: [Double], of function: ([Double]) throws -> Double
  ) rethrows -> (point: [Double], value: Double, calls: Int) {
    precondition(
      !start.isEmpty && start.count == steps.count && steps.allSatisfy { $0 != 0 }, "a simplex has a step along each axis")
    let n = start.count
    let dimension = max(2.0, Double(n))
    let (expansion, contraction, shrinkage) = (1 + 2 / dimension, 0.75 - 0.5 / dimension, 1 - 1 / dimension)
    var used = 0
    func value(_ point: [Double]) throws -> Double {
      used += 1
      let value = try function(point)
      return value.isNaN ? .infinity : value
    }
    var corners = try
      ([start]
      + (0..<n).map { k in
        var corner = start
        corner[k] += steps[k]
        return corner
      }).map { ($0, try value($0)) }

    while used < calls {
      corners.sort { $0.1 < $1.1 }
      let (best, worst) = (corners[0].1, corners[n].1)
      if worst - best <= tolerance * max(abs(best), 1e-12) { break }
      let center = (0..<n).map { k in corners[..<n].reduce(0) { $0 + $1.0[k] } / Double(n) }
      // The point `t` of the way from the worst corner through the centre and beyond.
      func along(_ t: Double) -> [Double] { (0..<n).map { center[$0] + t * (center[$0] - corners[n].0[$0]) } }
      let reflected = along(1)
      let atReflected = try value(reflected)
      if atReflected < best {
        let expanded = along(expansion)
        let atExpanded = try value(expanded)
        corners[n] = atExpanded < atReflected ? (expanded, atExpanded) : (reflected, atReflected)
      } else if atReflected < corners[n - 1].1 {
        corners[n] = (reflected, atReflected)
      } else {
        let contracted = along(atReflected < worst ? contraction : -contraction)
        let atContracted = try value(contracted)
        if atContracted < min(atReflected, worst) {
          corners[n] = (contracted, atContracted)
        } else {
          // Nothing on the line helps: all corners move towards the best.
          for k in 1...n {
            let corner = (0..<n).map { corners[0].0[$0] + shrinkage * (corners[k].0[$0] - corners[0].0[$0]) }
            corners[k] = (corner, try value(corner))
          }
        }
      }
    }
    let best = corners.min { $0.1 < $1.1 }!
    return (best.0, best.1, used)
  }
}
