import WorldCore

/// What `first --when …` answers: when a condition first holds, and the world at that instant.
public struct FirstAnswer: Codable, Equatable, Sendable {
  public var query = "first"
  public var condition: String
  /// Whether it ever holds.
  public var found: Bool
  /// nil where it never holds.
  public var time: Measured<Double>?
  /// Within how much the time is the root of the interpolated motion.
  public var tolerance: Measured<Double>
  /// Every body at that instant, and as `state` has them cloths and fluids.
  public var bodies: [StateAnswer.Body]?
  public var cloths: [StateAnswer.Cloth]?
  public var fluids: [StateAnswer.Fluid]?
}

extension WorldHistory {
  /// Seconds to which roots and extrema are narrowed down.
  static let timeTolerance = 1e-9

  /// The first instant at which a condition holds.
  ///
  /// The condition is looked at on all samples, at three points between each two and at every contact; where it turns true, the
  /// instant is found by bisection. What `==` compares is equal where one side passes the other, found likewise. A condition
  /// that holds only in between, for less than a quarter of a sample, may be missed.
  ///
  /// - Throws: `ExpressionError`.
  public func first(when text: String) throws(ExpressionError) -> FirstAnswer {
    let expression = try WorldExpression(text, in: self)
    let holds = try expression.condition()
    var answer = FirstAnswer(condition: text, found: false, tolerance: Measured(Self.timeTolerance, "s"))
    var before: Double?
    for instant in instants(with: expression.equalities) {
      guard holds(self, instant) else {
        before = instant
        continue
      }
      // False at `low`, true at `high`: halve until they are one instant.
      var high = instant
      if var low = before {
        while high - low > Self.timeTolerance {
          let middle = (low + high) / 2
          if holds(self, middle) { high = middle } else { low = middle }
        }
      }
      answer.found = true
      answer.time = Measured(high, "s")
      answer.bodies = present(at: high).map { describe($0, at: high) }
      (answer.cloths, answer.fluids) = (cloths(at: high), fluids(at: high))
      break
    }
    return answer
  }

  /// The instants to look at, and between them those at which any of these differences passes 0.
  private func instants(with differences: [WorldExpression.Scalar]) -> [Double] {
    let usual = instants
    var roots: [Double] = []
    for difference in differences {
      let values = usual.map { difference(self, $0) }
      for k in usual.indices.dropLast() where values[k] != 0 && values[k + 1] != 0 {
        let sign = values[k] < 0
        guard (values[k + 1] < 0) != sign else { continue }
        var (low, high) = (usual[k], usual[k + 1])
        while high - low > Self.timeTolerance {
          let middle = (low + high) / 2
          if (difference(self, middle) < 0) == sign { low = middle } else { high = middle }
        }
        roots.append(high)
      }
    }
    return roots.isEmpty ? usual : Set(usual + roots).sorted()
  }
}
