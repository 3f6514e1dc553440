import Foundation
import Plausibility
import Testing
import WorldCore

@Suite("Rank statistics and recalibration") struct RankStatisticsTests {
  @Test("the area under the curve by counting pairs")
  func area() {
    var stream = RandomStream(seed: 1, "area")
    let valid = (0..<80).map { _ in (10 * stream.uniform()).rounded() / 10 }
    let broken = (0..<60).map { _ in (10 * stream.uniform() * stream.uniform()).rounded() / 10 }
    var wins = 0.0
    for v in valid { for b in broken { wins += b < v ? 1 : b == v ? 0.5 : 0 } }
    #expect(abs(RankStatistics.areaUnderCurve(valid: valid, broken: broken)! - wins / 4800) < 1e-12)
    #expect(RankStatistics.areaUnderCurve(valid: [0.9], broken: [0.1]) == 1)
    #expect(RankStatistics.areaUnderCurve(valid: [], broken: [0.1]) == nil)
  }

  @Test("Wilson's interval holds the share as often as it says")
  func wilson() {
    var stream = RandomStream(seed: 2, "wilson")
    var held = 0
    for _ in 0..<2000 {
      let count = (0..<60).count { _ in stream.uniform() < 0.1 }
      let interval = RankStatistics.wilson(count, of: 60)!
      if interval.low <= 0.1 && 0.1 <= interval.high { held += 1 }
    }
    #expect((0.92...0.98).contains(Double(held) / 2000))
    #expect(RankStatistics.wilson(0, of: 20)!.low == 0 && RankStatistics.wilson(20, of: 20)!.high == 1)
  }

  @Test("scores that are too sure are mended, and the bound lets α of the valid through")
  func recalibration() {
    var stream = RandomStream(seed: 3, "recalibration")
    // Log-odds of ±1 with unit noise tell valid from broken with odds 2x; these scores claim twice as much.
    func scores(_ sign: Double, _ count: Int) -> [Double] {
      (0..<count).map { _ in 1 / (1 + exp(-2 * (2 * (sign + stream.normal())))) }
    }
    let fitted = ScoreRecalibration(valid: scores(1, 4000), broken: scores(-1, 4000), alpha: 0.01)
    #expect(abs(fitted.slope - 0.5) < 0.05 && abs(fitted.offset) < 0.1)
    let (valid, broken) = (scores(1, 4000), scores(-1, 4000))
    let before = ScoreRecalibration.calibrationError(valid: valid, broken: broken)!
    let after = ScoreRecalibration.calibrationError(
      valid: valid.map(fitted.probability), broken: broken.map(fitted.probability))!
    #expect(after < 0.03 && before > 1.5 * after)
    let alarms = Double(valid.count { $0 < fitted.bound }) / 4000
    #expect((0.004...0.018).contains(alarms))
  }
}
