internal import Foundation

/// The learning rate as a function of the step: a linear rise, then a constant or a cosine fall.
public struct LearningRateSchedule: Sendable {
  public var peak: Double
  /// Steps of the rise.
  public var warmup: Int
  /// Steps in all, and the rate that the fall ends at; nil: constant after the rise.
  public var fall: (steps: Int, final: Double)?

  public init(peak: Double, warmup: Int = 0, fall: (steps: Int, final: Double)? = nil) {
    self.peak = peak
    self.warmup = warmup
    self.fall = fall
  }

  /// The rate of a step, counted from 0.
  public func rate(at step: Int) -> Double {
    if step < warmup { return peak * Double(step + 1) / Double(warmup) }
    guard let fall else { return peak }
    let progress = min(1, Double(step - warmup) / Double(max(1, fall.steps - warmup)))
    return fall.final + (peak - fall.final) * 0.5 * (1 + cos(.pi * progress))
  }
}
