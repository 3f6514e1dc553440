/// The straight path from noise at t = 0 to data at t = 1 (flow matching, Lipman et al. 2023): x(t) = (1 − t)·noise + t·data.
public enum FlowPath {
  /// The point of the path at `t`, 0 … 1: where denoising of a noised source begins.
  public static func mixed<Sample: LatentVector>(data: Sample, noise: Sample, t: Double) -> Sample {
    precondition((0...1).contains(t), "the path runs from t = 0 to t = 1, not to \(t)")
    return Sample.combined([(1 - t, noise), (t, data)])
  }
}

/// What a model says of a point of the path.
public enum Prediction<Sample: LatentVector> {
  /// dx/dt there: the mean of data − noise.
  case velocity(Sample)
  /// The mean of the data that the point can stem from.
  case data(Sample)

  /// dx/dt at `t` < 1: (data − x)/(1 − t).
  public func velocity(at t: Double, of sample: Sample) -> Sample {
    switch self {
    case .velocity(let velocity): return velocity
    case .data(let data):
      precondition(t < 1, "at t = 1 the data leave the velocity open")
      return Sample.combined([(1 / (1 - t), data), (-1 / (1 - t), sample)])
    }
  }

  /// The data: x + (1 − t)·dx/dt.
  public func data(at t: Double, of sample: Sample) -> Sample {
    switch self {
    case .data(let data): data
    case .velocity(let velocity): Sample.combined([(1, sample), (1 - t, velocity)])
    }
  }
}

extension Prediction: Sendable where Sample: Sendable {}
