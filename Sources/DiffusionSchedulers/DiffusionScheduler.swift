/// Where denoising stands: what the model is to be asked next, and what the scheduler has to remember until it knows the
/// answer.
///
/// A value: keep it, print it, go back to it, or take two different steps from it.
public struct DenoisingPoint<Sample: LatentVector> {
  /// Where on the path the model is asked; 1 when all is done.
  public let t: Double
  /// The model's input there; the result when all is done.
  public let sample: Sample
  /// Answers on earlier points, newest last: what, depends on the scheduler.
  let memory: [Memory]

  struct Memory {
    var t: Double
    var sample: Sample
    /// A velocity or data, as the scheduler likes it.
    var answer: Sample
  }

  init(t: Double, sample: Sample, memory: [Memory] = []) {
    self.t = t
    self.sample = sample
    self.memory = memory
  }

  public var isFinished: Bool { t == 1 }
}

extension DenoisingPoint: Sendable where Sample: Sendable {}
extension DenoisingPoint.Memory: Sendable where Sample: Sendable {}

/// A rule that turns a model's answers into the next point: a solver of the flow's differential equation.
///
/// Schedulers know no model, and hold no state: the same arguments give the same point.
public protocol DiffusionScheduler: Sendable {
  var grid: TimeGrid { get }

  /// How often the model is asked in all.
  var evaluationCount: Int { get }

  /// The point that follows, given the model's answer on this one.
  func step<Sample: LatentVector>(_ prediction: Prediction<Sample>, at point: DenoisingPoint<Sample>) -> DenoisingPoint<Sample>
}

extension DiffusionScheduler {
  public var evaluationCount: Int { grid.stepCount }

  /// The first point: noise, or a source mixed with noise for a grid that starts later.
  public func start<Sample: LatentVector>(from sample: Sample) -> DenoisingPoint<Sample> {
    DenoisingPoint(t: grid.times[0], sample: sample)
  }
}
