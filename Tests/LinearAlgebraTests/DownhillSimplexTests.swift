import LinearAlgebra
import Testing

@Suite("Downhill simplex") struct DownhillSimplexTests {
  @Test("it finds the bottom of Rosenbrock's valley, of a bowl in six dimensions, and keeps off what isn't allowed")
  func minima() {
    let search = DownhillSimplex(calls: 2000, tolerance: 1e-14)
    let valley = search.minimum(from: [-1.2, 1], steps: [0.5, 0.5]) {
      100 * ($0[1] - $0[0] * $0[0]) * ($0[1] - $0[0] * $0[0]) + (1 - $0[0]) * (1 - $0[0])
    }
    #expect(abs(valley.point[0] - 1) < 1e-4 && abs(valley.point[1] - 1) < 1e-4)
    let bowl = search.minimum(from: [Double](repeating: 0, count: 6), steps: [Double](repeating: 1, count: 6)) { point in
      zip(point, 1...).reduce(0) { $0 + Double($1.1) * ($1.0 - 2) * ($1.0 - 2) }
    }
    #expect(bowl.point.allSatisfy { abs($0 - 2) < 1e-2 })
    let walled = search.minimum(from: [0.5], steps: [0.25]) { $0[0] < 0.3 ? .infinity : $0[0] }
    #expect(abs(walled.point[0] - 0.3) < 1e-3)
    #expect(DownhillSimplex(calls: 30).minimum(from: [0, 0], steps: [1, 1]) { $0[0] * $0[0] + $0[1] }.calls <= 34)
  }
}
