/// What `extremum --of … --max` answers: the largest or smallest value of a quantity, and when.
public struct ExtremumAnswer: Codable, Equatable, Sendable {
  public enum Kind: String, Codable, Sendable, CaseIterable { case maximum, minimum }

  public var query = "extremum"
  public var quantity: String
  public var kind: Kind
  public var time: Measured<Double>
  public var extremum: Measured<Double>
  /// At the ends of the recording, for comparison.
  public var initial: Measured<Double>
  public var final: Measured<Double>
}

extension WorldHistory {
  /// The extremum of a quantity over the whole recording.
  ///
  /// The best of all samples and contacts, refined between its neighbours by golden-section search.
  ///
  /// - Throws: `ExpressionError`, also where the quantity has no finite value at some instant.
  public func extremum(of text: String, _ kind: ExtremumAnswer.Kind) throws(ExpressionError) -> ExtremumAnswer {
    let (unit, value) = try WorldExpression(text, in: self).quantity()
    let sign = kind == .maximum ? 1.0 : -1.0
    let instants = self.instants
    let values = instants.map { sign * value(self, $0) }
    if let k = values.firstIndex(where: { !$0.isFinite }) {
      throw ExpressionError(
        expression: text, column: 1, message: "it is no number at \(instants[k]) s",
        suggestion: "does it divide by zero?")
    }
    let best = values.indices.max { values[$0] < values[$1] } ?? 0
    var (time, top) = (instants[best], values[best])

    // Golden section between the neighbours; two evaluations shrink the bracket by 0.38, one of them is kept.
    var (low, high) = (instants[max(0, best - 1)], instants[min(instants.count - 1, best + 1)])
    let golden = (5.0.squareRoot() - 1) / 2
    while high - low > Self.timeTolerance {
      let (a, b) = (high - golden * (high - low), low + golden * (high - low))
      if sign * value(self, a) > sign * value(self, b) { high = b } else { low = a }
    }
    let refined = (low + high) / 2
    if sign * value(self, refined) > top { (time, top) = (refined, sign * value(self, refined)) }
    return ExtremumAnswer(
      quantity: text, kind: kind, time: Measured(time, "s"), extremum: Measured(sign * top, unit),
      initial: Measured(value(self, span.lowerBound), unit), final: Measured(value(self, span.upperBound), unit))
  }
}
