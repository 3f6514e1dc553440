/// Denoising as a sequence of its points: progress is the caller's loop, cancellation its `break`.
///
///     for point in Denoising(noise, scheduler: scheduler, model: { .data(network($0, $1)) }) { show(point.t) }
///
/// The model is asked when the next element is.
public struct Denoising<Sample: LatentVector, Scheduler: DiffusionScheduler>: Sequence {
  public typealias Model = (_ sample: Sample, _ t: Double) -> Prediction<Sample>

  private let scheduler: Scheduler
  private let start: DenoisingPoint<Sample>
  private let model: Model

  /// - Parameter sample: at the grid's first time: noise, or a source mixed with it.
  public init(_ sample: Sample, scheduler: Scheduler, model: @escaping Model) {
    self.scheduler = scheduler
    self.model = model
    start = scheduler.start(from: sample)
  }

  public struct Iterator: IteratorProtocol {
    fileprivate var point: DenoisingPoint<Sample>
    fileprivate let scheduler: Scheduler
    fileprivate let model: Model

    public mutating func next() -> DenoisingPoint<Sample>? {
      guard !point.isFinished else { return nil }
      point = scheduler.step(model(point.sample, point.t), at: point)
      return point
    }
  }

  public func makeIterator() -> Iterator { Iterator(point: start, scheduler: scheduler, model: model) }

  /// The end of it all.
  public func result() -> Sample {
    var last = start
    for point in self { last = point }
    return last.sample
  }
}
