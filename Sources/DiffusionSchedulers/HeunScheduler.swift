/// Heun's method: Euler's step is tried, and the mean of the velocities at its two ends is taken. Second order, two questions a
/// step.
///
/// The last step is Euler's: at t = 1 there is no noise left to ask about (Karras et al. 2022, algorithm 1).
public struct HeunScheduler: DiffusionScheduler {
  public let grid: TimeGrid

  public init(_ grid: TimeGrid) { self.grid = grid }

  public var evaluationCount: Int { 2 * grid.stepCount - 1 }

  public func step<Sample: LatentVector>(_ prediction: Prediction<Sample>, at point: DenoisingPoint<Sample>) -> DenoisingPoint<
    Sample
  > {
    let velocity = prediction.velocity(at: point.t, of: point.sample)
    // The answer on a tried end: take the step anew from its beginning.
    if let begin = point.memory.last {
      let half = (point.t - begin.t) / 2
      return DenoisingPoint(
        t: point.t, sample: Sample.combined([(1, begin.sample), (half, begin.answer), (half, velocity)]))
    }
    let next = grid.times[grid.step(at: point.t) + 1]
    let tried = Sample.combined([(1, point.sample), (next - point.t, velocity)])
    let memory = next == 1 ? [] : [DenoisingPoint<Sample>.Memory(t: point.t, sample: point.sample, answer: velocity)]
    return DenoisingPoint(t: next, sample: tried, memory: memory)
  }
}
