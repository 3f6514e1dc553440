import Foundation
import Plausibility
import Testing
import WorldCore

/// Round things that change their size on the way, or only come nearer and go away.
@Suite("Size on the way") struct SizeOnTheWayTests {
  static let room = SyntheticTrack(frames: 66)

  static func smooth(_ x: Double) -> Double {
    let x = min(1, max(0, x))
    return x * x * (3 - 2 * x)
  }

  static func judged(
    _ stream: inout RandomStream, _ diameter: @escaping (Double) -> Double, _ place: (Double) -> SIMD2<Double>
  ) -> ScoreDocument {
    room.judged([room.track(&stream, outline: { (SIMD2(repeating: diameter($0)), 0) }, place)])
  }

  @Test("a ball that halves or grows on a straight, even way is told, when it happens", arguments: [0.5, 0.65, 1.6])
  func changes(factor: Double) {
    let sample = LawSample("rigidity", seeds: 20) { stream in
      Self.judged(&stream, { 20 * (1 + (factor - 1) * Self.smooth(($0 - 0.9) / 0.3)) }) { SIMD2(40 + 170 * $0, 120 - 15 * $0) }
    }
    #expect(sample.findings.count == 20 && sample.alarms == 1)
    // It sets in at 0.9 s, slowly.
    #expect(sample.findings.allSatisfy { $0.violations.contains { (0.85...1.0).contains($0.from) && $0.to > 1.0 } })
  }

  @Test(
    "one that goes away steadily, or goes and stays away, looks smaller and slower: that is lawful",
    arguments: [0.25, 0.5, 0.9])
  func goesAway(rate: Double) {
    for lasting in [10.0, 0.4] {
      let sample = LawSample("rigidity", seeds: 20) { stream in
        func depth(_ t: Double) -> Double { 1 + rate * min(max(0, t - 0.8), lasting) }
        return Self.judged(&stream, { 24 / depth($0) }) { t in
          SIMD2(240, 160) + SIMD2(-200 + 170 * t, -30) / depth(t)
        }
      }
      #expect(sample.alarms == 0, "\(sample.findings.filter { !$0.violations.isEmpty })")
    }
  }

  @Test("what stays where it is may grow: flames and balloons do")
  func inPlace() {
    let sample = LawSample("rigidity", seeds: 10) { stream in
      Self.judged(&stream, { 20 * (1 + Self.smooth(($0 - 0.9) / 0.3)) }) { _ in SIMD2(240, 160) }
    }
    #expect(sample.alarms == 0)
  }
}
