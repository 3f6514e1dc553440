/// The times between which a scheduler steps, rising, the last of them 1.
public struct TimeGrid: Sendable, Equatable {
  public let times: [Double]

  /// - Parameter times: at least two, rising, from 0 on, ending with 1.
  public init(_ times: [Double]) {
    precondition(
      times.count >= 2 && times[0] >= 0 && times[times.count - 1] == 1 && zip(times, times.dropFirst()).allSatisfy { $0 < $1 },
      "times rise from 0 or later to 1, which \(times) do not")
    self.times = times
  }

  /// Equal steps from `start` to 1, bent by `shift`.
  ///
  /// - Parameters:
  ///   - start: 0 for pure noise; a noised source begins later.
  ///   - shift: above 1 spends more steps near the noise, as larger pictures need (Esser et al. 2024, equation 23): t becomes
  ///     t/(t + shift·(1 − t)).
  public init(steps: Int, from start: Double = 0, shift: Double = 1) {
    precondition(steps >= 1, "a grid has at least one step, not \(steps)")
    precondition((0..<1).contains(start) && shift > 0, "a grid starts in 0 ..< 1 and its shift is positive")
    func bent(_ t: Double) -> Double { t / (t + shift * (1 - t)) }
    // The bend's inverse at the start, so that the bent grid begins there.
    let first = start * shift / (1 - start + start * shift)
    self.init((0...steps).map { $0 == 0 ? start : $0 == steps ? 1 : bent(first + (1 - first) * Double($0) / Double(steps)) })
  }

  public var stepCount: Int { times.count - 1 }

  /// The index of the step that begins at `t`.
  func step(at t: Double) -> Int {
    guard let index = times.firstIndex(of: t), index < stepCount else { preconditionFailure("no step begins at t = \(t)") }
    return index
  }
}
