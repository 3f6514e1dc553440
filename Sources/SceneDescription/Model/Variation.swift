public import WorldCore

/// A value of the scene that is drawn anew for every seed.
public struct Variation: Sendable, Equatable {
  /// Where in the document, as in `bodies.ball.velocity[0]`.
  public var path: String
  public var distribution: Distribution
  public var location: SourceLocation?

  public init(path: String, distribution: Distribution, location: SourceLocation? = nil) {
    self.path = path
    self.distribution = distribution
    self.location = location
  }

  public enum Distribution: Sendable, Equatable {
    case uniform(ClosedRange<Double>)
    /// Evenly over the union of these, each as likely as it is long; never empty.
    case ranges([ClosedRange<Double>])
    case normal(mean: Double, standardDeviation: Double)
    /// Even in the logarithm; both bounds are positive.
    case loguniform(ClosedRange<Double>)
    /// One of these values, as YAML text, each as likely.
    case choice([String])
  }
}
