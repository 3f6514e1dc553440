import Testing
import VideoDiffusion

@Suite struct StretchTests {
  @Test(
    "stretches cover what is to be made, each token once, and hand on all but at cuts",
    arguments: [(1, 0, []), (24, 0, []), (24, 5, []), (24, 0, [3, 4, 11]), (24, 9, [9, 20]), (360, 0, [100]), (7, 7, [])])
  func plan(tokens: Int, made: Int, cuts: [Int]) {
    let plan = Stretch.plan(tokens: tokens, made: made, cuts: cuts)
    #expect(plan.flatMap { Array($0.fresh) } == Array(made..<tokens))
    for stretch in plan {
      #expect(stretch.times.count <= Stretch.length && !stretch.fresh.isEmpty)
      let first = stretch.fresh.lowerBound
      #expect(stretch.kept == (first == 0 || cuts.contains(first) ? 0 : 1))
      #expect(!cuts.contains { $0 > first && $0 < stretch.times.upperBound })
    }
  }
}
