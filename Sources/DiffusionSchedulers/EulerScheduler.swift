/// Euler's method: straight on with the velocity found. First order, one question a step; exact where paths are straight.
public struct EulerScheduler: DiffusionScheduler {
  public let grid: TimeGrid

  public init(_ grid: TimeGrid) { self.grid = grid }

  public func step<Sample: LatentVector>(_ prediction: Prediction<Sample>, at point: DenoisingPoint<Sample>) -> DenoisingPoint<
    Sample
  > {
    let next = grid.times[grid.step(at: point.t) + 1]
    let velocity = prediction.velocity(at: point.t, of: point.sample)
    return DenoisingPoint(t: next, sample: Sample.combined([(1, point.sample), (next - point.t, velocity)]))
  }
}
