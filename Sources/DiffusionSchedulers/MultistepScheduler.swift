import Foundation

/// An exponential Adams method on the data prediction, predictor and corrector: high order for one question a step.
///
/// With u = 1 − t and y = x/u the flow's equation is dy/dt = data/u², in which the stiff part is gone. The data are taken as a
/// polynomial in u through the latest answers, which is integrated exactly, up to t = 1, where the step ends on the polynomial
/// itself. It has no linear term: along the flow d(data)/dt = u·d²x/dt², which vanishes at the end, so that the end keeps the
/// order that the middle has. The next answer, asked for anyway, first corrects the step that led to it by the polynomial
/// through it as well (as UniPC does: Zhao et al. 2023; with one answer the predictor is that of DPM-Solver++, Lu et al. 2022).
/// The order is that of the predictor's answers, one more with the corrector.
public struct MultistepScheduler: DiffusionScheduler {
  public let grid: TimeGrid
  /// Answers that the predictor uses, 1 … 4; as many steps pass until there are that many.
  public let order: Int
  public let isCorrecting: Bool

  public init(_ grid: TimeGrid, order: Int = 3, isCorrecting: Bool = true) {
    precondition((1...4).contains(order), "a multistep method has an order of 1 to 4, not \(order)")
    self.grid = grid
    self.order = order
    self.isCorrecting = isCorrecting
  }

  public func step<Sample: LatentVector>(_ prediction: Prediction<Sample>, at point: DenoisingPoint<Sample>) -> DenoisingPoint<
    Sample
  > {
    typealias Memory = DenoisingPoint<Sample>.Memory
    let next = grid.times[grid.step(at: point.t) + 1]
    let answer = prediction.data(at: point.t, of: point.sample)

    // Where the last step should have led, now that its end is known.
    var sample = point.sample
    if isCorrecting, let before = point.memory.last {
      let known = point.memory.suffix(order) + [Memory(t: point.t, sample: sample, answer: answer)]
      sample = Self.advanced(before.sample, from: before.t, to: point.t, along: Array(known))
    }

    let memory = point.memory.suffix(order - 1) + [Memory(t: point.t, sample: sample, answer: answer)]
    let result = Self.advanced(sample, from: point.t, to: next, along: Array(memory))
    // The corrector looks back one answer farther than the predictor.
    let kept = point.memory.suffix(order) + [Memory(t: point.t, sample: sample, answer: answer)]
    return DenoisingPoint(t: next, sample: result, memory: next == 1 ? [] : Array(kept.suffix(order)))
  }

  /// x(t) = (1 − t)/(1 − s)·x(s) + (1 − t)·∫ p(τ)/(1 − τ)² dτ from s to t, with p through the answers.
  private static func advanced<Sample: LatentVector>(
    _ sample: Sample, from s: Double, to t: Double, along answers: [DenoisingPoint<Sample>.Memory]
  ) -> Sample {
    let weights = Self.weights(nodes: answers.map(\.t), from: s, to: t)
    return Sample.combined([((1 - t) / (1 - s), sample)] + zip(weights, answers).map { ($0, $1.answer) })
  }

  /// What each answer counts: such that 1, u², u³, … at the nodes give their integrals (1 − t)·∫ u^(k − 2) dτ from `s` to `t`.
  private static func weights(nodes: [Double], from s: Double, to t: Double) -> [Double] {
    let (a, b, count) = (1 - s, 1 - t, nodes.count)
    var rows = (0..<count).map { i -> [Double] in
      let power = i == 0 ? 0 : i + 1
      let integral = i == 0 ? 1 - b / a : b * (pow(a, Double(i)) - pow(b, Double(i))) / Double(i)
      return nodes.map { pow(1 - $0, Double(power)) } + [integral]
    }
    // Gauss's elimination with pivots; there are five rows at most.
    for k in 0..<count {
      let pivot = (k..<count).max { abs(rows[$0][k]) < abs(rows[$1][k]) }!
      rows.swapAt(k, pivot)
      for i in 0..<count where i != k {
        let factor = rows[i][k] / rows[k][k]
        for j in k...count { rows[i][j] -= factor * rows[k][j] }
      }
    }
    return (0..<count).map { rows[$0][count] / rows[$0][$0] }
  }
}
