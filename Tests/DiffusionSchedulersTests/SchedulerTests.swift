import DiffusionSchedulers
import Foundation
import Testing
import WorldCore

@Suite("Schedulers") struct SchedulerTests {
  @Test("step purely: from one point the same answer leads to the same point")
  func purity() {
    let scheduler = MultistepScheduler(TimeGrid(steps: 6))
    var points = [scheduler.start(from: [1.0, 2.0])]
    while !points.last!.isFinished {
      points.append(scheduler.step(.data(points.last!.sample.map { sin($0) }), at: points.last!))
    }
    // Taken up again in the middle, it comes to the same end.
    for k in points.indices {
      var point = points[k]
      while !point.isFinished { point = scheduler.step(.data(point.sample.map { sin($0) }), at: point) }
      #expect(point.sample == points.last!.sample)
    }
  }

  @Test("take a model's velocity and its data for the same")
  func predictions() {
    let grid = TimeGrid(steps: 7, shift: 2)
    func run(_ scheduler: some DiffusionScheduler, asVelocity: Bool) -> [Double] {
      Denoising([0.7, -1.2], scheduler: scheduler) { x, t in
        let data = Prediction<[Double]>.data(x.map { cos($0) + t })
        return asVelocity ? .velocity(data.velocity(at: t, of: x)) : data
      }.result()
    }
    func agree(_ scheduler: some DiffusionScheduler) -> Bool {
      zip(run(scheduler, asVelocity: true), run(scheduler, asVelocity: false)).allSatisfy { abs($0 - $1) < 1e-12 }
    }
    #expect(
      agree(EulerScheduler(grid)) && agree(HeunScheduler(grid)) && agree(MultistepScheduler(grid))
        && agree(FewStepScheduler(grid)))
  }

  @Test("end on the path they were given")
  func fewSteps() {
    let grid = TimeGrid([0, 0.6, 1])
    // Without renewal one is Euler's step; with it, the noise is drawn from the seed.
    let kept = Denoising([0.3], scheduler: FewStepScheduler(grid)) { x, t in .data([x[0] * 0.5 + t]) }.result()
    let euler = Denoising([0.3], scheduler: EulerScheduler(grid)) { x, t in .data([x[0] * 0.5 + t]) }.result()
    #expect(abs(kept[0] - euler[0]) < 1e-12)
    func renewed(_ seed: UInt64) -> [Double] {
      Denoising([Double](repeating: 0.3, count: 4000), scheduler: FewStepScheduler(grid, renewal: 1, seed: seed)) { x, t in
        // Passes the input through at the last question, to see what it was.
        t == 0 ? .data(x.map { _ in 2 }) : .data(x)
      }.result()
    }
    #expect(renewed(1) == renewed(1) && renewed(1) != renewed(2))
    let x = renewed(3)
    let mean = x.reduce(0, +) / 4000
    let deviation = (x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4000).squareRoot()
    // At t = 0.6: 0.6 · data + 0.4 · noise, to four standard errors.
    #expect(abs(mean - 1.2) < 0.4 * 4 / 63 && abs(deviation - 0.4) < 0.4 * 4 / 89)
  }

  @Test("are asked step by step, and no further than the caller goes")
  func sequence() {
    nonisolated(unsafe) var questions = 0
    let denoising = Denoising([1.0], scheduler: EulerScheduler(TimeGrid(steps: 10))) { x, _ in
      questions += 1
      return .data(x)
    }
    for point in denoising where point.t > 0.25 { break }
    #expect(questions == 3)
    #expect(Array(denoising).map(\.t).last == 1 && questions == 13)
  }

  @Test("start a noised source where its grid does")
  func noisedSource() {
    let grid = TimeGrid(steps: 4, from: 0.6, shift: 3)
    #expect(grid.times.first == 0.6 && grid.times.last == 1 && grid.stepCount == 4)
    let mixed = FlowPath.mixed(data: [2.0], noise: [-1.0], t: 0.6)
    #expect(abs(mixed[0] - 0.8) < 1e-12)
    #expect(EulerScheduler(grid).start(from: mixed).t == 0.6)
    // The shift spends steps near the noise.
    let (even, bent) = (TimeGrid(steps: 8).times, TimeGrid(steps: 8, shift: 3).times)
    #expect(zip(even, bent).dropFirst().dropLast().allSatisfy { $1 < $0 })
  }

  @Test("work in single precision as in double")
  func precisions() {
    let scheduler = MultistepScheduler(TimeGrid(steps: 9))
    let wide = Denoising([0.2, 1.4], scheduler: scheduler) { x, t in .data(x.map { cos($0 + t) }) }.result()
    let narrow = Denoising([0.2, 1.4] as [Float], scheduler: scheduler) { x, t in .data(x.map { cos($0 + Float(t)) }) }.result()
    #expect(zip(wide, narrow).allSatisfy { abs($0 - Double($1)) < 1e-5 })
  }
}

@Suite("Guidance") struct GuidanceTests {
  enum Condition: Hashable { case controls, text, style }

  /// A model that adds a number for each condition.
  func answer(_ conditions: Set<Condition>) -> [Double] {
    [
      1 + (conditions.contains(.controls) ? 10 : 0) + (conditions.contains(.text) ? 100 : 0)
        + (conditions.contains(.style) ? 1000 : 0)
    ]
  }

  func guided(_ scales: [(condition: Condition, scale: Double)]) -> (value: Double, passes: Int) {
    let guidance = Guidance(scales)
    #expect(abs(guidance.passes.reduce(0) { $0 + $1.weight } - 1) < 1e-12)
    return (guidance.combined(guidance.passes.map { answer($0.conditions) })[0], guidance.passes.count)
  }

  @Test("scales each condition by itself, in as few questions as that takes")
  func scales() {
    #expect(guided([]) == (1, 1))
    #expect(guided([(.controls, 1), (.text, 1), (.style, 1)]) == (1111, 1))
    #expect(guided([(.controls, 1), (.text, 3)]) == (1 + 10 + 300, 2))
    #expect(guided([(.controls, 2), (.text, 2)]) == (1 + 20 + 200, 2))
    #expect(guided([(.controls, 2), (.text, 5), (.style, 0)]) == (1 + 20 + 500, 3))
    #expect(guided([(.controls, 0), (.text, 0)]) == (1, 1))
  }
}
