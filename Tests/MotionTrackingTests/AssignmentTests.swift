import MotionTracking
import Testing
import WorldCore

@Suite("Assignment") struct AssignmentTests {
  static func permutations(_ n: Int) -> [[Int]] {
    guard n > 0 else { return [[]] }
    return permutations(n - 1).flatMap { rest in
      (0...rest.count).map { at in
        var p = rest; p.insert(n - 1, at: at); return p
      }
    }
  }

  @Test("no other assignment is cheaper", arguments: UInt64(0)..<40)
  func cheapest(seed: UInt64) {
    var stream = RandomStream(seed: seed, "assignment")
    let n = 1 + stream.index(below: 5)
    let cost = (0..<n).map { _ in (0..<n).map { _ in stream.uniform() } }
    let answer = cheapestAssignment(cost)
    let total = answer.enumerated().reduce(0.0) { $0 + cost[$1.offset][$1.element!] }
    let best = Self.permutations(n).map { p in p.enumerated().reduce(0.0) { $0 + cost[$1.offset][$1.element] } }.min()!
    #expect(abs(total - best) < 1e-12)
  }

  @Test("impossible pairs stay apart, and as many rows as possible find a partner")
  func impossible() {
    #expect(cheapestAssignment([[.infinity, 1], [.infinity, 2]]) == [1, nil])
    #expect(cheapestAssignment([[.infinity], [.infinity]]) == [nil, nil])
    #expect(cheapestAssignment([[1, 5], [1.1, .infinity]]) == [1, 0])
    #expect(cheapestAssignment([[], []]) == [nil, nil])
  }
}
