/// Classifier-free guidance with a strength for each condition (Ho & Salimans 2022; several conditions as in Brooks et al.
/// 2023).
///
/// The conditions come in one after the other: v = v(∅) + s₁·(v(c₁) − v(∅)) + s₂·(v(c₁, c₂) − v(c₁)) + … A scale of 1 follows a
/// condition as it was trained, more exaggerates it, 0 leaves it out.
public struct Guidance<Condition: Hashable & Sendable>: Sendable {
  /// A question to the model: with these conditions and no others; its answer counts with this weight.
  public struct Pass: Sendable, Equatable {
    public var conditions: Set<Condition>
    public var weight: Double
  }

  /// As few as the scales allow: one where all are 1. Weights add up to 1.
  public let passes: [Pass]

  /// - Parameter scales: by condition, ≥ 0; the first comes in first.
  public init(_ scales: [(condition: Condition, scale: Double)]) {
    precondition(scales.allSatisfy { $0.scale >= 0 && $0.scale.isFinite }, "scales of guidance are finite and at least 0")
    precondition(Set(scales.map(\.condition)).count == scales.count, "each condition has one scale")
    // In the sum, the set of the first k conditions has the weight sₖ − sₖ₊₁, with s₀ = 1 before the first and 0 behind the
    // last.
    let strengths = [1] + scales.map(\.scale) + [0]
    var passes: [Pass] = []
    for k in 0...scales.count where strengths[k] != strengths[k + 1] {
      passes.append(Pass(conditions: Set(scales.prefix(k).map(\.condition)), weight: strengths[k] - strengths[k + 1]))
    }
    self.passes = passes
  }

  /// The guided answer from those on the passes, in their order.
  public func combined<Sample: LatentVector>(_ answers: [Sample]) -> Sample {
    precondition(answers.count == passes.count, "\(passes.count) passes have as many answers, not \(answers.count)")
    return answers.count == 1 ? answers[0] : Sample.combined(zip(passes, answers).map { ($0.weight, $1) })
  }
}
