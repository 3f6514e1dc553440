import WorldCore

/// For a distilled student that jumps to the data in one go: to the data predicted, and back to the next time's noise, one to
/// four times.
///
/// Between 0, where the noise that the jump implies is kept (a deterministic sampler; DDIM, Song et al. 2021), and 1, where all
/// of it is drawn anew (consistency sampling, Song et al. 2023), `renewal` mixes both at equal strength.
public struct FewStepScheduler: DiffusionScheduler {
  public let grid: TimeGrid
  /// 0 … 1
  public let renewal: Double
  public let seed: UInt64

  public init(_ grid: TimeGrid, renewal: Double = 0, seed: UInt64 = 0) {
    precondition((0...1).contains(renewal), "the share of new noise is 0 … 1, not \(renewal)")
    self.grid = grid
    self.renewal = renewal
    self.seed = seed
  }

  public func step<Sample: LatentVector>(_ prediction: Prediction<Sample>, at point: DenoisingPoint<Sample>) -> DenoisingPoint<
    Sample
  > {
    let index = grid.step(at: point.t)
    let (t, next) = (point.t, grid.times[index + 1])
    let data = prediction.data(at: t, of: point.sample)
    guard next < 1 else { return DenoisingPoint(t: 1, sample: data) }
    // The implied noise is (x − t·data)/(1 − t).
    let kept = (1 - renewal * renewal).squareRoot() * (1 - next) / (1 - t)
    var terms = [(next - kept * t, data), (kept, point.sample)]
    if renewal > 0 {
      var stream = RandomStream(seed: seed, "few-step").substream(index)
      terms.append(((1 - next) * renewal, Sample.noise(like: data, from: &stream)))
    }
    return DenoisingPoint(t: next, sample: Sample.combined(terms.map { (weight: $0.0, vector: $0.1) }))
  }
}
