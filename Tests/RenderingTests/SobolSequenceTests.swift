import Rendering
import Testing

@Suite("Sobol sequence") struct SobolSequenceTests {
  @Test("each run of 2ᵏ points puts one into every elementary box", arguments: [UInt32(0), 1, 99], [0, 3, 1000])
  func stratification(seed: UInt32, run: Int) {
    for k in 0...8 {
      let count = 1 << k
      let points = (0..<count).map { SobolSequence.point(UInt32(run * count + $0), seed: seed) }
      for a in 0...k {
        let (columns, rows) = (1 << a, 1 << (k - a))
        let boxes = Set(points.map { Int($0.x * Float(columns)) * rows + Int($0.y * Float(rows)) })
        #expect(boxes.count == count, "2^-\(a) × 2^-\(k - a)")
      }
    }
  }

  @Test("one pixel's point is uniform over the scramblings")
  func uniformity() {
    // χ² over 8 × 8 cells, 63 degrees of freedom: 1 in 10⁴ exceeds 113. The seeds are fixed, so it holds or it doesn't.
    var counts = [Int](repeating: 0, count: 64)
    for seed in UInt32(0)..<6400 {
      let p = SobolSequence.point(5, seed: seed &* 3)
      counts[Int(p.x * 8) * 8 + Int(p.y * 8)] += 1
    }
    let statistic = counts.map { Double(($0 - 100) * ($0 - 100)) / 100 }.reduce(0, +)
    #expect(statistic < 113)
  }
}
