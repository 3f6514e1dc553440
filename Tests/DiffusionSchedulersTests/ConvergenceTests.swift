import DiffusionSchedulers
import Foundation
import Testing

@Suite("Convergence") struct ConvergenceTests {
  /// Solvers by name with the order that is due to them.
  static let solvers: [(name: String, order: Double, make: @Sendable (TimeGrid) -> any DiffusionScheduler)] = [
    ("Euler", 1, { EulerScheduler($0) }),
    ("Heun", 2, { HeunScheduler($0) }),
    ("multistep 1", 1, { MultistepScheduler($0, order: 1, isCorrecting: false) }),
    ("multistep 2", 2, { MultistepScheduler($0, order: 2, isCorrecting: false) }),
    ("multistep 1, correcting", 2, { MultistepScheduler($0, order: 1) }),
    ("multistep 2, correcting", 3, { MultistepScheduler($0, order: 2) }),
    ("few-step", 1, { FewStepScheduler($0) }),
  ]

  static func result(_ scheduler: any DiffusionScheduler, from x: [Double], _ model: ([Double], Double) -> Prediction<[Double]>)
    -> [Double]
  {
    var point = scheduler.start(from: x)
    var count = 0
    while !point.isFinished {
      point = scheduler.step(model(point.sample, point.t), at: point)
      count += 1
    }
    #expect(count == scheduler.evaluationCount)
    return point.sample
  }

  /// The order by which the error falls when the steps are halved, from the three finest of these grids.
  static func order(_ make: (TimeGrid) -> any DiffusionScheduler, steps: [Int], _ error: (any DiffusionScheduler) -> Double)
    -> Double
  {
    let errors = steps.map { error(make(TimeGrid(steps: $0))) }
    let orders = zip(errors, errors.dropFirst()).map { log2($0 / $1) }
    return orders.reduce(0, +) / Double(orders.count)
  }

  @Test("is of the method's order on an equation with a known solution", arguments: solvers.indices)
  func knownSolution(index: Int) {
    // dx/dt = cos(3t)·x, whose solution is x₀·exp(sin(3t)/3): smooth up to the end.
    let solver = Self.solvers[index]
    let order = Self.order(solver.make, steps: [40, 80, 160, 320]) { scheduler in
      let x = Self.result(scheduler, from: [1.3]) { x, t in .velocity([cos(3 * t) * x[0]]) }
      return abs(x[0] - 1.3 * exp(sin(3.0) / 3))
    }
    #expect(order > solver.order - 0.2, "\(solver.name): order \(order)")
    #expect(order < solver.order + 0.7, "\(solver.name): order \(order)")
  }

  /// Data of mean µ and standard deviation s: the mean of the data that x at t can stem from, by Bayes.
  static func gaussian(_ x: [Double], _ t: Double, mean: Double, deviation: Double) -> [Double] {
    let gain = t * deviation * deviation / (t * t * deviation * deviation + (1 - t) * (1 - t))
    return x.map { mean + gain * ($0 - t * mean) }
  }

  @Test("is to the exact flow of a Gaussian, all along it", arguments: solvers.indices)
  func gaussianFlow(index: Int) {
    // The flow keeps each point at its quantile: x(t) = tµ + x₀·√(t²s² + (1 − t)²).
    let (mean, deviation, x0) = (2.0, 0.5, [-1.7, 0.0, 0.4, 2.1])
    let solver = Self.solvers[index]
    /// The largest error at the end, and on the way there.
    func errors(_ scheduler: any DiffusionScheduler) -> (end: Double, way: Double) {
      var point = scheduler.start(from: x0)
      var (end, worst) = (0.0, 0.0)
      while !point.isFinished {
        point = scheduler.step(.data(Self.gaussian(point.sample, point.t, mean: mean, deviation: deviation)), at: point)
        // Heun's tried ends lie off the path.
        if scheduler is HeunScheduler && !point.isFinished { continue }
        let width = (point.t * point.t * deviation * deviation + (1 - point.t) * (1 - point.t)).squareRoot()
        end = zip(point.sample, x0).map { abs($0 - point.t * mean - $1 * width) }.max()!
        worst = max(worst, end)
      }
      return (end, worst)
    }
    let order = Self.order(solver.make, steps: [80, 160, 320]) { errors($0).end }
    #expect(order > solver.order - 0.25, "\(solver.name): order \(order)")
    // What a corrector mends is seen a step later, so that on the way points are as good as the predictor.
    #expect(errors(solver.make(TimeGrid(steps: 20))).way < 0.1)
    if solver.order > 1 { #expect(errors(solver.make(TimeGrid(steps: 20))).end < 0.03, "\(solver.name)") }
  }

  @Test("pays: at ten questions the multistep solver is nearer than Euler's and Heun's")
  func economy() {
    func error(_ scheduler: any DiffusionScheduler) -> Double {
      let x = Self.result(scheduler, from: [1.5]) { x, t in .data(Self.gaussian(x, t, mean: 1, deviation: 0.4)) }
      return abs(x[0] - (1 + 1.5 * 0.4))
    }
    let multistep = error(MultistepScheduler(TimeGrid(steps: 10)))
    let (euler, heun) = (error(EulerScheduler(TimeGrid(steps: 10))), error(HeunScheduler(TimeGrid(steps: 5))))
    #expect(multistep < 0.2 * euler && multistep < heun, "\(multistep), Euler \(euler), Heun \(heun)")
  }

  @Test("is at once where all data are one point", arguments: solvers.indices)
  func straightPaths(index: Int) {
    for grid in [TimeGrid(steps: 1), TimeGrid(steps: 3, shift: 3), TimeGrid([0, 0.6, 1])] {
      let x = Self.result(Self.solvers[index].make(grid), from: [-0.3, 8]) { _, _ in .data([4, -1]) }
      #expect(abs(x[0] - 4) < 1e-12 && abs(x[1] + 1) < 1e-12)
    }
  }
}
